// What a PLC driver owes its caller when the device is away, when it closes, and of all that it reads.
import { expect, test } from "vitest";
import type { ArmedRig } from "./plc-rig.ts";

export function plcConnection(armed: () => Promise<ArmedRig>): void {
  test("a withdrawal to a device that is away is kept and confirmed when it is back", async () => {
    const rig = await armed();
    const { plc, heard } = rig;
    plc.permit(rig.permit(7));
    await heard.until(() => heard.position("judged") === "out");
    await rig.cut();
    await heard.until(() => !heard.isConnected);
    plc.withdraw({ id: 100, gateId: "judged", voidUpTo: 7 });
    await rig.restore();
    await heard.until(() => heard.withdrawals.some((withdrawal) => withdrawal.outcome === "done"));
    expect(heard.position("judged")).toBe("home");
  });

  test("a lost connection disarms, drops what waits, hides the gates, and comes back armed", async () => {
    const rig = await armed();
    const { plc, heard } = rig;
    plc.permit(rig.permit(7, { fromNs: rig.nowNs() + 10e9, untilNs: rig.nowNs() + 20e9 }));
    await rig.cut();
    await heard.until(() => !heard.isConnected);
    expect(heard.isArmed).toBe(false);
    expect(heard.outcomes(7)).toEqual(["notSent"]);
    expect(heard.position("judged")).toBe("unknown");
    plc.permit(rig.permit(8));
    await heard.until(() => heard.outcomes(8).length > 0);
    expect(heard.outcomes(8)).toEqual(["notSent"]);
    await rig.restore();
    await heard.until(() => heard.isArmed);
    expect(plc.health().reconnects).toBe(1);
  });

  test("a loop that no longer lives lets the device trip: disarmed, gates home, and armed again when it lives", async () => {
    const rig = await armed();
    const { plc, heard } = rig;
    plc.permit(rig.plain(7));
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
    const rig = await armed();
    const { heard } = rig;
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
    const rig = await armed();
    const { heard } = rig;
    await rig.cut();
    await heard.until(() => !heard.isConnected);
    rig.setEye(true);
    await rig.restore();
    await heard.until(() => heard.isArmed);
    expect(heard.eyes).toEqual([]);
  });

  test("a line permit is raised, survives a reconnection, and falls when the driver closes", async () => {
    const rig = await armed();
    const { plc, heard } = rig;
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
    const rig = await armed();
    const { plc, heard } = rig;
    plc.permit(rig.permit(7));
    plc.permit(rig.plain(8));
    await heard.until(() => heard.position("judged") === "out" && heard.position("plain") === "out");
    await plc.close(1000);
    expect([rig.isOut("judged"), rig.isOut("plain")]).toEqual([false, false]);
  });

  test("closing beside a device that is away settles all the same", async () => {
    const rig = await armed();
    const { plc, heard } = rig;
    await rig.cut();
    await heard.until(() => !heard.isConnected);
    await plc.close(1000);
  });
}
