// What a PLC driver owes its caller when replies are late, lost or broken, and when the device sleeps.
import { expect, test } from "vitest";
import type { DeviceHealth } from "../../drivers/buses/port.ts";
import type { ArmedRig } from "./plc-rig.ts";

const counts = ({ inDoubt, armed }: DeviceHealth) => ({ inDoubt, armed });

export function plcDoubts(armed: () => Promise<ArmedRig>): void {
  test("a silent device: the permit is in doubt, was written once, and the device is disarmed until it is settled", async () => {
    const rig = await armed();
    const { plc, heard } = rig;
    await rig.silenceFromCommand();
    plc.permit(rig.permit(7));
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
    const rig = await armed();
    const { plc, heard } = rig;
    await rig.loseNextReply();
    plc.permit(rig.permit(7));
    await heard.until(() => heard.outcomes(7).length > 0 && !heard.isArmed);
    await heard.until(() => heard.isArmed);
    expect(heard.outcomes(7)).toEqual(["inDoubt"]);
    expect(plc.health()).toMatchObject({ inDoubt: 0, reconnects: 0 });
    expect(await rig.arrivals("judged")).toHaveLength(1);
  });

  test("a lost reply of a plain gate is settled by the read-back, and the gate that it shows out is taken home", async () => {
    const rig = await armed();
    const { plc, heard } = rig;
    await rig.loseNextReply();
    plc.permit(rig.plain(7));
    await heard.until(() => heard.outcomes(7).length > 0 && !heard.isArmed);
    await heard.until(() => heard.isArmed && heard.position("plain") === "home");
    expect(heard.outcomes(7)).toEqual(["inDoubt"]);
    expect(plc.health()).toMatchObject({ inDoubt: 0, reconnects: 0 });
  });

  test("a lost reply of a withdrawal: told in doubt, then done", async () => {
    const rig = await armed();
    const { plc, heard } = rig;
    plc.permit(rig.plain(7));
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
    const rig = await armed();
    const { plc, heard } = rig;
    await rig.split(1);
    plc.permit(rig.permit(7));
    await heard.until(() => heard.outcomes(7).length > 0);
    expect(heard.outcomes(7)).toEqual(["done"]);
    expect(plc.health().reconnects).toBe(0);
  });

  test("a device that always answers just after the deadline never gets a reply taken for another's", async () => {
    const rig = await armed();
    const { plc, heard } = rig;
    rig.setCount(4711);
    await heard.until(() => heard.samplesOf(4711) > 0);
    await rig.slow(80);
    plc.permit(rig.permit(7));
    await heard.until(() => heard.outcomes(7).length > 0);
    await heard.until(() => !heard.isArmed);
    await rig.slow(0);
    await heard.until(() => heard.isArmed);
    expect(heard.outcomes(7)).toHaveLength(1);
    expect(heard.outcomes(7)).not.toEqual(["done"]);
    expect(new Set(heard.belts.map((stamp) => stamp.count))).toEqual(new Set([500, 4711]));
  });

  test("a plain gate in doubt over a broken connection stays disarmed until a person has tested it", async () => {
    const rig = await armed();
    const { plc, heard } = rig;
    await rig.silenceFromCommand();
    plc.permit(rig.plain(7));
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
    const rig = await armed();
    const { plc, heard } = rig;
    heard.atLastLook = () => rig.freeze();
    plc.permit(rig.permit(7));
    await heard.until(() => heard.outcomes(7).length > 0);
    expect(heard.outcomes(7)).toEqual(["inDoubt"]);
    await heard.until(() => !heard.isConnected);
    rig.setCount(rig.count() + 5000);
    rig.thaw();
    await heard.until(() => heard.isArmed);
    for (const { verdict } of await rig.arrivals("judged")) expect(verdict).not.toBe(1);
    expect(heard.gates.filter((gate) => gate.position === "out")).toEqual([]);
  });
}
