// `npm run bench:latency`: how long a parcel's command takes from its telegram's last byte to the gate, idle and under load.
import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
} from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { dataPlaces } from "../../src/process/data-folder.ts";
import { realTimePrefix } from "../../src/process/real-time.ts";
import { systemClock } from "../../src/releases/clock.ts";
import { openReleaseStore } from "../../src/releases/store.ts";
import { buildReleases } from "./build-releases.ts";
import { type CaseFigures, figuresOf, remarks, tableHead, tableRow } from "./latency/figures.ts";
import { type FireFigures, fireReport, LineStood, measureFire } from "./latency/fire.ts";
import { keepFeedAlive, loadGateway, stages } from "./latency/gateway-load.ts";
import {
  type Devices,
  memoryOf,
  saturateCores,
  startBareLoop,
  startController,
  startDevices,
  startGateway,
} from "./latency/processes.ts";
import { measureRestarts, PARCELS_PER_RESTART, type RestartFigures, restartReport } from "./latency/restart.ts";
import { COMMAND_WIRE_MS } from "./latency/serial-plc.ts";
import { type BenchBus, writeSite } from "./latency/site.ts";
import { RECORDS } from "./latency/waybills.ts";

const usage = `usage: npm run bench:latency [-- options]
  --parcels N      parcels of each saturated case (6000; the bound is stated over 50000)
  --idle N         parcels of each idle case (3000)
  --only NAMES     some cases: idle-20,idle-100,saturated,saturated-normal,restart,rtu-idle,rtu-saturated,fire;
                   rtu: both over Modbus RTU; opcua: opcua-idle,opcua-saturated, both over OPC UA
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

interface Case {
  name: string;
  bus: BenchBus;
  ratePerS: number;
  isSaturated: boolean;
  isRealTime: boolean;
}

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
/** Names for all cases of one bus. */
const BUSES: readonly BenchBus[] = ["rtu", "opcua"];
/** Not measured: code is compiled, pages are read, the unknown stretch of a start rides off the belts. */
const WARM_UP_PARCELS = 500;
const READY_WITHIN_MS = 60_000;

/** With --json the figures for people go beside the object, not before it. */
const print = (line: string): void => void (values.json ? say(`${line}\n`) : console.log(line));
const say = (text: string): void => void process.stderr.write(text);

if (values.help) {
  console.log(usage);
  process.exit(0);
}
/** The cache of the first bus: the next one begins with what it has left, which its parcels do not need. */
let builtFile: string | null = null;
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
  const fire = wants(FIRE) ? await measuredFire() : null;
  if (fire !== null) for (const line of fireReport(fire)) print(line);
  const others = { ...(restart === null ? {} : { restart }), ...(fire === null ? {} : { fire }) };
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
  if (wantedCases().length > 0) {
    const what = "reaction in ms: last byte of a telegram to the complete command at the gate's device";
    print(`${what}; bare: no logic between\n`);
    print(tableHead());
  }
  let firstParcel = 0;
  for (const bus of ["tcp", ...BUSES] as const) {
    const cases = wantedCases().filter((each) => each.bus === bus);
    const isRestartWanted = bus === "tcp" && wants(RESTART);
    if (cases.length > 0 || isRestartWanted)
      firstParcel = await measureBus({ bus, cases, isRestartWanted, noRealTime, firstParcel, found });
  }
  return found;
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
  const dataFolder = join(place, "data");
  await prepareReleases(dataPlaces(dataFolder).releaseFile);
  const links = join(place, "ttys");
  mkdirSync(links);
  const devices = await startDevices(links, bus);
  const site = join(place, "site");
  writeSite(site, { ...devices.listening, bus, dataFolder });
  const gateway = await startGateway(site);
  const stopHeartbeat = keepFeedAlive(gateway.url);
  const logFile = join(place, "controller.log");
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
    found.cases.push(await measure({ each, devices, site, url: gateway.url, parcels, firstParcel, logFile }));
    firstParcel += parcels + WARM_UP_PARCELS;
  }
  if (o.isRestartWanted) {
    found.restart = await measuredRestarts({ devices, site, firstParcel, logFile });
    print(restartReport(found.restart));
    firstParcel += wholeNumber("restarts") * PARCELS_PER_RESTART;
  }
  await stopHeartbeat();
  await gateway.stop();
  await devices.stop();
  return firstParcel;
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

async function measure(o: {
  each: Case;
  devices: Devices;
  site: string;
  url: string;
  parcels: number;
  firstParcel: number;
  logFile: string;
}): Promise<CaseFigures> {
  const { each, devices, parcels, firstParcel } = o;
  const { bare } = devices.listening;
  const controller = startController(o.site, {
    realTime: each.isRealTime,
    nodeFlags: nodeFlags(),
    logFile: o.logFile,
  });
  const bareLoop = startBareLoop({ ...bare, file: join(folder, "bare"), realTime: each.isRealTime });
  await devices.ready(READY_WITHIN_MS);
  const hogs = each.isSaturated ? saturateCores() : [];
  const load = each.isSaturated ? loadGateway(o.url) : null;

  const record = await devices.shift({ ratePerS: each.ratePerS, parcels, warmUp: WARM_UP_PARCELS, firstParcel });
  const disk = await bareLoop.disk();
  const memory = memoryOf(controller);
  const wireMs = each.bus === "rtu" ? COMMAND_WIRE_MS : null;
  const about = { case: each.name, rate: each.ratePerS, wireMs };
  const figures = figuresOf({ ...about, record, disk, memory, load: loadavg()[0] ?? 0 });
  print(tableRow(figures));
  for (const remark of remarks(figures, record)) print(`  ${remark}`);
  print(
    `  controller memory: ${memory.ownMb.toFixed(0)} MB of its own, ${memory.mappedMb.toFixed(0)} MB of mapped files`,
  );
  if (load !== null) print(`  gateway meanwhile: ${JSON.stringify(load.counts)}`);

  for (const hog of hogs) await hog.stop();
  if (values.stages) for (const line of await stages(o.url)) print(`  ${line}`);
  await load?.stop();
  await controller.stop();
  await bareLoop.stop();
  return figures;
}

function nodeFlags(): string[] {
  return values.node.split(" ").filter((flag) => flag !== "");
}

function wants(name: string): boolean {
  return values.only?.split(",").includes(name) ?? true;
}

function wantedCases(): readonly Case[] {
  const known = [...CASES.map(({ name }) => name), ...BUSES, RESTART, FIRE];
  const unknown = values.only?.split(",").find((name) => !known.includes(name));
  if (unknown !== undefined) throw new RangeError(`there is no case "${unknown}"\n${usage}`);
  return CASES.filter(({ name, bus }) => wants(name) || (BUSES.includes(bus) && wants(bus)));
}

/** Ten million records, of which this run spends some: a copy, so that a kept file stays as it was built. */
async function prepareReleases(file: string): Promise<void> {
  mkdirSync(join(file, ".."), { recursive: true });
  const built = values.releases ?? builtFile ?? file;
  builtFile = built;
  if (!existsSync(built)) {
    const onProgress = (done: number): void => {
      if (done % 1_000_000 === 0) say(`\rbuilding ${built}: ${done} of ${RECORDS} records`);
    };
    await buildReleases({ file: built, records: RECORDS, nowMs: Date.now(), onProgress });
    say("\n");
  }
  if (built !== file) copyFileSync(built, file, constants.COPYFILE_FICLONE);
  syncFile(file);
  const store = openReleaseStore(file, systemClock());
  await store.restartCursor(); // This run's journal begins anew.
  await store.close();
}

/** What the kernel would write behind would be measured as the journal's. */
function syncFile(file: string): void {
  const fd = openSync(file, "r");
  fsyncSync(fd);
  closeSync(fd);
}

function wholeNumber(option: "parcels" | "idle" | "fire" | "restarts"): number {
  const number = Number(values[option]);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new RangeError(`--${option} ${values[option]}: a whole number above 0 is needed\n${usage}`);
}
