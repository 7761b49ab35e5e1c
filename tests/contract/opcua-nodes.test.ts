// What an OPC UA server says of its nodes: quality, names that it does not know, edges that it keeps, and a look at all of them.
import { describe, expect, test } from "vitest";
import { lookAtServer } from "../../drivers/opcua/look.ts";
import { opcUaFile } from "./opcua-file.ts";
import { node, uaDevice } from "./opcua-rig.ts";
import { wiring } from "./small-plant.ts";

const { armed, bench, opened, permit, rig } = opcUaFile();

describe("quality", () => {
  test.each(["bad", "stale"] as const)(
    "an eye that is %s makes no edge, the device counts as not connected, and is well again by itself",
    async (quality) => {
      const { plc, heard, sim } = await armed();
      const { reconnects } = plc.health();
      await sim.faults({ quality: { "s=Eye1": quality } });
      await heard.until(() => !heard.isConnected);
      expect(heard.isArmed).toBe(false);
      rig().setEye(true);
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

describe("a name that the server does not know", () => {
  test.each([
    ["node", node("Nowhere"), "the server has no such node"],
    ["namespace", "nsu=http://coline.example/another;s=Air", "the server has no such namespace"],
  ])("a polled signal's %s: it is off and named, and everything else works", async (_, name, why) => {
    const inputs = [
      { first: 0, node: node("Eye1") },
      { first: 1, count: 4, node: node("Switches") },
      { first: 20, node: name },
    ];
    const signals = [{ id: "air", input: 20 }];
    const { heard, plc } = await armed({ inputs }, { wiring: { ...wiring, signals } });
    expect(heard.signals.at(-1)).toEqual({ inputId: "air", value: false });
    expect(plc.health().lastError).toContain(`${name}: ${why}`);
    plc.permit(permit(7));
    await heard.until(() => heard.outcomes(7).length > 0);
    expect(heard.outcomes(7)).toEqual(["done"]);
  });

  test("an eye's: the device does not count as connected, and says which node", async () => {
    await opened({
      inputs: [
        { first: 0, node: node("Eye9") },
        { first: 1, count: 4, node: node("Switches") },
      ],
    });
    await expect
      .poll(() => rig().plc.health().lastError ?? "", { timeout: 5000 })
      .toContain("Eye9: the server has no such node");
    expect(rig().heard.isConnected).toBe(false);
  });
});

describe("a look at the server", () => {
  const look = (change: Record<string, unknown> = {}) =>
    lookAtServer(uaDevice(bench().sim.port, change), bench().folder);

  test("that has all that the site names, of the right kind, is well", async () => {
    await armed();
    expect(await look()).toEqual({
      facts: { endpoint: `opc.tcp://127.0.0.1:${bench().sim.port}`, security: "none", nodes: 11 },
      notices: [],
      error: null,
    });
  });

  test("names each node that is missing or of another kind, by the key of the configuration, and what is wrong", async () => {
    await armed();
    const { notices, error } = await look({
      inputs: [
        { first: 0, node: node("Eye9") },
        { first: 1, count: 5, node: node("Switches") },
        { first: 9, node: "nsu=http://coline.example/another;s=Air" },
      ],
      numbers: [
        { register: 0, node: node("Watchdog.Count"), type: "UInt32" },
        { register: 1, node: node("Watchdog.Echo"), type: "UInt16" },
        { register: 2, node: node("Belt.Count"), type: "UInt32" },
      ],
      outputs: [{ coil: 0, node: node("Belt.Count") }],
    });
    expect(error).toBe("5 of 11 nodes are not what the site says");
    expect(notices.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^inputs\[0\]: .*Eye9: the server has no such node/),
      expect.stringMatching(/^inputs\[1\]: .*has no bit 4/),
      expect.stringMatching(/^inputs\[2\]: .*no such namespace/),
      expect.stringMatching(/^numbers\[0\]: .*is UInt16, not UInt32/),
      expect.stringMatching(/^outputs\[0\]: .*is UInt32, not Boolean/),
    ]);
  });

  test("that falls silent ends with the time that a session may take", async () => {
    const { sim } = await armed();
    sim.freeze();
    expect(await look({ connectMs: 500 })).toMatchObject({
      notices: [],
      error: expect.stringMatching(/^no session within 500 ms: .*connectMs/),
    });
  });

  test("that is not there says why", async () => {
    await armed();
    await rig().cut();
    expect(await look()).toMatchObject({ notices: [], error: expect.stringMatching(/ECONNREFUSED|connect/i) });
  });
});

describe("an eye whose edges the device keeps", () => {
  const KEPT = { pollMs: 100, timeoutMs: 200, latches: [{ register: 60, node: node("Eye1.Edges") }] };
  const latch = { register: 60, from: "inputRegisters", depth: 2 } as const;
  const eyes = [{ id: "eye1", input: 0, encoderId: "enc1", latch }];
  const more = { wiring: { ...wiring, eyes } };

  test("tells a pulse that comes and goes between two polls, with the counts at which the device saw it", async () => {
    const { heard } = await armed(KEPT, more);
    for (const [count, isDark] of [
      [1000, true],
      [1010, false],
      [2000, false],
    ] as const) {
      rig().setCount(count);
      rig().setEye(isDark);
      await bench().scanned();
    }
    await heard.until(() => heard.eyes.length >= 2);
    expect(heard.eyes.map(({ edge, upTo }) => [edge, upTo.count])).toEqual([
      ["dark", 1000],
      ["light", 1010],
    ]);
    expect(heard.eyes[0]?.after.count).toBe(1000);
  });

  test("that is not known makes no edge and no sample", async () => {
    const { heard, sim } = await armed(KEPT, more);
    await sim.faults({ quality: { "s=Eye1.Edges": "bad" } });
    await heard.until(() => !heard.isConnected);
    rig().setEye(true);
    await bench().scanned();
    expect(heard.eyes).toEqual([]);
  });
});
