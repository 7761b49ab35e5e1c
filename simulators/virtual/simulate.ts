// The virtual line: world, simulated PLCs, bus, disk, customs and the product's controller on one clock and one seed.
import { layoutHash } from "../../src/config/layout-hash.ts";
import type { Site } from "../../src/config/load.ts";
import type { JournalLimits } from "../../src/journal/limits.ts";
import { createLine } from "../../src/line/core.ts";
import type { LineEntry } from "../../src/line/entry.ts";
import type { LineInput, LineSnapshot } from "../../src/line/step.ts";
import type { PlannedFault } from "../scenarios/planned-fault.ts";
import type { Staff } from "../scenarios/staff.ts";
import { planRig, RIG_DEFAULTS, type RigPlanOptions } from "../wired/plan.ts";
import type { Tracker } from "../wired/plc/tracker.ts";
import type { Incident } from "../world/incidents.ts";
import { createRandom } from "../world/random.ts";
import { createTraffic } from "../world/traffic.ts";
import type { Truth } from "../world/truth.ts";
import { World } from "../world/world.ts";
import { type Due, virtualClock } from "./clock.ts";
import { emptySnapshot } from "./empty-snapshot.ts";
import { FaultInjector } from "./fault-injector.ts";
import { lastEntryIn } from "./last-entry.ts";
import { type BenchArrival, plcBench } from "./plc-bench.ts";
import { VIRTUAL_JOURNAL, type VirtualController, virtualController } from "./virtual-controller.ts";
import { virtualCustoms } from "./virtual-customs.ts";
import { type DiskImage, type VirtualDisk, virtualDisk } from "./virtual-disk.ts";
import { virtualLoop } from "./virtual-loop.ts";
import { virtualStaff } from "./virtual-staff.ts";

const MS = 1_000_000;
/** The world's step and the cycle of every simulated PLC. */
const STEP_NS = 1 * MS;
/** More than any belt carries at once. */
const KEPT_OF_A_LONG_RUN = 5_000;

export interface SimulationOptions {
  site: Site;
  /** Each chute has to be proved by a test parcel; left out: the plant is a simulated one, whatever the site says. */
  mustCommission?: boolean;
  seed: number;
  /** Other delays of bus, disk and feed, with the same parcels; left out: those of the seed. */
  delays?: number;
  /** Per belt; null: until the traffic's own end. */
  parcels: number | null;
  plan?: Partial<Omit<RigPlanOptions, "seed" | "parcels">>;
  faults?: readonly VirtualFault[];
  /** What goes wrong in a PLC that tracks, and when. */
  trackerTrouble?: readonly { atNs: number; deviceId: string; make(tracker: Tracker): void }[];
  /** Given to the controller as they are: what no part of the simulation says by itself. */
  inputs?: readonly { atNs: number; input: LineInput }[];
  /** What befalls parcels, and when. */
  incidents?: readonly { atNs: number; incident: Incident }[];
  /** A run that does not come to its end by then is cut off; ns. */
  limitNs?: number;
  /** Sync of the disk takes this long, ns. */
  syncNs?: (drawn: number) => number;
  /** Every step of world and PLCs one by one, as a check of those that are left out; the run must be the same. */
  everyStep?: boolean;
  /** Of entries, their durability, arrivals, closed segments and old parcels nothing is kept: for runs of a whole day. */
  keepsNothing?: boolean;
  /** Each entry as it is appended, kept or not. */
  onEntry?: (entry: LineEntry, virtualNs: number) => void;
  /** A journal that is there already: a plant that was changed, or goes on the next day. */
  image?: DiskImage;
  journalLimits?: Partial<JournalLimits>;
  /** Each segment once it is closed. */
  onClosed?: (name: string, bytes: Buffer) => void;
  onDurable?: (upToEntry: number, virtualNs: number) => void;
  onArrival?: (arrival: BenchArrival) => void;
  /** Customs falls silent, or speaks again. */
  onFeed?: (isSilent: boolean, virtualNs: number) => void;
  /** Every so often the truth of what is over for a while is handed over, and forgotten. */
  slices?: { everyNs: number; settledNs: number; take(slice: Truth): void };
  /** The run is cut off when it says so; asked about once a simulated second. */
  isOver?: () => boolean;
  /** Spendings that are carried over at a time; left out: so many that a run of an hour has none. */
  carriedFrom?: number;
  /** People who fetch late holds back and change full containers. */
  staff?: Staff;
  /** Makes the core of each run; the product's own, unless told otherwise. */
  core?: typeof createLine;
}

export type VirtualFault = PlannedFault;

