// A copy of a site for a wired run: full sensors and codes are added, and the copy is proved like any site.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { localiseSite } from "../../../simulators/wired/localise-site.ts";
import { provedSite } from "../../../src/cli/proved-site.ts";

const example = fileURLToPath(new URL("../../../config/sites/common-line", import.meta.url));
const to = { devices: {}, scanners: {}, dataFolder: "data", gatewayPort: 0 };

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "coline-copy-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

test("chutes get a full sensor, and codes are read as told: everything else stays", () => {
  const copy = folder();
  const codes = [{ id: "any", pattern: "[0-9]{10}", check: "dhl10", companies: ["DHL"], rank: 1 }];
  localiseSite(example, copy, { ...to, codes, fullInputs: { inspection: { device: "plc1", input: 21 } } });
  const [there, here] = [provedSite(example), provedSite(copy)];
  if (!there.ok || !here.ok) throw new Error(JSON.stringify([there, here]));
  const chutes = here.site.chutes.chutes;
  expect(chutes.find(({ id }) => id === "inspection")?.fullInput).toEqual({ device: "plc1", input: 21 });
  expect(chutes.filter(({ fullInput }) => fullInput !== undefined)).toHaveLength(1);
  expect(here.site.layout.patterns.map(({ id }) => id)).toEqual(["any"]);
  expect(here.site.layout.routes).toEqual(there.site.layout.routes);
});

test("a chute that the site does not have is refused by name", () => {
  expect(() =>
    localiseSite(example, folder(), { ...to, fullInputs: { nowhere: { device: "plc1", input: 21 } } }),
  ).toThrow(/no "nowhere" among its chutes/);
});
