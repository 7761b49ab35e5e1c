// The PLCs of a virtual line: their programs on the world's terminals, their links, and which cycles need be taken.

import { type PlcArrival, PlcProgram } from "../wired/plc/program.ts";
import type { Tracker, TrackerTrouble } from "../wired/plc/tracker.ts";
import type { PlcPlan } from "../wired/terminals.ts";
import type { Device } from "../world/device.ts";
import type { World } from "../world/world.ts";
import type { VirtualClock } from "./clock.ts";
import { type VirtualLink, virtualLink } from "./virtual-link.ts";

/** A command at its device, and when the controller had written it. */
export interface BenchArrival extends PlcArrival {
  deviceId: string;
  sentNs: number;
}

export interface PlcBench {
  links: ReadonlyMap<string, VirtualLink>;
  /** Each PLC has counted its cycles up to the world's last step; up to here none of them did more. */
  catchUp(): void;
  /** One cycle of each. */
  cycle(): void;
  /** The next cycle of any that does more than count. */
  nextScanNs(): number;
  freeze(deviceId: string): void;
  /** As a loss of power, but its counters stand meanwhile; called, the returned lets it begin anew with them as they were. */
  halt(deviceId: string): () => void;
  /** It goes on; what its socket holds is for `serveHeld`. */
  thaw(deviceId: string): void;
  powerOff(deviceId: string): void;
  powerOn(deviceId: string): void;
  /** The tracking of a PLC that tracks; null: it does not track. */
  tracker(deviceId: string): Tracker | null;
  /** Over a loss of power it is well again. */
  troubleTracker(deviceId: string, trouble: Partial<TrackerTrouble>): void;
  /** Its program starts anew, in the middle of everything. */
  forget(deviceId: string): void;
  /** It runs, so that a person can see what it does with a gate. */
  isAwake(deviceId: string): boolean;
}

interface Plc {
  plan: PlcPlan;
  program: PlcProgram;
  link: VirtualLink;
  terminals: Device;
  scannedNs: number;
  isStill: boolean;
  /** Counts its starts. */
  session: number;
}

export function plcBench(o: {
  clock: VirtualClock;
  world: World;
  plans: readonly PlcPlan[];
  stepNs: number;
  /** Every cycle one by one: the check of those that are left out. */
  everyStep: boolean;
  onArrival: (arrival: BenchArrival) => void;
  /** Called before and after a request is served. */
  before: () => void;
  after: (isRead: boolean) => void;
  jitterNs: () => number;
}): PlcBench {
  const { clock, world, stepNs } = o;
  /** When what is being served was written. */
  let sentNs = 0;
  const programOf = (plan: PlcPlan, kept: { session: number; cycles?: number }): PlcProgram => {
    const { deviceId } = plan;
    const onArrival = (arrival: PlcArrival): void => o.onArrival({ ...arrival, deviceId, sentNs });
    return new PlcProgram({ plan, terminals: world.terminals(deviceId), onArrival, ...kept });
  };
  const plcs = o.plans.map((plan): Plc => {
    const plc: Plc = {
      plan,
      program: programOf(plan, { session: 1 }),
      session: 1,
      terminals: world.terminals(plan.deviceId),
      scannedNs: 0,
      isStill: false,
      link: virtualLink({
        clock,
        serve(request, writtenNs) {
          o.before();
          sentNs = writtenNs;
          const reply = plc.program.serve(request, clock.nowNs());
          o.after(request.kind === "readRegisters");
          return reply;
        },
        jitterNs: o.jitterNs,
      }),
    };
    return plc;
  });
  const named = (deviceId: string): Plc => {
    const plc = plcs.find(({ plan }) => plan.deviceId === deviceId);
    if (plc === undefined) throw new RangeError(`no device ${deviceId}`);
    return plc;
  };
  const skipTo = (plc: Plc, untilNs: number): void => {
    const cycles = (untilNs - plc.scannedNs) / stepNs;
    if (cycles <= 0) return;
    plc.program.skipScans(cycles);
    plc.terminals.commit();
    plc.scannedNs = untilNs;
  };
  const goOn = (plc: Plc): void => {
    plc.scannedNs = world.nowNs;
    plc.isStill = false;
  };
  const powerOff = (plc: Plc): void => {
    plc.isStill = true;
    plc.link.cut();
    for (const { terminal } of plc.terminals.plan.outputs) plc.terminals.output(terminal, false);
    plc.terminals.commit();
  };
  return {
    links: new Map(plcs.map(({ plan, link }) => [plan.deviceId, link])),
    catchUp() {
      for (const plc of plcs) if (!plc.isStill) skipTo(plc, world.nowNs);
    },
    cycle() {
      for (const plc of plcs) {
        if (plc.isStill) continue;
        skipTo(plc, world.nowNs);
        plc.program.cycle(clock.nowNs());
      }
    },
    nextScanNs() {
      let nextNs = Number.POSITIVE_INFINITY;
      for (const { isStill, program, terminals } of plcs) {
        if (isStill) continue;
        if (o.everyStep || terminals.isUncommitted) return world.nowNs;
        const scanNs = program.nextScanNs(world.nowNs, { scanNs: stepNs, terminals });
        // The outputs' own watchdog is fed by cycles: one of them has to come before it falls.
        nextNs = Math.min(nextNs, terminals.fallsAtNs - stepNs, scanNs);
      }
      return nextNs;
    },
    freeze(deviceId) {
      const plc = named(deviceId);
      plc.isStill = true;
      plc.link.freeze();
    },
    thaw(deviceId) {
      const plc = named(deviceId);
      plc.program.stood(world.nowNs - plc.scannedNs);
      goOn(plc);
    },
    halt(deviceId) {
      const plc = named(deviceId);
      powerOff(plc);
      const beltIds = plc.terminals.plan.counters.map(({ beltId }) => beltId);
      const sinceUm = beltIds.map((beltId) => world.beltState(beltId).travelUm);
      return () => {
        plc.session += 1;
        plc.program = programOf(plc.plan, { session: plc.session, cycles: plc.program.cycles });
        for (const [index, beltId] of beltIds.entries())
          world.trouble(beltId, ({ motion }) => motion.jumpCount((sinceUm[index] ?? 0) - motion.travelUm));
        plc.link.mend();
        goOn(plc);
      };
    },
    powerOff(deviceId) {
      powerOff(named(deviceId));
    },
    powerOn(deviceId) {
      const plc = named(deviceId);
      plc.session += 1;
      plc.program = programOf(plc.plan, { session: plc.session });
      for (const { beltId } of plc.terminals.plan.counters) world.trouble(beltId, ({ motion }) => motion.zeroCount());
      plc.link.mend();
      goOn(plc);
    },
    tracker: (deviceId) => named(deviceId).program.tracker,
    troubleTracker(deviceId, trouble) {
      Object.assign(named(deviceId).program.tracker?.trouble ?? {}, trouble);
    },
    forget(deviceId) {
      const plc = named(deviceId);
      plc.session += 1;
      plc.program.tracker?.forget(plc.session);
    },
    isAwake: (deviceId) => !named(deviceId).isStill,
  };
}
