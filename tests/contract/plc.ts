// What every PLC driver owes its caller, asked of one through a rig: a driver, a simulated PLC and a small world.
import { afterEach, describe, expect, test } from "vitest";
import type { DeviceHealth, GatePermit, PlcEvents, PlcPort } from "../../drivers/buses/port.ts";
import type { BeltStamp, CommandOutcome, GatePosition, PlcReport, WithdrawalOutcome } from "../../src/line/step.ts";

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

/** Everything that a driver said, and a way to wait for it. */
export class HeardEvents implements PlcEvents {
  readonly commands: { id: number; outcome: CommandOutcome }[] = [];
  readonly withdrawals: { id: number; outcome: WithdrawalOutcome }[] = [];
  readonly reports: PlcReport[] = [];
  readonly eyes: { eyeId: string; edge: "dark" | "light"; after: BeltStamp; upTo: BeltStamp }[] = [];
  readonly gates: { gateId: string; position: GatePosition }[] = [];
  readonly devices: { connected: boolean; armed: boolean }[] = [];
  readonly lastLooks: number[] = [];
  readonly signals: { inputId: string; value: boolean }[] = [];
  readonly belts: BeltStamp[] = [];
  readonly drives: { beltId: string; running: boolean; atNs: number }[] = [];
  mayGo = true;
  /** What happens in the very turn of a last look, before the write. */
  atLastLook: () => void = () => {};
  #waiting: { isTrue: () => boolean; resolve: () => void }[] = [];

  lastLook(id: number): boolean {
    this.lastLooks.push(id);
    this.atLastLook();
    return this.mayGo;
  }
  command(id: number, outcome: CommandOutcome): void {
    this.commands.push({ id, outcome });
    this.#told();
  }
  withdrawal(id: number, outcome: WithdrawalOutcome): void {
    this.withdrawals.push({ id, outcome });
    this.#told();
  }
  report(_: string, report: PlcReport): void {
    this.reports.push(report);
    this.#told();
  }
  belt(_: string, stamp: BeltStamp): void {
    this.belts.push(stamp);
    this.#told();
  }
  unsampled(): void {
    this.#told();
  }
  stood(): void {
    this.#told();
  }
  drive(beltId: string, running: boolean, atNs: number): void {
    this.drives.push({ beltId, running, atNs });
    this.#told();
  }
  eye(eyeId: string, edge: "dark" | "light", after: BeltStamp, upTo: BeltStamp): void {
    this.eyes.push({ eyeId, edge, after, upTo });
    this.#told();
  }
  gate(gateId: string, position: GatePosition): void {
    this.gates.push({ gateId, position });
    this.#told();
  }
  signal(inputId: string, value: boolean): void {
    this.signals.push({ inputId, value });
    this.#told();
  }
  device(_: string, connected: boolean, armed: boolean): void {
    this.devices.push({ connected, armed });
    this.#told();
  }

  get isArmed(): boolean {
    return this.devices.at(-1)?.armed ?? false;
  }
  get isConnected(): boolean {
    return this.devices.at(-1)?.connected ?? false;
  }
  position(gateId: string): GatePosition | undefined {
    return this.gates.findLast((gate) => gate.gateId === gateId)?.position;
  }
  samplesOf(count: number): number {
    return this.belts.filter((stamp) => stamp.count === count).length;
  }
  outcomes(id: number): CommandOutcome[] {
    return this.commands.filter((command) => command.id === id).map((command) => command.outcome);
  }

  /** Settles in the event after which the condition holds. */
  until(isTrue: () => boolean): Promise<void> {
    if (isTrue()) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push({ isTrue, resolve });
    });
  }

  #told(): void {
    const due = this.#waiting.filter((waiting) => waiting.isTrue());
    if (due.length === 0) return;
    this.#waiting = this.#waiting.filter((waiting) => !due.includes(waiting));
    for (const waiting of due) waiting.resolve();
  }
}

