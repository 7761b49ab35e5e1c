// Scanners of a site in the rig: a port's path or a TCP address, and the copy of the site that names what the rig gave.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { localiseSite } from "../../../simulators/wired/localise-site.ts";
import { planRig, RIG_DEFAULTS } from "../../../simulators/wired/plan.ts";
import { edited, exampleFolder, loadedSite } from "../config/example-site.ts";

const tcp = () =>
  loadedSite(
    edited(
      "line.yaml",
      "driver: serial\n    path: /dev/serial/by-id/scan1",
      "driver: serial-tcp\n    host: 10.0.0.9\n    port: 4001",
    ).texts,
  );

test("a scanner behind a terminal server listens on a free port of this machine, or where the site says", () => {
  const options = { ...RIG_DEFAULTS, portLink: ({ id }: { id: string }) => `/links/${id}` };
  const linkOf = (ports: "free" | "site") =>
    planRig(tcp(), { ...options, ports }).scanners.map(({ linkPath }) => linkPath);
  expect(linkOf("free")).toEqual(["tcp:127.0.0.1:0"]);
  expect(linkOf("site")).toEqual(["tcp:10.0.0.9:4001"]);
});

test("the copy of a site names the path, or host and port, that the rig gave", () => {
  const folder = mkdtempSync(join(tmpdir(), "coline-local-"));
  try {
    const to = { devices: {}, dataFolder: "data", gatewayPort: 0 };
    localiseSite(exampleFolder("common-line"), join(folder, "a"), { ...to, scanners: { scan1: "/links/scan1" } });
    expect(readFileSync(join(folder, "a", "line.yaml"), "utf8")).toContain("path: /links/scan1");
    localiseSite(exampleFolder("common-line"), join(folder, "b"), { ...to, scanners: { scan1: "tcp:127.0.0.1:4711" } });
    const copy = readFileSync(join(folder, "b", "line.yaml"), "utf8");
    expect(copy).toContain("host: 127.0.0.1");
    expect(copy).toContain("port: 4711");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
