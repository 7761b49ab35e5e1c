// From the tables of a site to the nodes of its simulated OPC UA device, and to the same device on the virtual line.
import { describe, expect, test } from "vitest";
import { machineOf } from "../../../simulators/virtual/machine-of.ts";
import { wireDevice } from "../../../simulators/wired/device-wiring.ts";
import { siteNodes } from "../../../simulators/wired/opcua/site-nodes.ts";
import type { Site } from "../../../src/config/load.ts";
import { exampleTexts, loadedSite } from "../config/example-site.ts";

const site = loadedSite(exampleTexts("three-buses"));
type UaDevice = Extract<Site["line"]["devices"][number], { driver: "opcua" }>;

function opcua(change: Partial<UaDevice> = {}): UaDevice {
  const device = site.line.devices.find((each) => each.id === "io-a");
  if (device?.driver !== "opcua") throw new Error("io-a is not behind OPC UA");
  return { ...device, ...change };
}

describe("a simulated device behind OPC UA", () => {
  test("shows each node of the site's tables, and the place that its number names", () => {
    const { namespace, nodes, mailboxes } = siteNodes(opcua(), site.line);
    expect(namespace).toBe("http://vendor.example/belt-a");
    expect(nodes).toContainEqual({ kind: "inputs", node: "s=Eyes", address: 0, count: 16 });
    expect(nodes).toContainEqual({ kind: "count", node: "s=Watchdog.Count", register: 0, type: "UInt16" });
    expect(nodes).toContainEqual({ kind: "number", node: "s=Watchdog.Echo", register: 1, type: "UInt16" });
    expect(nodes).toContainEqual({ kind: "output", node: "s=A3", coil: 2 });
    expect(mailboxes).toEqual([]);
  });

  test("has its eyes, switches and outputs at the terminals of any other, and its server's address", () => {
    const { plc } = wireDevice(opcua(), site, { ports: "site", portLink: ({ path }) => path, ioWatchdogMs: null });
    expect(plc).toMatchObject({ host: "127.0.0.1", port: 4840, unit: 1, packedInputs: null });
    expect(plc.opcua?.nodes.length).toBeGreaterThan(5);
    expect(plc.discreteInputs.map(({ address }) => address)).toContain(16);
  });

  test("judges commands under the gate's name where the site has a mailbox", () => {
    const command = { by: "variable", divert: "nsu=urn:x;s=D", withdraw: "nsu=urn:x;s=W" } as const;
    const mailboxes = [{ register: 100, status: 200, state: "nsu=urn:x;s=S", command }];
    const alone = { inputs: [], numbers: [], outputs: [], latches: [], mailboxes };
    expect(siteNodes(opcua(alone), site.line).mailboxes).toEqual([
      {
        register: 100,
        status: 200,
        gateId: "mailbox 100",
        state: "s=S",
        command: { by: "variable", divert: "s=D", withdraw: "s=W" },
      },
    ]);
  });

  test("is refused where it could not be told apart from a real one's mistakes", () => {
    const numbered = { outputs: [{ coil: 0, node: "ns=2;s=A1" }] };
    expect(() => siteNodes(opcua(numbered), site.line)).toThrow(/URI of its namespace/);
    const second = { outputs: [{ coil: 0, node: "nsu=urn:other;s=A1" }] };
    expect(() => siteNodes(opcua(second), site.line)).toThrow(/second namespace/);
  });

  test("is on the virtual line the PLC that its numbers describe", () => {
    expect(machineOf(opcua())).toMatchObject({
      id: "io-a",
      pollMs: 8,
      watchdog: { counterRegister: 0, echoRegister: 1 },
    });
  });
});
