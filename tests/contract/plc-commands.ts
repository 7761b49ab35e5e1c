// What a PLC driver owes its caller for permits and withdrawals while the device does as it is told.
import { expect, test } from "vitest";
import type { ArmedRig } from "./plc-rig.ts";

export function plcCommands(armed: () => Promise<ArmedRig>): void {
  test("a permit in its window is looked at once, done, and the gate is out", async () => {
    const rig = await armed();
    const { plc, heard } = rig;
    plc.permit(rig.permit(7));
    await heard.until(() => heard.outcomes(7).length > 0 && heard.position("judged") === "out");
    expect(heard.outcomes(7)).toEqual(["done"]);
    expect(heard.lastLooks).toEqual([7]);
    expect(await rig.arrivals("judged")).toMatchObject([{ verdict: 1 }]);
  });

  test("the device brings the gate home at the permit's count, nobody asks it to", async () => {
    const rig = await armed();
    const { plc, heard } = rig;
    plc.permit(rig.permit(7));
    await heard.until(() => heard.position("judged") === "out");
    rig.setCount(rig.count() + 300);
    await heard.until(() => heard.position("judged") === "home");
    expect(rig.isOut("judged")).toBe(false);
    expect(heard.withdrawals).toEqual([]);
  });

  test("a permit whose belt window is over is refused by the device", async () => {
    const rig = await armed();
    const { plc, heard } = rig;
    const window = { fromCount: rig.count() - 200, untilCount: rig.count() - 100, homeAtCount: rig.count() };
    plc.permit(rig.permit(8, { window }));
    await heard.until(() => heard.outcomes(8).length > 0);
    expect(heard.outcomes(8)).toEqual(["refused"]);
    expect(rig.isOut("judged")).toBe(false);
  });

  test("a sequence older than one that was judged is refused by the device", async () => {
    const rig = await armed();
    const { plc, heard } = rig;
    plc.permit(rig.permit(9));
    await heard.until(() => heard.outcomes(9).length > 0);
    plc.permit(rig.permit(5));
    await heard.until(() => heard.outcomes(5).length > 0);
    expect(heard.outcomes(5)).toEqual(["refused"]);
  });

  test("a permit that is late already is never written", async () => {
    const rig = await armed();
    const { plc, heard } = rig;
    plc.permit(rig.permit(3, { fromNs: rig.nowNs() - 2e6, untilNs: rig.nowNs() - 1e6 }));
    await heard.until(() => heard.outcomes(3).length > 0);
    expect(heard.outcomes(3)).toEqual(["notSent"]);
    expect(heard.lastLooks).toEqual([]);
    expect(await rig.arrivals("judged")).toEqual([]);
  });

  test("a permit of the future is not written before its time", async () => {
    const rig = await armed();
    const { plc, heard } = rig;
    const fromNs = rig.nowNs() + 30e6;
    plc.permit(rig.plain(3, { fromNs }));
    await heard.until(() => heard.lastLooks.length > 0);
    expect(rig.nowNs()).toBeGreaterThanOrEqual(fromNs);
  });

  test("a last look that says no is the end of the permit, without an outcome", async () => {
    const rig = await armed();
    const { plc, heard } = rig;
    heard.mayGo = false;
    plc.permit(rig.permit(3));
    await heard.until(() => heard.lastLooks.length > 0);
    heard.mayGo = true;
    plc.permit(rig.permit(4));
    await heard.until(() => heard.outcomes(4).length > 0);
    expect(heard.outcomes(3)).toEqual([]);
    expect(await rig.arrivals("judged")).toHaveLength(1);
  });

  test("a cancelled permit is not sent", async () => {
    const rig = await armed();
    const { plc, heard } = rig;
    plc.permit(rig.permit(3, { fromNs: rig.nowNs() + 500e6, untilNs: rig.nowNs() + 900e6 }));
    plc.cancel(3);
    await heard.until(() => heard.outcomes(3).length > 0);
    expect(heard.outcomes(3)).toEqual(["notSent"]);
    expect(heard.lastLooks).toEqual([]);
  });

  test("events never come from within a call", async () => {
    const rig = await armed();
    const { plc, heard } = rig;
    plc.permit(rig.permit(3, { untilNs: rig.nowNs() - 1 }));
    expect(heard.outcomes(3)).toEqual([]);
    await heard.until(() => heard.outcomes(3).length > 0);
  });

  test("a withdrawal brings the gate home, is confirmed by its home feedback, and voids what is not yet written", async () => {
    const rig = await armed();
    const { plc, heard } = rig;
    plc.permit(rig.permit(7));
    await heard.until(() => heard.position("judged") === "out");
    plc.permit(rig.permit(8, { fromNs: rig.nowNs() + 500e6, untilNs: rig.nowNs() + 900e6 }));
    plc.withdraw({ id: 100, gateId: "judged", voidUpTo: 8 });
    await heard.until(() => heard.withdrawals.length > 0);
    expect(heard.withdrawals).toEqual([{ id: 100, outcome: "done" }]);
    expect(heard.position("judged")).toBe("home");
    expect(heard.outcomes(8)).toEqual(["notSent"]);
  });

  test("a plain gate goes out and comes home", async () => {
    const rig = await armed();
    const { plc, heard } = rig;
    plc.permit(rig.plain(7));
    await heard.until(() => heard.position("plain") === "out");
    plc.withdraw({ id: 100, gateId: "plain", voidUpTo: 7 });
    await heard.until(() => heard.withdrawals.length > 0);
    expect(heard.outcomes(7)).toEqual(["done"]);
    expect(heard.position("plain")).toBe("home");
  });

  test("a plain gate is taken back after its longest time out", async () => {
    const rig = await armed();
    const { plc, heard } = rig;
    plc.permit(rig.plain(7, { maxOutMs: 30 }));
    await heard.until(() => heard.position("plain") === "out");
    await heard.until(() => heard.position("plain") === "home");
    expect(heard.withdrawals).toEqual([]);
  });
}
