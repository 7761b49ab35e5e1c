// The virtual line: world, simulated PLCs, bus, disk, customs and the product's controller on one clock and one seed.
import { layoutHash } from "../../src/config/layout-hash.ts";
import type { Site } from "../../src/config/load.ts";
import { createLine } from "../../src/line/core.ts";
import type { LineEntry } from "../../src/line/entry.ts";
import { planRig, RIG_DEFAULTS } from "../wired/plan.ts";
import { createRandom } from "../world/random.ts";
import { createTraffic } from "../world/traffic.ts";
import { World } from "../world/world.ts";
import { virtualClock } from "./clock.ts";
import { emptySnapshot } from "./empty-snapshot.ts";
import { FaultInjector } from "./fault-injector.ts";
import { lastEntryIn } from "./last-entry.ts";
import { type BenchArrival, plcBench } from "./plc-bench.ts";
import type { Simulated, SimulationOptions } from "./simulation.ts";
import { VIRTUAL_JOURNAL, type VirtualController, virtualController } from "./virtual-controller.ts";
import { virtualCustoms } from "./virtual-customs.ts";
import { type DiskImage, type VirtualDisk, virtualDisk } from "./virtual-disk.ts";
import { virtualLoop } from "./virtual-loop.ts";
import { virtualStaff } from "./virtual-staff.ts";
import { virtualTicks } from "./virtual-ticks.ts";

const MS = 1_000_000;
/** The world's step and the cycle of every simulated PLC. */
const STEP_NS = 1 * MS;
/** The gateway tries again every half second. */
const CONNECTED_AFTER_NS = 250 * MS;
/** More than any belt carries at once. */
const KEPT_OF_A_LONG_RUN = 5_000;

/** Its hash names what it says: another layout, where it was to be commissioned. */
function simulatedPlant(site: Site): Site {
  const { commissioning, hash: _, ...layout } = site.layout;
  return commissioning === undefined ? site : { ...site, layout: { ...layout, hash: layoutHash(layout) } };
}

export function simulate(o: SimulationOptions): Simulated {
  const site = o.mustCommission === true ? o.site : simulatedPlant(o.site);
  const rig = planRig(site, {
    ...RIG_DEFAULTS,
    portLink: ({ id }) => id,
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
    before: () => ticks.catchUp(),
    after(isRead) {
      if (!isRead) ticks.inTime();
    },
    jitterNs: () => random.integer(0, 300_000),
  });
  const ticks = virtualTicks({
    ...{ clock, world, bench, stepNs: STEP_NS },
    onTick() {
      for (const { scannerId, codes } of world.takeReads()) controller?.telegram(scannerId, codes);
      customs.pump();
    },
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
    hint: (waybills) => controller?.feed({ kind: "releaseHint", waybills }),
    journalId: VIRTUAL_JOURNAL,
    ...(o.carriedFrom === undefined ? {} : { carriedFrom: o.carriedFrom }),
  });
  const start = (): void => {
    const mine = virtualController({
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
    controller = mine;
    clock.after(CONNECTED_AFTER_NS, () => {
      if (controller === mine) customs.gateway.connect();
    });
  };
  const restart = (how: "kill" | "powerLoss"): void => {
    controller?.kill();
    controller = null;
    customs.gateway.disconnect();
    if (how === "powerLoss") customs.gateway.beginAnew();
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
      ticks.catchUp();
      const tracker = bench.tracker(deviceId);
      if (tracker !== null) make(tracker);
      ticks.inTime();
    });
  for (const { atNs, incident } of o.incidents ?? [])
    clock.at(atNs, () => {
      ticks.catchUp();
      world.incident(incident);
      ticks.inTime();
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
            ticks.catchUp();
            world.changeContainer(chuteId);
            ticks.inTime();
          },
          stops: (beltId) => controller?.snapshot().belts.find(({ id }) => id === beltId)?.stops ?? [],
          canTest: (gateId) => bench.isAwake(gateDevices.get(gateId) ?? ""),
          clearSafeEnd(beltId) {
            ticks.catchUp();
            const end = site.layout.belts.find(({ id }) => id === beltId)?.eyes.find(({ role }) => role === "end");
            if (end !== undefined) world.clear(beltId, end.atUm);
            ticks.inTime();
          },
        });
  const injector = new FaultInjector(
    {
      ...{ clock, world, bench, customs, restart },
      catchUp: ticks.catchUp,
      tickInTime: ticks.inTime,
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

  start();
  ticks.begin();
  const limitNs = o.limitNs ?? 3600 * 1000 * MS;
  let sliceNs = o.slices?.everyNs ?? Number.POSITIVE_INFINITY;
  while (clock.nowNs() < limitNs && !world.isDone && o.isOver?.() !== true) {
    clock.runTo(Math.min(limitNs, clock.nowNs() + 1000 * MS));
    ticks.catchUp();
    if (o.slices === undefined || clock.nowNs() < sliceNs) continue;
    sliceNs += o.slices.everyNs;
    o.slices.take(world.takeTruth(clock.nowNs() - o.slices.settledNs));
  }
  const finished = world.isDone;
  clock.runTo(clock.nowNs() + 2000 * MS);
  ticks.catchUp();
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
