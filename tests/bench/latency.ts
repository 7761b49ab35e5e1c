// `npm run bench:latency`: how long a parcel's command takes from its telegram's last byte to the gate, idle and under load.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { dataPlaces } from "../../src/process/data-folder.ts";
import { realTimePrefix } from "../../src/process/real-time.ts";
import { type BesideFigures, type BesideSite, MODBUS_BELTS, measureBeside, OPCUA_BELTS } from "./latency/beside.ts";
import { type CaseFigures, remarks, tableHead, tableRow } from "./latency/figures.ts";
import { type FireFigures, fireReport, LineStood, measureFire } from "./latency/fire.ts";
import { keepFeedAlive } from "./latency/gateway-load.ts";
import { GC_WATCH, gcFigures, gcText } from "./latency/gc-pauses.ts";
import type { ShiftRecord } from "./latency/messages.ts";
import { type Devices, startBareLoop, startController, startDevices, startGateway } from "./latency/processes.ts";
import { ReleaseCopies } from "./latency/release-copies.ts";
import { measureRestarts, PARCELS_PER_RESTART, type RestartFigures, restartReport } from "./latency/restart.ts";
import { type Case, figuresOfCase, parcelsOf, runCase } from "./latency/run-case.ts";
import { COMMAND_WIRE_MS } from "./latency/serial-plc.ts";
import { type BeltGroup, type BenchBus, writeSite } from "./latency/site.ts";

const usage = `usage: npm run bench:latency [-- options]
  --parcels N      parcels of each saturated case (6000; the bound is stated over 50000)
  --idle N         parcels of each idle case (3000)
  --only NAMES     some cases: idle-20,idle-100,saturated,saturated-normal,restart,rtu-idle,rtu-saturated,fire;
                   rtu: both over Modbus RTU; opcua: opcua-idle,opcua-saturated, both over OPC UA;
                   beside-opcua: Modbus TCP alone and beside OPC UA in the same controller, only when it is asked for
  --rounds N       how often each column of beside-opcua is measured, in turn (2)
  --restarts N     how often the controller is killed and started again in the case restart (5)
  --fire N         parcels of the fire error's case, on the example site (200)
  --releases FILE  take a copy of this release cache of ten million records; made there when it is missing
  --folder DIR     where site, journal and cache lie while it runs (a temporary folder); must be on a real disk
  --node=FLAGS     further Node flags for the controller, e.g. --node="--cpu-prof --cpu-prof-dir=/tmp/prof"
  --stages         also print how long each stage took by the controller's own metrics
  --keep           leave that folder where it is, with journal and log
  --json           end with one object of figures, in ms`;

