// What a commissioning is good for: any value of line.yaml or of the chutes voids it, and nothing else does.
import { expect, test } from "vitest";
import type { SiteFile } from "../../../src/config/site-files.ts";
import { edited, exampleTexts, loadedSite, type SiteTexts } from "./example-site.ts";

/** As it is on a plant: nothing says that it is simulated. */
function real(texts: SiteTexts): SiteTexts {
  return { ...texts, "line.yaml": texts["line.yaml"].replace("plant: simulated\n", "") };
}
const hashOf = (texts: SiteTexts): string | undefined => loadedSite(real(texts)).layout.commissioning?.plantHash;
const changed = (file: SiteFile, from: string, to: string): string | undefined => hashOf(edited(file, from, to).texts);

const asItIs = hashOf(exampleTexts("common-line"));

test("a site asks for it, unless it says that its plant is simulated", () => {
  expect(asItIs).toMatch(/^[0-9a-f]{64}$/);
  const { layout } = loadedSite(exampleTexts("common-line"));
  expect(layout).not.toHaveProperty("commissioning");
});

test.each([
  ["a register, which is no part of the layout", "line.yaml", "register: 200,", "register: 300,"],
  ["an eye's place", "line.yaml", "atMm: 200,", "atMm: 201,"],
  ["how the disk is used", "line.yaml", "dataFolder: data", "dataFolder: other"],
  ["a chute's slide", "chutes.yaml", "slideMs: [430, 580]", "slideMs: [430, 590]"],
] as const)("voids it: %s", (_, file, from, to) => {
  expect(changed(file, from, to)).not.toBe(asItIs);
});

test.each([
  ["a comment", "line.yaml", "site: ", "# a comment\nsite: "],
  ["a rule of the chute map", "chutes.yaml", "disposition: inspect }", "disposition: return }"],
  ["how old customs' word may be", "customs.yaml", "maxAgeMs: ", "maxAgeMs: 1"],
] as const)("does not void it: %s", (_, file, from, to) => {
  expect(changed(file, from, to)).toBe(asItIs);
});
