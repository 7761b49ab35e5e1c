// The catalogue of mutants: each still applies to the sources as they are, and every clause has some.
import { stripTypeScriptTypes } from "node:module";
import { describe, expect, test } from "vitest";
import { MUTANTS, mutantNamed } from "../../mutants/catalogue/all.ts";
import { HUNT_NAMES, huntOf } from "../../mutants/hunts.ts";
import { CLAUSES } from "../../mutants/mutant.ts";
import { mutatedSources } from "../../mutants/replaced-modules.ts";

test.each(MUTANTS.map(({ name }) => name))(
  "%s applies to the sources, and what it makes of them can be run",
  (name) => {
    for (const source of mutatedSources(mutantNamed(name)).values())
      expect(() => stripTypeScriptTypes(source)).not.toThrow();
  },
);

test("every clause of the law and the tracking have at least three, each under a name of its own", () => {
  for (const clause of CLAUSES)
    expect(MUTANTS.filter((mutant) => mutant.clause === clause).length, String(clause)).toBeGreaterThanOrEqual(3);
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
});

test.each(HUNT_NAMES)("the hunt %s is a scenario, and some mutant is hunted in it", (name) => {
  expect(huntOf(name).scenario.durationS).toBeGreaterThan(0);
  expect(MUTANTS.some(({ hunt }) => hunt === name)).toBe(true);
});

describe("a replacement that does not apply is told, with the mutant and the file", () => {
  const edit = { file: "src/line/law/clause-2-hold.ts", from: "return q.zone.kind", to: "return null; q.zone.kind" };

  test("the text is gone", () => {
    const gone = { name: "gone", edits: [{ ...edit, from: "no such text" }] };
    expect(() => mutatedSources(gone)).toThrow(/mutant gone: .* stands nowhere in src\/line\/law\/clause-2-hold\.ts/);
  });

  test("the text stands several times", () => {
    const many = { name: "many", edits: [{ ...edit, from: "q." }] };
    expect(() => mutatedSources(many)).toThrow(/mutant many: .* stands \d+ times/);
  });

  test("nothing is changed", () => {
    expect(() => mutatedSources({ name: "same", edits: [{ ...edit, to: edit.from }] })).toThrow(/changes nothing/);
    expect(() => mutatedSources({ name: "none", edits: [] })).toThrow(/replaces nothing/);
  });
});