const { values } = parseArgs({
  options: {
    parcels: { type: "string", default: "6000" },
    idle: { type: "string", default: "3000" },
    fire: { type: "string", default: "200" },
    restarts: { type: "string", default: "5" },
    rounds: { type: "string", default: "2" },
    only: { type: "string" },
    releases: { type: "string" },
    folder: { type: "string" },
    node: { type: "string", default: "" },
    stages: { type: "boolean", default: false },
    keep: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const CASES: readonly Case[] = [
  { name: "idle-20", bus: "tcp", ratePerS: 20, isSaturated: false, isRealTime: true },
  { name: "idle-100", bus: "tcp", ratePerS: 100, isSaturated: false, isRealTime: true },
  { name: "saturated", bus: "tcp", ratePerS: 100, isSaturated: true, isRealTime: true },
  { name: "saturated-normal", bus: "tcp", ratePerS: 100, isSaturated: true, isRealTime: false },
  { name: "rtu-idle", bus: "rtu", ratePerS: 20, isSaturated: false, isRealTime: true },
  { name: "rtu-saturated", bus: "rtu", ratePerS: 20, isSaturated: true, isRealTime: true },
  { name: "opcua-idle", bus: "opcua", ratePerS: 20, isSaturated: false, isRealTime: true },
  { name: "opcua-saturated", bus: "opcua", ratePerS: 20, isSaturated: true, isRealTime: true },
];
const FIRE = "fire";
const RESTART = "restart";
const BESIDE = "beside-opcua";
/** Names for all cases of one bus. */
const BUSES: readonly BenchBus[] = ["rtu", "opcua"];

/** With --json the figures for people go beside the object, not before it. */
const print = (line: string): void => void (values.json ? say(`${line}\n`) : console.log(line));
const say = (text: string): void => void process.stderr.write(text);

if (values.help) {
  console.log(usage);
  process.exit(0);
}
const releases = new ReleaseCopies(values.releases ?? null, say);
const folder = mkdtempSync(join(values.folder ?? tmpdir(), "coline-latency-"));
try {
  await bench();
} finally {
  if (!values.keep) rmSync(folder, { recursive: true, force: true });
  else say(`kept: ${folder}\n`);
}
process.exit(0);

async function bench(): Promise<void> {
  const isReactionWanted = wantedCases().length > 0 || wants(RESTART);
  const { cases, restart } = isReactionWanted ? await measureReaction() : { cases: [], restart: null };
  const beside = values.only !== undefined && wants(BESIDE) ? await measuredBeside() : null;
  const fire = wants(FIRE) ? await measuredFire() : null;
  if (fire !== null) for (const line of fireReport(fire)) print(line);
  const others = {
    ...(restart === null ? {} : { restart }),
    ...(beside === null ? {} : { beside }),
    ...(fire === null ? {} : { fire }),
  };
  if (values.json) console.log(JSON.stringify({ cases, ...others }));
}

/** A simulated line that was held up says nothing of the fire error; the other figures are good all the same. */
async function measuredFire(): Promise<FireFigures | null> {
  try {
    return await measureFire({ folder, parcels: wholeNumber("fire") });
  } catch (error) {
    if (!(error instanceof LineStood)) throw error;
    print(`fire: not measured: ${error.message}`);
    return null;
  }
}

async function measureReaction(): Promise<{ cases: CaseFigures[]; restart: RestartFigures | null }> {
  const noRealTime = realTimePrefix().reason;
  if (noRealTime !== "") say(`${noRealTime}\n`);
  const found: { cases: CaseFigures[]; restart: RestartFigures | null } = { cases: [], restart: null };
  if (wantedCases().length > 0) printHead();
  let firstParcel = 0;
  for (const bus of ["tcp", ...BUSES] as const) {
    const cases = wantedCases().filter((each) => each.bus === bus);
    const isRestartWanted = bus === "tcp" && wants(RESTART);
    if (cases.length > 0 || isRestartWanted)
      firstParcel = await measureBus({ bus, cases, isRestartWanted, noRealTime, firstParcel, found });
  }
  return found;
}

function printHead(): void {
  const what = "reaction in ms: last byte of a telegram to the complete command at the gate's device";
  print(`${what}; bare: no logic between\n`);
  print(tableHead());
}

/** Devices on this bus, a site and a gateway for them, and one case after the other. @returns the next parcel's number */
async function measureBus(o: {
  bus: BenchBus;
  cases: readonly Case[];
  isRestartWanted: boolean;
  noRealTime: string;
  firstParcel: number;
  found: { cases: CaseFigures[]; restart: RestartFigures | null };
}): Promise<number> {
  const { bus, noRealTime, found } = o;
  const place = join(folder, bus);
  const devices = await startDevices(links(place), { bus });
  const { site, start, logFile } = prepareSite(place, [devices.group], await prepareData(place));
  const gateway = await start();
  if (bus === "rtu" && o.cases.length > 0)
    print(
      `rtu: up to the command's last byte handed to the line; the wire adds ${COMMAND_WIRE_MS.toFixed(2)} ms at 115200 baud`,
    );
  if (bus === "opcua" && o.cases.length > 0)
    print("opcua: up to the moment at which the server has decoded the call and hands it to its program");
  let { firstParcel } = o;
  for (const each of o.cases) {
    if (each.isSaturated && each.isRealTime && noRealTime !== "") {
      print(`${each.name}: left out: ${noRealTime}`);
      continue;
    }
    const parcels = wholeNumber(each.isSaturated ? "parcels" : "idle");
    // What an OPC UA client leaves to the collector of garbage is told; a Modbus path is measured as it runs.
    const watched =
      bus === "opcua"
        ? { gcFile: join(folder, `gc-${each.name}.json`), nodeFlags: [...nodeFlags(), GC_WATCH] }
        : { nodeFlags: nodeFlags() };
    const at = { devices, site, url: gateway.url, folder, logFile, ...watched };
    const measured = await runCase(each, at, { parcels, firstParcel, withStages: values.stages });
    const figures = figuresOfCase(each, measured);
    printCase(figures, measured.record);
    if (bus === "opcua") print(`  ${gcText(gcFigures({ pauses: measured.pauses, spans: [measured.span] }))}`);
    if (measured.gateway !== null) print(`  gateway meanwhile: ${JSON.stringify(measured.gateway)}`);
    for (const line of measured.stages) print(`  ${line}`);
    found.cases.push(figures);
    firstParcel += parcelsOf(parcels);
  }
  if (o.isRestartWanted) {
    found.restart = await measuredRestarts({ devices, site, firstParcel, logFile });
    print(restartReport(found.restart));
    firstParcel += wholeNumber("restarts") * PARCELS_PER_RESTART;
  }
  await gateway.stop();
  await devices.stop();
  return firstParcel;
}

function printCase(figures: CaseFigures, record: ShiftRecord): void {
  const { memory } = figures;
  print(tableRow(figures));
  for (const remark of remarks(figures, record)) print(`  ${remark}`);
  print(
    `  controller memory: ${memory.ownMb.toFixed(0)} MB of its own, ${memory.mappedMb.toFixed(0)} MB of mapped files`,
  );
}

/** The same belts on Modbus TCP, in a site of their own and in one with belts behind OPC UA. */
async function measuredBeside(): Promise<BesideFigures[]> {
  const place = join(folder, BESIDE);
  const devices = await startDevices(links(join(place, "modbus")), { bus: "tcp", belts: MODBUS_BELTS });
  const besides = { bus: "opcua", belts: OPCUA_BELTS, beside: { first: MODBUS_BELTS } } as const;
  const opcua = await startDevices(links(join(place, "opcua")), besides);
  const noRealTime = realTimePrefix().reason;
  if (noRealTime !== "") print(`${BESIDE}: not saturated: ${noRealTime}`);
  print(
    `\n${MODBUS_BELTS} belts on Modbus TCP, alone and beside ${OPCUA_BELTS} belts behind OPC UA in the same controller\n`,
  );
  print(tableHead());
  // One journal for both: its numbers are the commands' sequences, and a PLC refuses those that do not go on where it stands.
  const dataFolder = await prepareData(place);
  const columns = await measureBeside({
    ...{ devices, opcua, folder, nodeFlags: nodeFlags(), rounds: wholeNumber("rounds"), firstParcel: 0 },
    alone: { name: "alone", ...prepareSite(join(place, "alone"), [devices.group], dataFolder) },
    beside: { name: "beside-opcua", ...prepareSite(join(place, "beside"), [devices.group, opcua.group], dataFolder) },
    parcels: { idle: wholeNumber("idle"), saturated: wholeNumber("parcels") },
    canSaturate: noRealTime === "",
    onPart: (text) => say(`measured: ${text}\n`),
  });
  for (const { figures, record } of columns) {
    printCase(figures, record);
    print(`  ${gcText(figures.gc)}`);
  }
  await devices.stop();
  await opcua.stop();
  return columns.map(({ figures }) => figures);
}

async function measuredRestarts(o: {
  devices: Devices;
  site: string;
  firstParcel: number;
  logFile: string;
}): Promise<RestartFigures> {
  const { devices, firstParcel, logFile } = o;
  const start = () => startController(o.site, { realTime: true, nodeFlags: nodeFlags(), logFile, isBuilt: true });
  const bareLoop = startBareLoop({ ...devices.listening.bare, file: join(folder, "bare"), realTime: true });
  const figures = await measureRestarts({ restarts: wholeNumber("restarts"), firstParcel, devices, start });
  await bareLoop.stop();
  return figures;
}

function links(place: string): string {
  const made = join(place, "ttys");
  mkdirSync(made, { recursive: true });
  return made;
}

/** A data folder with a release cache of its own. */
async function prepareData(place: string): Promise<string> {
  const dataFolder = join(place, "data");
  await releases.prepare(dataPlaces(dataFolder).releaseFile);
  return dataFolder;
}

/** A site of these belts. */
function prepareSite(place: string, groups: readonly BeltGroup[], dataFolder: string): Omit<BesideSite, "name"> {
  const site = join(place, "site");
  writeSite(site, { groups, dataFolder });
  const start = async () => {
    const gateway = await startGateway(site);
    const stopHeartbeat = keepFeedAlive(gateway.url);
    const stop = async (): Promise<void> => {
      await stopHeartbeat();
      await gateway.stop();
    };
    return { url: gateway.url, stop };
  };
  return { site, logFile: join(place, "controller.log"), start };
}

function nodeFlags(): string[] {
  return values.node.split(" ").filter((flag) => flag !== "");
}

function wants(name: string): boolean {
  return values.only?.split(",").includes(name) ?? true;
}

function wantedCases(): readonly Case[] {
  const known = [...CASES.map(({ name }) => name), ...BUSES, RESTART, FIRE, BESIDE];
  const unknown = values.only?.split(",").find((name) => !known.includes(name));
  if (unknown !== undefined) throw new RangeError(`there is no case "${unknown}"\n${usage}`);
  return CASES.filter(({ name, bus }) => wants(name) || (BUSES.includes(bus) && wants(bus)));
}

function wholeNumber(option: "parcels" | "idle" | "fire" | "restarts" | "rounds"): number {
  const number = Number(values[option]);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new RangeError(`--${option} ${values[option]}: a whole number above 0 is needed\n${usage}`);
}
