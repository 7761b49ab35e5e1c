// Runs a scenario once on the wired line: rig, controller and gateway as processes, faults at their times, the truth at the end.
import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import type { Scenario } from "../../../../simulators/scenarios/scenario-schema.ts";
import { withFullSensors } from "../../../../simulators/virtual/full-sensors.ts";
import { codesOf } from "../../../../simulators/virtual/simulated-labels.ts";
import { DISK_ORDERS, giveOrders } from "../../../../simulators/wired/disk/orders.ts";
import type { WiredFault } from "../../../../simulators/wired/faults.ts";
import { localiseSite } from "../../../../simulators/wired/localise-site.ts";
import { imageFolder } from "../../../../simulators/wired/process-image.ts";
import { type Rig, startRig } from "../../../../simulators/wired/rig.ts";
import { scenarioPlan, staffOf } from "../../../../simulators/wired/scenario-plan.ts";
import { createRandom } from "../../../../simulators/world/random.ts";
import type { Site } from "../../../config/load.ts";
import { dataPlaces } from "../../../process/data-folder.ts";
import { type LiveClient, liveClient } from "../../../process/live-client.ts";
import { gatherEvidence } from "../../demo/evidence.ts";
import type { Interruption } from "../../demo/interruption.ts";
import { ready } from "../../demo/line-ready.ts";
import { runSite, type SiteProcesses } from "../../demo/site-processes.ts";
import { provedSite } from "../../proved-site.ts";
import { FaultClock } from "./fault-clock.ts";
import { MachineFaults } from "./machine-faults.ts";
import { wiredStaff } from "./wired-staff.ts";
import { judgeWired, type WiredRun } from "./wired-verdict.ts";

export interface WiredRunOptions {
  siteFolder: string;
  /** As it was proved; where it was taught to read the simulated labels, `isTaught`. */
  site: Site;
  isTaught: boolean;
  scenario: Scenario;
  faults: readonly WiredFault[];
  seed: number;
  /** Of this run: copy of the site, journal, release cache, log. */
  folder: string;
  interrupted: Interruption;
  /** Codes that a busy machine brings about by itself. */
  heldUp: ReadonlySet<string>;
}

const POLL_MS = 100;
/** So long before a belt is purged its traffic may begin: the first fault comes later than that. */
const PURGED_AFTER_S = 3.5;
const BELTS_WITHIN_MS = 60_000;
/** A last parcel's end, a last acknowledgement. */
const REST_WITHIN_MS = 10_000;

/** @throws when the line cannot be started, its processes end by themselves, or a fault could not be played */
export async function runWired(o: WiredRunOptions): Promise<WiredRun> {
  const { scenario, seed } = o;
  const site = withFullSensors(o.site, Object.keys(scenario.plant.containers));
  const trouble = troubles();
  const onTrouble = (message: string): void => trouble.say(new Error(`wired rig: ${message}`));
  const rig = await startRig({ site, seed, parcels: null, onTrouble, ...scenarioPlan(scenario) });
  const started: Started = { rig, trouble };
  try {
    return await runOnRig({ ...o, site }, started);
  } finally {
    started.end?.();
    started.live?.close();
    await started.processes?.stop();
    started.disk?.close();
    await rig.stop();
  }
}

/** What has to be ended, however the run ends. */
interface Started {
  rig: Rig;
  trouble: Troubles;
  processes?: SiteProcesses;
  live?: LiveClient;
  disk?: ReturnType<typeof giveOrders>;
  end?: () => void;
}

