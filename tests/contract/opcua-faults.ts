// What only OPC UA has: quality, order of answers, sessions and subscriptions that end, and a library that must not repeat.
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import type { GatePermit } from "../../drivers/buses/port.ts";
import { node, type OpcUaBench, type OpcUaRig } from "./opcua-rig.ts";
import { wiring } from "./small-plant.ts";

/** Asked of the driver by whoever has started the simulated device. */
export function opcUaFaults(theBench: () => OpcUaBench): void {
  let bench: OpcUaBench;
  let rig: OpcUaRig;
  beforeAll(() => {
    bench = theBench();
  });
  afterEach(() => rig.close());

  const BY_VARIABLE = {
    mailboxes: [
      {
        ...{ register: 100, status: 16, state: node("Varied.State") },
        command: { by: "variable", divert: node("Varied.Command"), withdraw: node("Varied.Void") },
      },
    ],
  };

  async function armed(change: Record<string, unknown> = {}, more: { wiring?: typeof wiring } = {}): Promise<OpcUaRig> {
    rig = await bench.rig({ ...BY_VARIABLE, timeoutMs: 150, ...change }, more);
    await rig.heard.until(() => rig.heard.isArmed);
    return rig;
  }

  const permit = (id: number, change: Partial<GatePermit> = {}): GatePermit => ({
    ...{ id, gateId: "judged", chuteId: "chute1" },
    fromNs: rig.nowNs(),
    untilNs: rig.nowNs() + 1e9,
    window: { fromCount: rig.count(), untilCount: rig.count() + 100, homeAtCount: rig.count() + 300 },
    maxOutMs: 60_000,
    ...change,
  });

  const plain = (id: number): GatePermit => permit(id, { gateId: "plain", chuteId: "chute2", window: null });

  describe("a gate by variable", () => {
    test("goes out by one write of one array, is judged, and comes home by a withdrawal", async () => {
      const { plc, heard } = await armed();
      plc.permit(permit(7));
      await heard.until(() => heard.position("judged") === "out" && heard.outcomes(7).length > 0);
      expect(heard.outcomes(7)).toEqual(["done"]);
      plc.withdraw({ id: 100, gateId: "judged", voidUpTo: 7 });
      await heard.until(() => heard.withdrawals.length > 0);
      expect(heard.withdrawals).toEqual([{ id: 100, outcome: "done" }]);
      expect(await rig.arrivals("judged")).toMatchObject([{ sequence: 7, verdict: 1 }]);
    });
  });

  describe("a broken link", () => {
    test("during a write: in doubt at once, and nothing is carried out when it is back", async () => {
      const { plc, heard, sim } = await armed();
      heard.atLastLook = () => sim.freeze();
      plc.permit(plain(7));
      await heard.until(() => heard.outcomes(7).length > 0);
      heard.atLastLook = () => {};
      expect(heard.outcomes(7)).toEqual(["inDoubt"]);
      await heard.until(() => !heard.isConnected);
      sim.thaw();
      await heard.until(() => heard.isConnected);
      // What the frozen server held before the reset it may have done; what is sent after it came back is ours alone.
      const out = async () => (await rig.arrivals("plain")).filter(({ verdict }) => verdict === 1);
      expect((await out()).length).toBeLessThanOrEqual(1);
      const before = heard.belts.length;
      await heard.until(() => heard.belts.length > before + 20);
      expect(await out()).toEqual([]);
      expect(plc.health()).toMatchObject({ inDoubt: 1, armed: false });
      plc.tested("plain");
      await heard.until(() => heard.isArmed);
    });

    test("takes no write: a permit while it is down is not sent, then or later", async () => {
      const { plc, heard } = await armed();
      await rig.cut();
      plc.permit(plain(7));
      await heard.until(() => heard.outcomes(7).length > 0 && !heard.isConnected);
      plc.permit(plain(8));
      await heard.until(() => heard.outcomes(8).length > 0);
      expect(heard.outcomes(8)).toEqual(["notSent"]);
      await rig.restore();
      await heard.until(() => heard.isConnected);
      const before = heard.belts.length;
      await heard.until(() => heard.belts.length > before + 20);
      expect(await rig.arrivals("plain")).toEqual([]);
    });

    test("keeps the session: the next connection takes it up again", async () => {
      const { plc, heard, sim } = await armed();
      await rig.cut();
      await heard.until(() => !heard.isConnected);
      await rig.restore();
      await heard.until(() => heard.isArmed);
      expect(plc.counts().sessions).toBe(1);
      expect(await sim.sessions()).toMatchObject({ now: 1 });
    });
  });

  describe("a frozen server", () => {
    test("that wakes carries out what it had received, and the judging gate says no", async () => {
      const { plc, heard, sim } = await armed();
      heard.atLastLook = () => sim.freeze();
      plc.permit(permit(7));
      await heard.until(() => heard.outcomes(7).length > 0 && !heard.isConnected);
      rig.setCount(rig.count() + 5000);
      sim.thaw();
      await heard.until(() => heard.isArmed);
      for (const { verdict } of await rig.arrivals("judged")) expect(verdict).not.toBe(1);
      expect(heard.gates.filter(({ position }) => position === "out")).toEqual([]);
    });
  });

  describe("answers in any order", () => {
    test("a read that shows a plain gate at home does not end the doubt about a write that may still be on its way", async () => {
      const { plc, heard, sim } = await armed();
      await sim.faults({ heldCommands: 1 });
      plc.permit(plain(7));
      await heard.until(() => heard.outcomes(7).length > 0);
      expect(heard.outcomes(7)).toEqual(["inDoubt"]);
      const before = heard.belts.length;
      await heard.until(() => heard.belts.length > before + 20);
      expect(plc.health()).toMatchObject({ connected: true, inDoubt: 1, armed: false });
      plc.tested("plain");
      await heard.until(() => heard.isArmed);
    });

    test("a judging gate's doubt ends by a withdrawal that voids what may still be on its way", async () => {
      const { plc, heard, sim } = await armed();
      await sim.faults({ heldCommands: 1 });
      plc.permit(permit(7));
      await heard.until(() => heard.outcomes(7).length > 0);
      expect(heard.outcomes(7)).toEqual(["inDoubt"]);
      await heard.until(() => plc.health().inDoubt === 0 && heard.isArmed);
      expect(await rig.arrivals("judged")).toEqual([]);
    });
  });

  describe("an answer that says neither yes nor no", () => {
    test.each(["BadTimeout", "GoodCompletesAsynchronously"])(
      "%s: the command is in doubt, and the state of the gate settles it",
      async (status) => {
        const { plc, heard, sim } = await armed();
        await sim.faults({ answerCommands: status });
        plc.permit(permit(7));
        await heard.until(() => heard.outcomes(7).length > 0);
        expect(heard.outcomes(7)).toEqual(["inDoubt"]);
        await sim.faults({ answerCommands: null });
        await heard.until(() => plc.health().inDoubt === 0 && heard.isArmed);
        expect(await rig.arrivals("judged")).toHaveLength(1);
      },
    );

    test("BadTypeMismatch: refused, and no doubt", async () => {
      const { plc, heard, sim } = await armed();
      await sim.faults({ answerCommands: "BadTypeMismatch" });
      plc.permit(permit(7));
      await heard.until(() => heard.outcomes(7).length > 0);
      expect(heard.outcomes(7)).toEqual(["refused"]);
      expect(plc.health().inDoubt).toBe(0);
      expect(plc.health().lastError).toContain("BadTypeMismatch");
    });
  });

  describe("quality", () => {
    test.each(["bad", "stale"] as const)(
      "an eye that is %s makes no edge, the device counts as not connected, and is well again by itself",
      async (quality) => {
        const { plc, heard, sim } = await armed();
        const { reconnects } = plc.health();
        await sim.faults({ quality: { "s=Eye1": quality } });
        await heard.until(() => !heard.isConnected);
        expect(heard.isArmed).toBe(false);
        rig.setEye(true);
        await sim.faults({ quality: {} });
        await heard.until(() => heard.isArmed);
        expect(heard.eyes).toEqual([]);
        expect(plc.health().reconnects).toBe(reconnects);
      },
    );

    test("a gate's state that is uncertain hides its position and disarms the device", async () => {
      const { plc, heard, sim } = await armed();
      await heard.until(() => heard.position("judged") === "home");
      await sim.faults({ quality: { "s=Varied.State": "uncertain" } });
      await heard.until(() => heard.position("judged") === "unknown" && !heard.isArmed);
      expect(plc.health().lastError).toContain("Varied.State");
      expect(heard.isConnected).toBe(true);
      await sim.faults({ quality: {} });
      await heard.until(() => heard.isArmed && heard.position("judged") === "home");
    });

    test("a plain gate's switches that are stale hide its position", async () => {
      const { heard, sim } = await armed();
      await heard.until(() => heard.position("plain") === "home");
      await sim.faults({ quality: { "s=Switches": "stale" } });
      await heard.until(() => heard.position("plain") === "unknown");
      expect(heard.isConnected).toBe(true);
    });

    test("a count that is bad is no position", async () => {
      const { heard, sim } = await armed();
      await sim.faults({ quality: { "s=Belt.Count": "bad" } });
      await heard.until(() => !heard.isConnected);
      const samples = heard.belts.length;
      await sim.faults({ quality: {} });
      await heard.until(() => heard.isConnected);
      expect(heard.belts.length - samples).toBeLessThanOrEqual(2);
    });
  });

  describe("bytes that make no sense", () => {
    /** An answer to a request that nobody made; one of no length. */
    const header = (kind: string, length: number, rest: number): Buffer => {
      const bytes = Buffer.alloc(rest + 8, 0x5a);
      bytes.write(kind, 0, "latin1");
      bytes.writeUInt32LE(length, 4);
      return bytes;
    };
    test.each([
      ["a whole message of noise", header("MSGF", 64, 56)],
      ["a length that there is not", header("MSGF", 0xffff_fff0, 24)],
      ["plain noise", Buffer.alloc(200, 0xa5)],
    ])("%s: the connection ends, the driver lives and comes back", async (_, bytes) => {
      const { heard, sim } = await armed();
      await sim.garbage(bytes);
      await heard.until(() => !heard.isConnected);
      await heard.until(() => heard.isArmed);
    });
  });

  describe("a session", () => {
    test("that the server has ended is made anew, and a withdrawal outlives it", async () => {
      const { plc, heard, sim } = await armed();
      plc.permit(permit(7));
      await heard.until(() => heard.position("judged") === "out");
      await sim.dropSessions({ withSubscriptions: true });
      await heard.until(() => !heard.isConnected);
      plc.withdraw({ id: 100, gateId: "judged", voidUpTo: 7 });
      await heard.until(() => heard.withdrawals.some(({ outcome }) => outcome === "done"));
      await heard.until(() => heard.isArmed);
      expect(plc.counts().sessions).toBe(2);
    });

    test("is closed in good order when the driver ends", async () => {
      const { plc, sim } = await armed();
      await plc.close(1000);
      expect(await sim.sessions()).toMatchObject({ now: 0, subscriptions: 0 });
    });
  });

  describe("a slow signal by subscription", () => {
    const REPORTED = {
      inputs: [
        { first: 0, node: node("Eye1") },
        { first: 1, count: 4, node: node("Switches") },
        { first: 20, node: node("Air"), readBy: "subscription" },
      ],
      subscription: { samplingMs: 20, publishMs: 50, queueSize: 5, lostAfterMs: 600 },
    };
    const more = { wiring: { ...wiring, signals: [{ id: "air", input: 20 }] } };
    const air = (): boolean | undefined => rig.heard.signals.at(-1)?.value;

    test("is told as it is, and as it changes", async () => {
      const { heard, plc } = await armed(REPORTED, more);
      await heard.until(() => air() === false);
      bench.setAir(true);
      await heard.until(() => air() === true);
      expect(plc.counts()).toMatchObject({ subscriptions: 1 });
    });

    test("of bad quality is off, the side on which nothing is well", async () => {
      const { heard, sim } = await armed(REPORTED, more);
      bench.setAir(true);
      await heard.until(() => air() === true);
      await sim.faults({ quality: { "s=Air": "bad" } });
      await heard.until(() => air() === false);
    });

    test("goes on over a broken link, with the same subscription", async () => {
      const { heard, plc } = await armed(REPORTED, more);
      await rig.cut();
      await heard.until(() => !heard.isConnected);
      await rig.restore();
      bench.setAir(true);
      await heard.until(() => heard.isArmed && air() === true);
      bench.setAir(false);
      await heard.until(() => air() === false);
      expect(plc.counts()).toEqual({ sessions: 1, subscriptions: 1, transferred: 0 });
    });

    test("is taken over into a new session where the server has kept the subscription", async () => {
      const { heard, plc, sim } = await armed(REPORTED, more);
      await sim.dropSessions({ withSubscriptions: false });
      await heard.until(() => plc.counts().sessions === 2 && heard.isArmed);
      bench.setAir(true);
      await heard.until(() => air() === true);
      const { subscriptions, transferred } = plc.counts();
      expect(subscriptions + transferred).toBe(2);
    });

    test("is made anew when the server has dropped its subscription and says nothing", async () => {
      const { heard, plc, sim } = await armed(REPORTED, more);
      await heard.until(() => air() === false);
      await sim.dropSubscriptions();
      bench.setAir(true);
      await heard.until(() => plc.counts().subscriptions > 1 && air() === true);
      expect(plc.counts().sessions).toBe(1);
    });
  });

  describe("nothing is left hanging", () => {
    const held = (): { sockets: number; timers: number } => {
      const names = process.getActiveResourcesInfo();
      const count = (wanted: string): number => names.filter((name) => name === wanted).length;
      return { sockets: count("TCPSocketWrap"), timers: count("Timeout") };
    };

    test("after connections that broke, sessions that ended and drivers that were closed: as many handles and timers", async () => {
      const once = async (): Promise<void> => {
        const { heard, sim } = await armed();
        await rig.cut();
        await heard.until(() => !heard.isConnected);
        await rig.restore();
        await heard.until(() => heard.isConnected);
        await sim.dropSessions({ withSubscriptions: true });
        await heard.until(() => !heard.isConnected);
        await heard.until(() => heard.isConnected);
        await rig.close();
        await new Promise((resolve) => setImmediate(resolve));
      };
      await once();
      const before = held();
      for (let i = 0; i < 3; i += 1) await once();
      const after = held();
      expect(after.sockets).toBeLessThanOrEqual(before.sockets);
      expect(after.timers).toBeLessThanOrEqual(before.timers);
    });

    test("on a server that never answers the session's end, closing settles all the same", async () => {
      const { plc, sim } = await armed();
      sim.freeze();
      const beganNs = rig.nowNs();
      await plc.close(300);
      expect(rig.nowNs() - beganNs).toBeLessThan(2e9);
    });
  });
}
