// A site whose devices are behind three buses in the rig: a serial line at a port of its own, and the copy that names it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { localiseSite } from "../../../simulators/wired/localise-site.ts";
import { planRig, portPaths, RIG_DEFAULTS } from "../../../simulators/wired/plan.ts";
import { provedSite } from "../../../src/cli/proved-site.ts";
import { exampleFolder, exampleTexts, loadedSite } from "../config/example-site.ts";

const site = loadedSite(exampleTexts("three-buses"));
const options = { ...RIG_DEFAULTS, perHour: 5000 };
const portLink = ({ id }: { id: string }) => `/links/${id}`;

test("a unit on a serial line gets a port with its line's characters, and no other device does", () => {
  const { plcs } = planRig(site, { ...options, portLink });
  expect(plcs.map(({ deviceId, serial, opcua }) => [deviceId, serial ?? null, opcua !== undefined])).toEqual([
    ["io-a", null, true],
    ["io-b", { path: "/links/io-b", baud: 115_200, bitsPerCharacter: 11 }, false],
    ["permits", null, false],
  ]);
});

test("two ports that would be at one path are refused: one would hide the other", () => {
  expect(() => planRig(site, { ...options, portLink: () => "/links/same" })).toThrow(/two ports .* \/links\/same/);
});

test("every port of the rig has a path, those of scanners behind sockets left out", () => {
  const ports = portPaths(planRig(site, { ...options, portLink }));
  expect(ports).toEqual(["/links/io-b", "/links/scan-a", "/links/scan-b-left", "/links/scan-b-right"]);
});

test("the copy names the line's path, host and port, and the server's address, and is proved like any site", () => {
  const folder = mkdtempSync(join(tmpdir(), "coline-buses-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const copy = join(folder, "site");
  localiseSite(exampleFolder("three-buses"), copy, {
    devices: {
      "io-a": { host: "127.0.0.1", port: 4841 },
      "io-b": { line: "/links/io-b" },
      permits: { host: "127.0.0.1", port: 1515 },
    },
    scanners: {},
    dataFolder: "data",
    gatewayPort: 0,
  });
  const proved = provedSite(copy);
  if (!proved.ok) throw new Error(proved.report);
  expect(proved.site.line.devices).toMatchObject([
    { driver: "opcua", endpoint: "opc.tcp://127.0.0.1:4841", security: { mode: "none" }, user: { kind: "anonymous" } },
    { driver: "modbus-rtu", line: "/links/io-b" },
    { driver: "modbus-tcp", host: "127.0.0.1", port: 1515 },
  ]);
});
