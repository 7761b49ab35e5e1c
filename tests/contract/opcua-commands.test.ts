// Commands over OPC UA that come to no clear end: broken links, frozen servers, answers in any order or that say neither yes nor no.
import { describe, expect, test } from "vitest";
import { opcUaFile } from "./opcua-file.ts";

const { armed, permit, plain, rig } = opcUaFile();

describe("a gate by variable", () => {
  test("goes out by one write of one array, is judged, and comes home by a withdrawal", async () => {
    const { plc, heard } = await armed();
    plc.permit(permit(7));
    await heard.until(() => heard.position("judged") === "out" && heard.outcomes(7).length > 0);
    expect(heard.outcomes(7)).toEqual(["done"]);
    plc.withdraw({ id: 100, gateId: "judged", voidUpTo: 7 });
    await heard.until(() => heard.withdrawals.length > 0);
    expect(heard.withdrawals).toEqual([{ id: 100, outcome: "done" }]);
    expect(await rig().arrivals("judged")).toMatchObject([{ sequence: 7, verdict: 1 }]);
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
    const out = async () => (await rig().arrivals("plain")).filter(({ verdict }) => verdict === 1);
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
    await rig().cut();
    plc.permit(plain(7));
    await heard.until(() => heard.outcomes(7).length > 0 && !heard.isConnected);
    plc.permit(plain(8));
    await heard.until(() => heard.outcomes(8).length > 0);
    expect(heard.outcomes(8)).toEqual(["notSent"]);
    await rig().restore();
    await heard.until(() => heard.isConnected);
    const before = heard.belts.length;
    await heard.until(() => heard.belts.length > before + 20);
    expect(await rig().arrivals("plain")).toEqual([]);
  });

  test("keeps the session: the next connection takes it up again", async () => {
    const { plc, heard, sim } = await armed();
    await rig().cut();
    await heard.until(() => !heard.isConnected);
    await rig().restore();
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
    rig().setCount(rig().count() + 5000);
    sim.thaw();
    await heard.until(() => heard.isArmed);
    for (const { verdict } of await rig().arrivals("judged")) expect(verdict).not.toBe(1);
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
    expect(await rig().arrivals("judged")).toEqual([]);
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
      expect(await rig().arrivals("judged")).toHaveLength(1);
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
