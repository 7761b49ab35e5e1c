// Signals that an OPC UA server reports by itself: as they change, of bad quality, missing, and over what ends.
import { describe, expect, test } from "vitest";
import { opcUaFile } from "./opcua-file.ts";
import { node } from "./opcua-rig.ts";
import { wiring } from "./small-plant.ts";

const { armed, bench, permit, rig } = opcUaFile();

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
  const air = (): boolean | undefined => rig().heard.signals.at(-1)?.value;

  test("is told as it is, and as it changes", async () => {
    const { heard, plc } = await armed(REPORTED, more);
    await heard.until(() => air() === false);
    bench().setAir(true);
    await heard.until(() => air() === true);
    // A starved machine may cost the link, and what is counted begins anew with the next one.
    await heard.until(() => plc.counts().subscriptions === 1);
  });

  test("of bad quality is off, the side on which nothing is well", async () => {
    const { heard, sim } = await armed(REPORTED, more);
    bench().setAir(true);
    await heard.until(() => air() === true);
    await sim.faults({ quality: { "s=Air": "bad" } });
    await heard.until(() => air() === false);
  });

  test("whose node the server does not have is off and named with what to do; everything else works", async () => {
    const inputs = [...REPORTED.inputs.slice(0, 2), { first: 20, node: node("Nowhere"), readBy: "subscription" }];
    const { heard, plc } = await armed({ ...REPORTED, inputs }, more);
    await heard.until(() => air() === false);
    expect(plc.health().lastError).toMatch(/Nowhere: the server has no such node .* coline check SITE --devices/);
    plc.permit(permit(7));
    await heard.until(() => heard.outcomes(7).length > 0);
    expect(heard.outcomes(7)).toEqual(["done"]);
  });

  test("beside one that the server does not have is told as it changes", async () => {
    const inputs = [...REPORTED.inputs, { first: 21, node: node("Nowhere"), readBy: "subscription" }];
    const signals = [...more.wiring.signals, { id: "nowhere", input: 21 }];
    const { heard } = await armed({ ...REPORTED, inputs }, { wiring: { ...wiring, signals } });
    const last = (id: string) => heard.signals.findLast(({ inputId }) => inputId === id)?.value;
    await heard.until(() => last("air") === false);
    bench().setAir(true);
    await heard.until(() => last("air") === true);
    expect(last("nowhere")).toBe(false);
  });

  test("goes on over a broken link, with the same subscription", async () => {
    const { heard, plc } = await armed(REPORTED, more);
    await rig().cut();
    await heard.until(() => !heard.isConnected);
    await rig().restore();
    bench().setAir(true);
    await heard.until(() => heard.isArmed && air() === true);
    bench().setAir(false);
    await heard.until(() => air() === false);
    expect(plc.counts()).toEqual({ sessions: 1, subscriptions: 1, transferred: 0 });
  });

  test("is taken over into a new session where the server has kept the subscription", async () => {
    const { heard, plc, sim } = await armed(REPORTED, more);
    await sim.dropSessions({ withSubscriptions: false });
    await heard.until(() => plc.counts().sessions === 2 && heard.isArmed);
    bench().setAir(true);
    await heard.until(() => air() === true);
    const { subscriptions, transferred } = plc.counts();
    expect(subscriptions + transferred).toBe(2);
  });

  test("is made anew when the server has dropped its subscription and says nothing", async () => {
    const { heard, plc, sim } = await armed(REPORTED, more);
    await heard.until(() => air() === false);
    await sim.dropSubscriptions();
    bench().setAir(true);
    await heard.until(() => plc.counts().subscriptions > 1 && air() === true);
    expect(plc.counts().sessions).toBe(1);
  });
});
