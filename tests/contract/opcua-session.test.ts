// OPC UA sessions and subscriptions: slow to come, ended by the server, taken over, and nothing left of them.
import { describe, expect, test } from "vitest";
import { opcUaFile } from "./opcua-file.ts";

const { armed, permit, rig } = opcUaFile();

describe("a server that takes its time for a session, as a small PLC does for certificates", () => {
  /** Of each message of the server's; a session takes some five of them. */
  const SLOW_MS = 200;

  /** Connected once, cut off, and slow when it is back. */
  async function slowly(connectMs: number) {
    const slow = await armed({ connectMs });
    await slow.cut();
    await slow.heard.until(() => !slow.heard.isConnected);
    await slow.sim.slow(SLOW_MS);
    await slow.restore();
    return slow;
  }

  test("has the time that the site gives it", async () => {
    const { heard, plc, sim } = await slowly(10_000);
    await expect.poll(() => plc.health().reconnects, { timeout: 10_000 }).toBeGreaterThan(0);
    await sim.slow(0);
    await heard.until(() => heard.isArmed);
    expect(plc.counts().sessions).toBe(1);
  });

  test("longer than the site allows is named, and tried again until it is quick enough", async () => {
    const { heard, plc, sim } = await slowly(500);
    await expect
      .poll(() => plc.health().lastError ?? "", { timeout: 10_000 })
      .toMatch(/^no session within 500 ms: .*connectMs/);
    expect(plc.health().reconnects).toBe(0);
    await sim.slow(0);
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

describe("nothing is left hanging", () => {
  const held = (): { sockets: number; timers: number } => {
    const names = process.getActiveResourcesInfo();
    const count = (wanted: string): number => names.filter((name) => name === wanted).length;
    return { sockets: count("TCPSocketWrap"), timers: count("Timeout") };
  };

  test("after connections that broke, sessions that ended and drivers that were closed: as many handles and timers", async () => {
    const once = async (): Promise<void> => {
      const { heard, sim } = await armed();
      await rig().cut();
      await heard.until(() => !heard.isConnected);
      await rig().restore();
      await heard.until(() => heard.isConnected);
      await sim.dropSessions({ withSubscriptions: true });
      await heard.until(() => !heard.isConnected);
      await heard.until(() => heard.isConnected);
      await rig().close();
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
    const beganNs = rig().nowNs();
    await plc.close(300);
    expect(rig().nowNs() - beganNs).toBeLessThan(2e9);
  });
});