export function plcContract(name: string, openRig: () => Promise<PlcRig>): void {
  describe(name, () => {
    let rig: PlcRig;
    afterEach(() => rig.close());

    const armed = async (): Promise<PlcRig> => {
      rig = await openRig();
      await rig.heard.until(() => rig.heard.isArmed);
      return rig;
    };
    const permit = (id: number, change: Partial<GatePermit> = {}): GatePermit => ({
      id,
      gateId: "judged",
      chuteId: "chute1",
      fromNs: rig.nowNs(),
      untilNs: rig.nowNs() + 1e9,
      window: { fromCount: rig.count(), untilCount: rig.count() + 100, homeAtCount: rig.count() + 300 },
      maxOutMs: 60_000,
      ...change,
    });
    const plain = (id: number, change: Partial<GatePermit> = {}): GatePermit =>
      permit(id, { gateId: "plain", chuteId: "chute2", window: null, ...change });
    const counts = (health: DeviceHealth) => ({ inDoubt: health.inDoubt, armed: health.armed });

    test("a permit in its window is looked at once, done, and the gate is out", async () => {
      const { plc, heard } = await armed();
      plc.permit(permit(7));
      await heard.until(() => heard.outcomes(7).length > 0 && heard.position("judged") === "out");
      expect(heard.outcomes(7)).toEqual(["done"]);
      expect(heard.lastLooks).toEqual([7]);
      expect(await rig.arrivals("judged")).toMatchObject([{ verdict: 1 }]);
    });

    test("the device brings the gate home at the permit's count, nobody asks it to", async () => {
      const { plc, heard } = await armed();
      plc.permit(permit(7));
      await heard.until(() => heard.position("judged") === "out");
      rig.setCount(rig.count() + 300);
      await heard.until(() => heard.position("judged") === "home");
      expect(rig.isOut("judged")).toBe(false);
      expect(heard.withdrawals).toEqual([]);
    });

    test("a permit whose belt window is over is refused by the device", async () => {
      const { plc, heard } = await armed();
      const window = { fromCount: rig.count() - 200, untilCount: rig.count() - 100, homeAtCount: rig.count() };
      plc.permit(permit(8, { window }));
      await heard.until(() => heard.outcomes(8).length > 0);
      expect(heard.outcomes(8)).toEqual(["refused"]);
      expect(rig.isOut("judged")).toBe(false);
    });

    test("a sequence older than one that was judged is refused by the device", async () => {
      const { plc, heard } = await armed();
      plc.permit(permit(9));
      await heard.until(() => heard.outcomes(9).length > 0);
      plc.permit(permit(5));
      await heard.until(() => heard.outcomes(5).length > 0);
      expect(heard.outcomes(5)).toEqual(["refused"]);
    });

    test("a permit that is late already is never written", async () => {
      const { plc, heard } = await armed();
      plc.permit(permit(3, { fromNs: rig.nowNs() - 2e6, untilNs: rig.nowNs() - 1e6 }));
      await heard.until(() => heard.outcomes(3).length > 0);
      expect(heard.outcomes(3)).toEqual(["notSent"]);
      expect(heard.lastLooks).toEqual([]);
      expect(await rig.arrivals("judged")).toEqual([]);
    });

    test("a permit of the future is not written before its time", async () => {
      const { plc, heard } = await armed();
      const fromNs = rig.nowNs() + 30e6;
      plc.permit(plain(3, { fromNs }));
      await heard.until(() => heard.lastLooks.length > 0);
      expect(rig.nowNs()).toBeGreaterThanOrEqual(fromNs);
    });

    test("a last look that says no is the end of the permit, without an outcome", async () => {
      const { plc, heard } = await armed();
      heard.mayGo = false;
      plc.permit(permit(3));
      await heard.until(() => heard.lastLooks.length > 0);
      heard.mayGo = true;
      plc.permit(permit(4));
      await heard.until(() => heard.outcomes(4).length > 0);
      expect(heard.outcomes(3)).toEqual([]);
      expect(await rig.arrivals("judged")).toHaveLength(1);
    });

    test("a cancelled permit is not sent", async () => {
      const { plc, heard } = await armed();
      plc.permit(permit(3, { fromNs: rig.nowNs() + 500e6, untilNs: rig.nowNs() + 900e6 }));
      plc.cancel(3);
      await heard.until(() => heard.outcomes(3).length > 0);
      expect(heard.outcomes(3)).toEqual(["notSent"]);
      expect(heard.lastLooks).toEqual([]);
    });

    test("events never come from within a call", async () => {
      const { plc, heard } = await armed();
      plc.permit(permit(3, { untilNs: rig.nowNs() - 1 }));
      expect(heard.outcomes(3)).toEqual([]);
      await heard.until(() => heard.outcomes(3).length > 0);
    });

    test("a withdrawal brings the gate home, is confirmed by its home feedback, and voids what is not yet written", async () => {
      const { plc, heard } = await armed();
      plc.permit(permit(7));
      await heard.until(() => heard.position("judged") === "out");
      plc.permit(permit(8, { fromNs: rig.nowNs() + 500e6, untilNs: rig.nowNs() + 900e6 }));
      plc.withdraw({ id: 100, gateId: "judged", voidUpTo: 8 });
      await heard.until(() => heard.withdrawals.length > 0);
      expect(heard.withdrawals).toEqual([{ id: 100, outcome: "done" }]);
      expect(heard.position("judged")).toBe("home");
      expect(heard.outcomes(8)).toEqual(["notSent"]);
    });

    test("a plain gate goes out and comes home", async () => {
      const { plc, heard } = await armed();
      plc.permit(plain(7));
      await heard.until(() => heard.position("plain") === "out");
      plc.withdraw({ id: 100, gateId: "plain", voidUpTo: 7 });
      await heard.until(() => heard.withdrawals.length > 0);
      expect(heard.outcomes(7)).toEqual(["done"]);
      expect(heard.position("plain")).toBe("home");
    });

    test("a plain gate is taken back after its longest time out", async () => {
      const { plc, heard } = await armed();
      plc.permit(plain(7, { maxOutMs: 30 }));
      await heard.until(() => heard.position("plain") === "out");
      await heard.until(() => heard.position("plain") === "home");
      expect(heard.withdrawals).toEqual([]);
    });

    test("a silent device: the permit is in doubt, was written once, and the device is disarmed until it is settled", async () => {
      const { plc, heard } = await armed();
      await rig.silenceFromCommand();
      plc.permit(permit(7));
      await heard.until(() => heard.outcomes(7).length > 0 && !heard.isArmed);
      await heard.until(() => !heard.isConnected);
      expect(heard.outcomes(7)).toEqual(["inDoubt"]);
      expect(counts(plc.health())).toEqual({ inDoubt: 1, armed: false });
      await rig.unsilence();
      await heard.until(() => heard.isArmed);
      expect(heard.outcomes(7)).toEqual(["inDoubt"]);
      expect(plc.health().inDoubt).toBe(0);
      expect(await rig.arrivals("judged")).toHaveLength(1);
    });

    test("a lost reply of a judging gate is settled by the read-back, on the connection that was", async () => {
      const { plc, heard } = await armed();
      await rig.loseNextReply();
      plc.permit(permit(7));
      await heard.until(() => heard.outcomes(7).length > 0 && !heard.isArmed);
      await heard.until(() => heard.isArmed);
      expect(heard.outcomes(7)).toEqual(["inDoubt"]);
      expect(plc.health()).toMatchObject({ inDoubt: 0, reconnects: 0 });
      expect(await rig.arrivals("judged")).toHaveLength(1);
    });

    test("a lost reply of a plain gate is settled by the read-back, and the gate that it shows out is taken home", async () => {
      const { plc, heard } = await armed();
      await rig.loseNextReply();
      plc.permit(plain(7));
      await heard.until(() => heard.outcomes(7).length > 0 && !heard.isArmed);
      await heard.until(() => heard.isArmed && heard.position("plain") === "home");
      expect(heard.outcomes(7)).toEqual(["inDoubt"]);
      expect(plc.health()).toMatchObject({ inDoubt: 0, reconnects: 0 });
    });

    test("a lost reply of a withdrawal: told in doubt, then done", async () => {
      const { plc, heard } = await armed();
      plc.permit(plain(7));
      await heard.until(() => heard.position("plain") === "out");
      await rig.loseNextReply();
      plc.withdraw({ id: 100, gateId: "plain", voidUpTo: 7 });
      await heard.until(() => heard.withdrawals.some((withdrawal) => withdrawal.outcome === "done"));
      expect(heard.withdrawals).toEqual([
        { id: 100, outcome: "inDoubt" },
        { id: 100, outcome: "done" },
      ]);
    });

    test("replies that come split into single bytes are read all the same", async () => {
      const { plc, heard } = await armed();
      await rig.split(1);
      plc.permit(permit(7));
      await heard.until(() => heard.outcomes(7).length > 0);
      expect(heard.outcomes(7)).toEqual(["done"]);
      expect(plc.health().reconnects).toBe(0);
    });

    test("a device that always answers just after the deadline never gets a reply taken for another's", async () => {
      const { plc, heard } = await armed();
      rig.setCount(4711);
      await heard.until(() => heard.samplesOf(4711) > 0);
      await rig.slow(80);
      plc.permit(permit(7));
      await heard.until(() => heard.outcomes(7).length > 0);
      await heard.until(() => !heard.isArmed);
      await rig.slow(0);
      await heard.until(() => heard.isArmed);
      expect(heard.outcomes(7)).toHaveLength(1);
      expect(heard.outcomes(7)).not.toEqual(["done"]);
      expect(new Set(heard.belts.map((stamp) => stamp.count))).toEqual(new Set([500, 4711]));
    });

    test("a plain gate in doubt over a broken connection stays disarmed until a person has tested it", async () => {
      const { plc, heard } = await armed();
      await rig.silenceFromCommand();
      plc.permit(plain(7));
      await heard.until(() => heard.outcomes(7).length > 0);
      await heard.until(() => !heard.isConnected);
      await rig.unsilence();
      await heard.until(() => heard.isConnected && heard.position("plain") === "home");
      expect(heard.outcomes(7)).toEqual(["inDoubt"]);
      expect(counts(plc.health())).toEqual({ inDoubt: 1, armed: false });
      plc.tested("plain");
      await heard.until(() => heard.isArmed);
    });

    test("a frozen device that wakes carries out no command that it slept over", async () => {
      const { plc, heard } = await armed();
      heard.atLastLook = () => rig.freeze();
      plc.permit(permit(7));
      await heard.until(() => heard.outcomes(7).length > 0);
      expect(heard.outcomes(7)).toEqual(["inDoubt"]);
      await heard.until(() => !heard.isConnected);
      rig.setCount(rig.count() + 5000);
      rig.thaw();
      await heard.until(() => heard.isArmed);
      for (const { verdict } of await rig.arrivals("judged")) expect(verdict).not.toBe(1);
      expect(heard.gates.filter((gate) => gate.position === "out")).toEqual([]);
    });

    test("a withdrawal to a device that is away is kept and confirmed when it is back", async () => {
      const { plc, heard } = await armed();
      plc.permit(permit(7));
      await heard.until(() => heard.position("judged") === "out");
      await rig.cut();
      await heard.until(() => !heard.isConnected);
      plc.withdraw({ id: 100, gateId: "judged", voidUpTo: 7 });
      await rig.restore();
      await heard.until(() => heard.withdrawals.some((withdrawal) => withdrawal.outcome === "done"));
      expect(heard.position("judged")).toBe("home");
    });

    test("a lost connection disarms, drops what waits, hides the gates, and comes back armed", async () => {
      const { plc, heard } = await armed();
      plc.permit(permit(7, { fromNs: rig.nowNs() + 10e9, untilNs: rig.nowNs() + 20e9 }));
      await rig.cut();
      await heard.until(() => !heard.isConnected);
      expect(heard.isArmed).toBe(false);
      expect(heard.outcomes(7)).toEqual(["notSent"]);
      expect(heard.position("judged")).toBe("unknown");
      plc.permit(permit(8));
      await heard.until(() => heard.outcomes(8).length > 0);
      expect(heard.outcomes(8)).toEqual(["notSent"]);
      await rig.restore();
      await heard.until(() => heard.isArmed);
      expect(plc.health().reconnects).toBe(1);
    });

    test("a loop that no longer lives lets the device trip: disarmed, gates home, and armed again when it lives", async () => {
      const { plc, heard } = await armed();
      plc.permit(plain(7));
      await heard.until(() => heard.position("plain") === "out");
      rig.live(false);
      await heard.until(() => !heard.isArmed);
      await heard.until(() => heard.position("plain") === "home");
      expect(heard.isConnected).toBe(true);
      expect(await rig.trips()).toBe(1);
      rig.live(true);
      await heard.until(() => heard.isArmed);
    });

    test("an eye's edges carry the counts and times of the samples around them", async () => {
      const { heard } = await armed();
      rig.setCount(1000);
      // Where inputs are read on their own, the count of the sample before is the surer bound.
      await heard.until(() => heard.samplesOf(1000) > 2);
      const beforeNs = rig.nowNs();
      rig.setEye(true);
      await heard.until(() => heard.eyes.length > 0);
      const [edge] = heard.eyes;
      expect(edge).toMatchObject({ eyeId: "eye1", edge: "dark", after: { count: 1000 }, upTo: { count: 1000 } });
      expect(edge?.upTo.atNs).toBeGreaterThan(beforeNs);
      expect(edge?.upTo.atNs).toBeGreaterThan(edge?.after.atNs ?? 0);
      rig.setEye(false);
      await heard.until(() => heard.eyes.length > 1);
      expect(heard.eyes[1]).toMatchObject({ edge: "light" });
    });

    test("an eye that changed while nobody looked makes no edge", async () => {
      const { heard } = await armed();
      await rig.cut();
      await heard.until(() => !heard.isConnected);
      rig.setEye(true);
      await rig.restore();
      await heard.until(() => heard.isArmed);
      expect(heard.eyes).toEqual([]);
    });

    test("a line permit is raised, survives a reconnection, and falls when the driver closes", async () => {
      const { plc, heard } = await armed();
      plc.linePermit("run", true);
      await heard.until(() => rig.isOut("run"));
      await rig.cut();
      await heard.until(() => !heard.isConnected);
      await rig.restore();
      await heard.until(() => heard.isArmed);
      await heard.until(() => rig.isOut("run"));
      await plc.close(1000);
      expect(rig.isOut("run")).toBe(false);
    });

    test("closing withdraws every gate", async () => {
      const { plc, heard } = await armed();
      plc.permit(permit(7));
      plc.permit(plain(8));
      await heard.until(() => heard.position("judged") === "out" && heard.position("plain") === "out");
      await plc.close(1000);
      expect([rig.isOut("judged"), rig.isOut("plain")]).toEqual([false, false]);
    });

    test("closing beside a device that is away settles all the same", async () => {
      const { plc, heard } = await armed();
      await rig.cut();
      await heard.until(() => !heard.isConnected);
      await plc.close(1000);
    });
  });
}
