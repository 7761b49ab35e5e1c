// A slice of `npm run soak:everything`: everything at once, some minutes of one seed of it.
import { expect, test } from "vitest";
import { loadScenario } from "../../simulators/scenarios/load-scenario.ts";
import { runScenario } from "../../simulators/virtual/scenario-run.ts";
import { howOften } from "../how-often.ts";
import { exampleSite } from "./virtual-run.ts";

const DURATION_S = howOften({ usually: 720, long: 1800 });
/** Seeds of the soak, another one than the scenarios' own test runs. */
const SEEDS = [11];

test("minutes of everything at once: the law is kept, and four of five released parcels arrive all the same", () => {
  const site = exampleSite("common-line");
  const loaded = loadScenario("everything-at-once", site, { durationS: DURATION_S });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const sum = { due: 0, delivered: 0 };
  for (const seed of SEEDS) {
    const run = runScenario({ site, scenario: loaded.scenario, seed });
    const { passed, failures, violations, missedAfterwards, due, delivered } = run;
    expect(passed, JSON.stringify({ seed, failures, violations, missedAfterwards }, null, 2)).toBe(true);
    sum.due += due;
    sum.delivered += delivered;
  }
  expect(sum.due).toBeGreaterThan(DURATION_S);
  expect(sum.delivered / sum.due).toBeGreaterThanOrEqual(0.8);
});