async function runOnRig(o: WiredRunOptions, started: Started): Promise<WiredRun> {
  const { rig, trouble } = started;
  const { scenario, seed, interrupted } = o;
  const gatewayPort = await freePort();
  const siteFolder = join(o.folder, "site");
  localise(o, { siteFolder, rig, gatewayPort });
  const site = proved(siteFolder);
  const { journalFolder } = dataPlaces(site.dataFolder);
  mkdirSync(journalFolder, { recursive: true }); // The live socket is named by it.
  const ordersFile = join(imageFolder(), `coline-disk-${process.pid}-${seed}-${gatewayPort}`);
  const disk = giveOrders(ordersFile);
  started.disk = disk;
  const processes = runSite({ siteFolder, logFile: join(o.folder, "coline.log"), env: diskEnvironment(ordersFile) });
  started.processes = processes;
  const live = liveClient({ journalFolder });
  started.live = live;
  const dies = processes.ended.then((code) => {
    throw new Error(`controller and gateway ended by themselves, exit code ${code}: see ${processes.logFile}`);
  });
  dies.catch(() => {
    // At the end they are told to; whoever waits before sees it.
  });
  const orBroken = <T>(work: Promise<T>): Promise<T> =>
    Promise.race([work, interrupted.promise, dies, trouble.promise]);

  await orBroken(processes.gatewayUrl);
  await rig.connectFeed({ host: "127.0.0.1", port: gatewayPort, token: null });
  await orBroken(ready(live, rig));
  if (!(await orBroken(within(BELTS_WITHIN_MS, () => almostPurged(rig))))) throw new Error("the belts do not run");
  await rig.startTraffic();
  const machine = new MachineFaults({ processes, disk, random: createRandom(seed).fork("power loss") });
  const faults = new FaultClock(o.faults, { rig, machine });
  faults.trouble.catch(trouble.say);
  const sendHome = wiredStaff({ staff: staffOf(scenario), live, rig, layout: site.layout, trouble: trouble.say });
  started.end = () => {
    faults.stop();
    sendHome();
  };
  const limitMs = (2 * scenario.durationS + 60) * 1000;
  const finished = await orBroken(within(limitMs, async () => (await rig.status()).isDone));
  const hasEnds = async (): Promise<boolean> =>
    live.newest()?.state.line.belts.every(({ items }) => items.length === 0) ?? false;
  const isComplete = finished && (await orBroken(within(REST_WITHIN_MS, hasEnds)));
  await orBroken(within(REST_WITHIN_MS, async () => (await rig.status()).feed?.waiting === 0));
  started.end();
  live.close();
  const overNs = process.hrtime.bigint();
  const exitCode = await processes.stop();
  return judgeWired({
    ...{ seed, finished, exitCode, overNs, heldUp: o.heldUp },
    evidence: { ...(await gatherEvidence(rig, journalFolder)), isComplete },
    status: await rig.status(),
    epochNs: BigInt(rig.addresses.epochNs),
    planned: o.faults,
    faults,
  });
}

async function almostPurged(rig: Rig): Promise<boolean> {
  const { belts } = await rig.status();
  return rig.plan.world.belts.every(({ id, lengthUm, speedUmPerS }) => {
    const travelUm = belts.find((belt) => belt.id === id)?.travelUm ?? 0;
    return travelUm >= lengthUm - PURGED_AFTER_S * speedUmPerS;
  });
}

function localise(o: WiredRunOptions, to: { siteFolder: string; rig: Rig; gatewayPort: number }): void {
  const { devices, scanners } = to.rig.addresses;
  const sensors = o.site.chutes.chutes.flatMap(({ id, fullInput }) =>
    id in o.scenario.plant.containers && fullInput !== undefined ? [[id, fullInput] as const] : [],
  );
  localiseSite(o.siteFolder, to.siteFolder, {
    ...{ devices, scanners, dataFolder: "data", gatewayPort: to.gatewayPort },
    fullInputs: Object.fromEntries(sensors),
    ...(o.isTaught ? { codes: codesOf(o.site) } : {}),
  });
}

function proved(folder: string): Site {
  const loaded = provedSite(folder);
  if (!loaded.ok) throw new Error(`the copy of the site does not pass the check:\n${loaded.report}`);
  return loaded.site;
}

/** The controller gets a disk that can be slow or full; the sources run as .ts, a build as .js. */
function diskEnvironment(ordersFile: string): Record<string, string> {
  const up = "../../../../simulators/wired/disk/preload";
  const ending = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  const preload = new URL(`${up}${ending}`, import.meta.url).href;
  const others = process.env["NODE_OPTIONS"] ?? "";
  return { [DISK_ORDERS]: ordersFile, NODE_OPTIONS: `${others} --import=${preload}`.trim() };
}

interface Troubles {
  /** Rejects with the first. */
  promise: Promise<never>;
  say(error: Error): void;
}

function troubles(): Troubles {
  let say = (_: Error): void => undefined;
  const promise = new Promise<never>((_, reject) => {
    say = reject;
  });
  promise.catch(() => {
    // Nobody may be waiting just now; whoever waits next sees it.
  });
  return { promise, say };
}

/** @returns whether it came to hold in time */
async function within(ms: number, holds: () => Promise<boolean>): Promise<boolean> {
  const byMs = performance.now() + ms;
  while (!(await holds())) {
    if (performance.now() > byMs) return false;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return true;
}

/** Customs finds the gateway again after a restart. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
