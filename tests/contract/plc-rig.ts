// What a PLC driver's contract is asked through: the driver, a simulated PLC that can be troubled, and the small plant.
import type { GatePermit, PlcPort } from "../../drivers/buses/port.ts";
import type { UaPlcProcess } from "../../simulators/wired/opcua/process.ts";
import type { PlcProcess } from "../../simulators/wired/plc/process.ts";
import { HeardEvents } from "./heard-events.ts";
import { nowNs, type TestWorld } from "./small-plant.ts";

/** A judging gate "judged" to chute "chute1" and a plain one "plain" to "chute2", both home; an eye "eye1". */
export interface PlcRig {
  plc: PlcPort;
  heard: HeardEvents;
  nowNs(): number;
  /** The belt's count as the device sees it. */
  count(): number;
  setCount(count: number): void;
  setEye(isDark: boolean): void;
  /** Whether the gate's output is on, as the world sees it. */
  isOut(gateId: string): boolean;
  /** Commands (not withdrawals) that arrived at the device for this gate. */
  arrivals(gateId: string): Promise<readonly { verdict: number }[]>;
  /** From the next command on the device does everything and says nothing. */
  silenceFromCommand(): Promise<void>;
  unsilence(): Promise<void>;
  /** The next command is carried out, and its reply is lost. */
  loseNextReply(): Promise<void>;
  /** The device takes this long to answer. */
  slow(ms: number): Promise<void>;
  /** Replies in pieces of this many bytes. */
  split(bytes: number): Promise<void>;
  freeze(): void;
  thaw(): void;
  cut(): Promise<void>;
  restore(): Promise<void>;
  trips(): Promise<number>;
  /** Feed `alive` or stop. */
  live(isLiving: boolean): void;
  /** Drops what the rig itself has recorded, for runs that last. */
  forget?(): void;
  close(): Promise<void>;
}

/** Opens the driver for a caller that lives and listens. */
export function openedPlc(plc: PlcPort) {
  const heard = new HeardEvents();
  let isLiving = true;
  const life = setInterval(() => isLiving && plc.alive(), 2);
  plc.alive();
  plc.open(heard);
  return {
    ...{ plc, heard },
    live: (on) => {
      isLiving = on;
    },
    close: async () => {
      await plc.close(200);
      clearInterval(life);
    },
  } satisfies Partial<PlcRig>;
}

/** The driver, opened, and what the plant can be made to do. */
export function rigOf(plc: PlcPort, world: TestWorld) {
  return {
    ...openedPlc(plc),
    nowNs,
    count: () => world.count,
    setCount: (count) => world.setCount(count),
    setEye: (isDark) => world.setEye(isDark),
    isOut: (id) => world.isOn(id as Parameters<TestWorld["isOn"]>[0]),
  } satisfies Partial<PlcRig>;
}

/** What a simulated PLC in a process of its own does on the rig's order. */
export function troublesOf(sim: PlcProcess | UaPlcProcess) {
  return {
    arrivals: async (gateId) => (await sim.arrivals()).arrivals.filter((arrival) => arrival.gateId === gateId),
    silenceFromCommand: () => sim.faults({ silentFromCommand: true }),
    unsilence: () => sim.faults({ silentFromCommand: false, silent: false }),
    loseNextReply: () => sim.faults({ lostReplies: 1 }),
    slow: (ms) => sim.slow(ms),
    freeze: () => sim.freeze(),
    thaw: () => sim.thaw(),
    cut: () => sim.cut(),
    restore: () => sim.restore(),
    trips: async () => (await sim.arrivals()).trips,
  } satisfies Partial<PlcRig>;
}

/** A rig whose device may move its gates, and the permits that it takes. */
export interface ArmedRig extends PlcRig {
  /** To the judging gate, good now and for the next 100 counts. */
  permit(id: number, change?: Partial<GatePermit>): GatePermit;
  /** To the plain gate, good now. */
  plain(id: number, change?: Partial<GatePermit>): GatePermit;
}

/** Settles when the device is armed. */
export async function armedRig(rig: PlcRig): Promise<ArmedRig> {
  const permit = (id: number, change: Partial<GatePermit> = {}): GatePermit => ({
    ...{ id, gateId: "judged", chuteId: "chute1", maxOutMs: 60_000 },
    fromNs: rig.nowNs(),
    untilNs: rig.nowNs() + 1e9,
    window: { fromCount: rig.count(), untilCount: rig.count() + 100, homeAtCount: rig.count() + 300 },
    ...change,
  });
  const plain: typeof permit = (id, change = {}) =>
    permit(id, { gateId: "plain", chuteId: "chute2", window: null, ...change });
  await rig.heard.until(() => rig.heard.isArmed);
  return { ...rig, permit, plain };
}
