// Whatever a person does to a site's files, loading ends with a site or with problems that point into the files.
import fc from "fast-check";
import { expect, test } from "vitest";
import { loadSiteText } from "../../../src/config/load.ts";
import { SITE_FILE_NAMES } from "../../../src/config/site-files.ts";
import { exampleTexts } from "./example-site.ts";

const JUNK = [
  "",
  "{",
  "}",
  "[",
  "]",
  ":",
  "- ",
  "\t",
  "&a ",
  "*a",
  "!!binary ",
  "---\n",
  "|",
  "null",
  "1e999",
  "__proto__: 1\n",
  "? ",
];

test("a damaged file gives problems inside the file, never an exception", () => {
  const damage = fc.record({
    file: fc.constantFrom(...SITE_FILE_NAMES),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.nat(40),
    junk: fc.constantFrom(...JUNK),
  });
  fc.assert(
    fc.property(fc.array(damage, { minLength: 1, maxLength: 3 }), (damages) => {
      const texts = exampleTexts("common-line");
      for (const { file, at, cut, junk } of damages) {
        const text = texts[file];
        const place = Math.floor(at * text.length);
        texts[file] = text.slice(0, place) + junk + text.slice(place + cut);
      }
      const loaded = loadSiteText("/site", texts);
      if (loaded.ok) return;
      expect(loaded.problems.length).toBeGreaterThan(0);
      for (const { file, line, column, what, right, code } of loaded.problems) {
        const lines = texts[file as keyof typeof texts].split("\n");
        expect(line).toBeGreaterThanOrEqual(1);
        expect(line).toBeLessThanOrEqual(lines.length);
        expect(column).toBeGreaterThanOrEqual(1);
        expect(column).toBeLessThanOrEqual((lines[line - 1] ?? "").length + 1);
        expect(code).toMatch(/^CONFIG_[A-Z_]+$/);
        expect(what).not.toBe("");
        expect(right).not.toBe("");
      }
    }),
    { numRuns: 60 },
  );
});
