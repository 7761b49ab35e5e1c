// The virtual line: world, simulated PLCs, bus, disk, customs and the product's controller on one clock and one seed.
import type { Site } from "../../src/config/load.ts";
import type { JournalLimits } from "../../src/journal/limits.ts";
import { createLine } from "../../src/line/core.ts";
import type { LineEntry } from "../../src/line/entry.ts";
import type { LineInput, LineSnapshot } from "../../src/line/step.ts";
import { planRig, RIG_DEFAULTS, type RigPlanOptions } from "../wired/plan.ts";
import { type PlcArrival, PlcProgram } from "../wired/plc/program.ts";
import type { Incident } from "../world/incidents.ts";
import { createRandom } from "../world/random.ts";
import { createTraffic } from "../world/traffic.ts";
import type { Truth } from "../world/truth.ts";
import { World } from "../world/world.ts";
import { type Due, virtualClock } from "./clock.ts";
import { emptySnapshot } from "./empty-snapshot.ts";
import { type VirtualController, virtualController } from "./virtual-controller.ts";
import { virtualCustoms } from "./virtual-customs.ts";
import { type DiskImage, type VirtualDisk, virtualDisk } from "./virtual-disk.ts";
import { type VirtualLink, virtualLink } from "./virtual-link.ts";

const MS = 1_000_000;
/** The world's step and the cycle of every simulated PLC. */
const STEP_NS = 1 * MS;
/** More than any belt carries at once. */
const KEPT_OF_A_LONG_RUN = 5_000;

export interface SimulationOptions {
  site: Site;
  seed: number;
  /** Per belt. */
  parcels: number;
  plan?: Partial<Omit<RigPlanOptions, "seed" | "parcels">>;
  faults?: readonly VirtualFault[];
  /** Given to the controller as they are: what no part of the simulation says by itself. */
  inputs?: readonly { atNs: number; input: LineInput }[];
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
  /** Makes the core of each run; the product's own, unless told otherwise. */
  core?: typeof createLine;
}

export type VirtualFault = { atNs: number } & (
  | { kind: "kill" | "powerLoss" }
  | { kind: "freeze" | "cut"; deviceId: string; forNs: number }
  | { kind: "slowPlc"; deviceId: string; extraNs: number; forNs: number }
  | { kind: "slowDisk"; syncNs: number; forNs: number }
  | { kind: "fullDisk"; forNs: number }
  | { kind: "silentFeed"; forNs: number }
  | Incident
);

export interface Simulated {
  truth: Truth;
  /** All entries over all runs; `atNs` is of their run, `virtualNs` of the simulation. */
  entries: readonly { entry: LineEntry; virtualNs: number }[];
  /** When each entry was reported durable, by its number. */
  durableNs: ReadonlyMap<number, number>;
  arrivals: readonly PlcArrival[];
  snapshot: LineSnapshot;
  disk: DiskImage;
  finished: boolean;
  endedNs: number;
}