export interface Simulated {
  truth: Truth;
  /** All entries over all runs; `atNs` is of their run, `virtualNs` of the simulation. */
  entries: readonly { entry: LineEntry; virtualNs: number }[];
  /** When each entry was on the disk, by its number. */
  durableNs: ReadonlyMap<number, number>;
  arrivals: readonly BenchArrival[];
  snapshot: LineSnapshot;
  disk: DiskImage;
  finished: boolean;
  endedNs: number;
  /** How often each kind of fault was really injected. */
  injected: Readonly<Record<string, number>>;
  /** Readings that failed because a scanner was weak or dead. */
  spoiledReads: number;
}

/** Its hash names what it says: another layout, where it was to be commissioned. */
function simulatedPlant(site: Site): Site {
  const { commissioning, hash: _, ...layout } = site.layout;
  return commissioning === undefined ? site : { ...site, layout: { ...layout, hash: layoutHash(layout) } };
}

export function simulate(o: SimulationOptions): Simulated {
  const site = o.mustCommission === true ? o.site : simulatedPlant(o.site);
  const rig = planRig(site, {
    ...RIG_DEFAULTS,
    scannerLink: ({ id }) => id,
    ...o.plan,
    seed: o.seed,
    parcels: o.parcels,
  });
  const random = createRandom(o.seed).fork(o.delays === undefined ? "virtual" : `virtual ${o.delays}`);
  const clock = virtualClock();
  const sources = new Map(rig.traffic.map((plan) => [plan.beltId, createTraffic(plan)]));
  const world = new World(rig.world, sources, {
    everyStep: o.everyStep ?? false,
    ...(o.keepsNothing === true ? { kept: KEPT_OF_A_LONG_RUN } : {}),
  });
  const entries: { entry: LineEntry; virtualNs: number }[] = [];
  const durableNs = new Map<number, number>();
  const arrivals: BenchArrival[] = [];
  let durableUpTo = 0;
  let slowSyncNs: number | null = null;
  let deaths = 0;
  let controller: VirtualController | null = null;
  let tickNs = 0;
  let dueTick: Due | null = null;

  const loop = virtualLoop(clock);
  const bench = plcBench({
    clock,
    world,
    plans: rig.plcs,
    stepNs: STEP_NS,
    everyStep: o.everyStep ?? false,
    onArrival(arrival) {
      o.onArrival?.(arrival);
      if (o.keepsNothing !== true) arrivals.push(arrival);
    },
    before: () => catchUp(),
    after(isRead) {
      if (!isRead) tickInTime();
    },
    jitterNs: () => random.integer(0, 300_000),
  });
  /** As the disk has it: the journal's own word is one of the things that are judged. */
  const durable = (n: number): void => {
    o.onDurable?.(n, clock.nowNs());
    customs.durable(n);
    if (o.keepsNothing === true) return;
    for (let entry = durableUpTo + 1; entry <= n; entry++) durableNs.set(entry, clock.nowNs());
    durableUpTo = Math.max(durableUpTo, n);
  };
  const newDisk = (image?: DiskImage): VirtualDisk =>
    virtualDisk({
      later(operation, answer) {
        const drawn = random.integer(100_000, 700_000);
        const normal = o.syncNs?.(drawn) ?? drawn;
        clock.after(operation === "fdatasync" ? (slowSyncNs ?? normal) : 20_000, () => loop.whenAwake(answer));
      },
      forgetsClosed: o.keepsNothing ?? false,
      onSynced(bytes) {
        const n = lastEntryIn(bytes);
        if (n !== null) durable(n);
      },
      ...(o.onClosed === undefined ? {} : { onClosed: o.onClosed }),
      ...(image === undefined ? {} : { image }),
    });
  let disk = newDisk(o.image);
  const customs = virtualCustoms({
    clock,
    world,
    delayNs: () => random.integer(1 * MS, 30 * MS),
    onSilence: (isSilent) => o.onFeed?.(isSilent, clock.nowNs()),
    hint(waybill) {
      controller?.feed({ kind: "releaseHint", waybills: [waybill] });
      return controller !== null;
    },
    journalId: VIRTUAL_JOURNAL,
    ...(o.carriedFrom === undefined ? {} : { carriedFrom: o.carriedFrom }),
  });
  const start = (): void => {
    controller = virtualController({
      site,
      clock,
      disk,
      releases: customs,
      links: bench.links,
      loop,
      core: o.core ?? createLine,
      ...(o.journalLimits === undefined ? {} : { journalLimits: o.journalLimits }),
      onEntry(entry) {
        o.onEntry?.(entry, clock.nowNs());
        customs.follow(entry);
        staff?.see(entry);
        if (o.keepsNothing !== true) entries.push({ entry, virtualNs: clock.nowNs() });
      },
      onFatal: () => restart("kill"),
    });
  };
  const restart = (how: "kill" | "powerLoss"): void => {
    controller?.kill();
    controller = null;
    loop.restart();
    const draw = (max: number): number => random.integer(0, max);
    const image = how === "kill" ? disk.kill(draw) : disk.crash(draw);
    // Entries that did not survive never were: their numbers are given anew.
    disk = newDisk(image);
    deaths += 1;
    const mine = deaths;
    // Killed again before it came back: only the last start counts.
    clock.after(300 * MS, () => {
      if (mine === deaths) start();
    });
  };
  for (const { atNs, deviceId, make } of o.trackerTrouble ?? [])
    clock.at(atNs, () => {
      catchUp();
      const tracker = bench.tracker(deviceId);
      if (tracker !== null) make(tracker);
      tickInTime();
    });
  for (const { atNs, incident } of o.incidents ?? [])
    clock.at(atNs, () => {
      catchUp();
      world.incident(incident);
      tickInTime();
    });
  for (const { atNs, input } of o.inputs ?? []) clock.at(atNs, () => controller?.feed(input));
  const gateDevices = new Map(site.layout.belts.flatMap(({ gates }) => gates.map((gate) => [gate.id, gate.deviceId])));
  const staff =
    o.staff === undefined
      ? null
      : virtualStaff({
          ...o.staff,
          clock,
          feed: (input) => controller?.feed(input),
          nowNs: () => controller?.nowNs() ?? 0,
          changeContainer(chuteId) {
            catchUp();
            world.changeContainer(chuteId);
            tickInTime();
          },
          canTest: (gateId) => bench.isAwake(gateDevices.get(gateId) ?? ""),
          clearSafeEnd(beltId) {
            catchUp();
            const end = site.layout.belts.find(({ id }) => id === beltId)?.eyes.find(({ role }) => role === "end");
            if (end !== undefined) world.clear(beltId, end.atUm);
            tickInTime();
          },
        });
  const injector = new FaultInjector(
    {
      ...{ clock, world, bench, customs, restart, catchUp, tickInTime },
      syncNs(slowNs) {
        slowSyncNs = slowNs;
      },
      stall: (forNs) => loop.stall(forNs),
      fillDisk: (isFull) => disk.setCapacity(isFull ? 0 : Number.POSITIVE_INFINITY),
      scanner: (scannerId, state) => controller?.feed({ kind: "scanner", scannerId, state }),
      silenceNs: (scannerId) => (site.line.scanners.find(({ id }) => id === scannerId)?.silenceMs ?? 0) * MS,
    },
    o.faults ?? [],
  );

  /** World and PLCs as of the last step by now: up to here every step and cycle has done no more than count and move. */
  function catchUp(): void {
    world.advance(clock.nowNs());
    bench.catchUp();
  }
  /** One step of the world, one cycle of each PLC, and what came of them. */
  function tick(): void {
    tickNs = Number.POSITIVE_INFINITY;
    world.advance(clock.nowNs());
    bench.cycle();
    for (const { scannerId, codes } of world.takeReads()) controller?.telegram(scannerId, codes);
    customs.pump();
    tickInTime();
  }
  /** The next tick comes when the world, a PLC or a scanner has something to do, on the grid of their steps. */
  function tickInTime(): void {
    const nextNs = Math.min(world.nextEventNs, world.nextReadNs, bench.nextScanNs());
    const atNs = Math.max(Math.floor(clock.nowNs() / STEP_NS) + 1, Math.ceil(nextNs / STEP_NS)) * STEP_NS;
    if (atNs >= tickNs) return;
    if (dueTick !== null) clock.takeBack(dueTick);
    tickNs = atNs;
    dueTick = clock.lastAt(atNs, tick);
  }
  start();
  clock.lastAt(0, tick);
  const limitNs = o.limitNs ?? 3600 * 1000 * MS;
  let sliceNs = o.slices?.everyNs ?? Number.POSITIVE_INFINITY;
  while (clock.nowNs() < limitNs && !world.isDone && o.isOver?.() !== true) {
    clock.runTo(Math.min(limitNs, clock.nowNs() + 1000 * MS));
    catchUp();
    if (o.slices === undefined || clock.nowNs() < sliceNs) continue;
    sliceNs += o.slices.everyNs;
    o.slices.take(world.takeTruth(clock.nowNs() - o.slices.settledNs));
  }
  const finished = world.isDone;
  clock.runTo(clock.nowNs() + 2000 * MS);
  catchUp();
  const snapshot = controller === null ? emptySnapshot : (controller as VirtualController).snapshot();
  const image = disk.kill(() => 0);
  return {
    truth: world.truth(),
    entries,
    durableNs,
    arrivals,
    snapshot,
    disk: image,
    finished,
    endedNs: clock.nowNs(),
    injected: injector.injected,
    spoiledReads: world.spoiledReads,
  };
}