export function simulate(o: SimulationOptions): Simulated {
  const rig = planRig(o.site, {
    ...RIG_DEFAULTS,
    scannerLink: ({ id }) => id,
    ...o.plan,
    seed: o.seed,
    parcels: o.parcels,
  });
  const random = createRandom(o.seed).fork("virtual");
  const clock = virtualClock();
  const sources = new Map(rig.traffic.map((plan) => [plan.beltId, createTraffic(plan)]));
  const world = new World(rig.world, sources, {
    everyStep: o.everyStep ?? false,
    ...(o.keepsNothing === true ? { kept: KEPT_OF_A_LONG_RUN } : {}),
  });
  const entries: { entry: LineEntry; virtualNs: number }[] = [];
  const durableNs = new Map<number, number>();
  const arrivals: PlcArrival[] = [];
  let durableUpTo = 0;
  let slowSyncNs: number | null = null;
  let deaths = 0;
  let controller: VirtualController | null = null;
  let tickNs = 0;
  let dueTick: Due | null = null;

  const programs = rig.plcs.map((plan) => {
    const terminals = world.terminals(plan.deviceId);
    const program = new PlcProgram({
      plan,
      terminals,
      onArrival: (arrival) => {
        if (o.keepsNothing !== true) arrivals.push(arrival);
      },
    });
    const link = virtualLink({
      clock,
      serve(request) {
        catchUp();
        const reply = program.serve(request, clock.nowNs());
        if (request.kind !== "readRegisters") tickInTime();
        return reply;
      },
      jitterNs: () => random.integer(0, 300_000),
    });
    return { plan, program, link, terminals, scannedNs: 0, frozen: false };
  });
  const links = new Map<string, VirtualLink>(programs.map(({ plan, link }) => [plan.deviceId, link]));
  const newDisk = (image?: DiskImage): VirtualDisk =>
    virtualDisk({
      later(operation, answer) {
        const drawn = random.integer(100_000, 700_000);
        const normal = o.syncNs?.(drawn) ?? drawn;
        clock.after(operation === "fdatasync" ? (slowSyncNs ?? normal) : 20_000, answer);
      },
      forgetsClosed: o.keepsNothing ?? false,
      ...(o.onClosed === undefined ? {} : { onClosed: o.onClosed }),
      ...(image === undefined ? {} : { image }),
    });
  let disk = newDisk(o.image);
  const customs = virtualCustoms({
    clock,
    world,
    delayNs: () => random.integer(1 * MS, 30 * MS),
    hint: (waybill) => controller?.feed({ kind: "releaseHint", waybills: [waybill] }),
  });
  const start = (): void => {
    controller = virtualController({
      site: o.site,
      clock,
      disk,
      releases: customs,
      links,
      core: o.core ?? createLine,
      ...(o.journalLimits === undefined ? {} : { journalLimits: o.journalLimits }),
      onEntry(entry) {
        o.onEntry?.(entry, clock.nowNs());
        if (o.keepsNothing !== true) entries.push({ entry, virtualNs: clock.nowNs() });
      },
      onDurable(n) {
        if (o.keepsNothing === true) return;
        for (let entry = durableUpTo + 1; entry <= n; entry++) durableNs.set(entry, clock.nowNs());
        durableUpTo = Math.max(durableUpTo, n);
      },
      onFatal: () => restart("kill"),
    });
  };
  const restart = (how: "kill" | "powerLoss"): void => {
    controller?.kill();
    controller = null;
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
  for (const { atNs, input } of o.inputs ?? []) clock.at(atNs, () => controller?.feed(input));
  for (const fault of o.faults ?? []) clock.at(fault.atNs, () => inject(fault));

  function inject(fault: VirtualFault): void {
    const later = (forNs: number, action: () => void): void => void clock.after(forNs, action);
    switch (fault.kind) {
      case "kill":
      case "powerLoss":
        return restart(fault.kind);
      case "freeze": {
        const plc = programs.find(({ plan }) => plan.deviceId === fault.deviceId);
        if (plc === undefined) throw new RangeError(`no device ${fault.deviceId}`);
        catchUp();
        plc.frozen = true;
        plc.link.freeze();
        return later(fault.forNs, () => {
          catchUp();
          plc.scannedNs = world.nowNs;
          plc.frozen = false;
          tickInTime();
          // Whatever its socket holds is executed before anything else.
          plc.link.thaw();
        });
      }
      case "cut": {
        const link = links.get(fault.deviceId);
        link?.cut();
        return later(fault.forNs, () => link?.mend());
      }
      case "slowPlc": {
        const link = links.get(fault.deviceId);
        link?.slow(fault.extraNs);
        return later(fault.forNs, () => link?.slow(0));
      }
      case "slowDisk":
        slowSyncNs = fault.syncNs;
        return later(fault.forNs, () => {
          slowSyncNs = null;
        });
      case "fullDisk":
        disk.setCapacity(0);
        return later(fault.forNs, () => disk.setCapacity(Number.POSITIVE_INFINITY));
      case "silentFeed":
        customs.silence(true);
        return later(fault.forNs, () => customs.silence(false));
      default: {
        const { atNs: _, ...incident } = fault;
        catchUp();
        world.incident(incident);
        return tickInTime();
      }
    }
  }

  /** World and PLCs as of the last step by now: up to here every step and cycle has done no more than count and move. */
  function catchUp(): void {
    world.advance(clock.nowNs());
    for (const plc of programs) if (!plc.frozen) skipScansTo(plc, world.nowNs);
  }
  function skipScansTo(plc: (typeof programs)[number], untilNs: number): void {
    const cycles = (untilNs - plc.scannedNs) / STEP_NS;
    if (cycles <= 0) return;
    plc.program.skipScans(cycles);
    plc.terminals.commit();
    plc.scannedNs = untilNs;
  }
  /** One step of the world, one cycle of each PLC, and what came of them. */
  function tick(): void {
    tickNs = Number.POSITIVE_INFINITY;
    world.advance(clock.nowNs());
    for (const plc of programs) {
      if (plc.frozen) continue;
      skipScansTo(plc, world.nowNs);
      plc.program.cycle(clock.nowNs());
    }
    for (const { scannerId, codes } of world.takeReads()) controller?.telegram(scannerId, codes);
    customs.pump();
    tickInTime();
  }
  /** The next tick comes when the world, a PLC or a scanner has something to do, on the grid of their steps. */
  function tickInTime(): void {
    let nextNs = Math.min(world.nextEventNs, world.nextReadNs);
    for (const plc of programs) if (!plc.frozen) nextNs = Math.min(nextNs, nextScanNs(plc));
    const atNs = Math.max(Math.floor(clock.nowNs() / STEP_NS) + 1, Math.ceil(nextNs / STEP_NS)) * STEP_NS;
    if (atNs >= tickNs) return;
    if (dueTick !== null) clock.takeBack(dueTick);
    tickNs = atNs;
    dueTick = clock.lastAt(atNs, tick);
  }
  function nextScanNs({ program, terminals }: (typeof programs)[number]): number {
    if (o.everyStep === true || terminals.isUncommitted) return world.nowNs;
    const stepsToCount = (counter: number, counts: number): number => terminals.stepsToCount(counter, counts);
    // The outputs' own watchdog is fed by cycles: one of them has to come before it falls.
    return Math.min(terminals.fallsAtNs - STEP_NS, program.nextScanNs(world.nowNs, { scanNs: STEP_NS, stepsToCount }));
  }
  start();
  clock.lastAt(0, tick);
  const limitNs = o.limitNs ?? 3600 * 1000 * MS;
  while (clock.nowNs() < limitNs && !world.isDone) {
    clock.runTo(Math.min(limitNs, clock.nowNs() + 1000 * MS));
    catchUp();
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
  };
}
