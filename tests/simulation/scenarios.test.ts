// Each scenario that comes along, a short slice of it: the law is kept, what it is there for occurs, the line recovers.
import { expect, test } from "vitest";
import { loadScenario, scenarioNames } from "../../simulators/scenarios/load-scenario.ts";
import type { Scenario } from "../../simulators/scenarios/scenario-schema.ts";
import { shortened } from "../../simulators/scenarios/shorten.ts";
import { runScenario } from "../../simulators/virtual/scenario-run.ts";
import type { ScenarioRun } from "../../simulators/virtual/scenario-verdict.ts";
import type { Site } from "../../src/config/load.ts";
import { howOften } from "../how-often.ts";
import { exampleSite } from "./virtual-run.ts";

const site = exampleSite("common-line");
const plcTracked = exampleSite("plc-tracked");

function scenarioOf(name: string, of: Site = site): Scenario {
  const loaded = loadScenario(name, of);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.scenario;
}

const toldOf = ({ seed, failures, violations, missedAfterwards }: ScenarioRun): string =>
  JSON.stringify({ seed, failures, violations, missedAfterwards }, null, 2);

/** `npm run soak:scenarios` runs them whole. */
const RUN_S = howOften({ usually: 130, long: 2160 });

test.each(scenarioNames())("%s: the law is kept, every fault and reason comes, and the line sorts again", (name) => {
  const run = runScenario({ site, scenario: shortened(scenarioOf(name), RUN_S), seed: 1 });
  expect(run.passed, toldOf(run)).toBe(true);
  expect(run.parcels).toBeGreaterThan(30);
});

/** Those whose faults a simulated PLC that tracks would notice. */
const noticed = scenarioNames().filter((name) => loadScenario(name, plcTracked).ok);

test.each(howOften({ usually: ["plc-frozen", "chutes-filling"], long: noticed }))(
  "%s where the PLC tracks: the same holds",
  (name) => {
    expect(noticed).toContain(name);
    const scenario = shortened(scenarioOf(name, plcTracked), RUN_S);
    const run = runScenario({ site: plcTracked, scenario, seed: 1 });
    expect(run.passed, toldOf(run)).toBe(true);
    expect(run.parcels).toBeGreaterThan(30);
  },
);

test("the same seed gives the same run, another seed another", () => {
  const scenario = { ...scenarioOf("everything-at-once"), durationS: 140 };
  const told = (seed: number) => runScenario({ site, scenario, seed });
  expect(told(5)).toEqual(told(5));
  expect(told(6)).not.toEqual(told(5));
});

test("a belt that stands, a reason that never comes, and a fault that finds no parcel: none of them passes", () => {
  const quiet: Scenario = { ...scenarioOf("quiet-morning"), durationS: 100, calmS: 60 };
  const failuresOf = (scenario: Scenario) => runScenario({ site, scenario, seed: 1 }).failures;
  expect(failuresOf({ ...quiet, expect: { deliveredShare: 0, reasons: ["STORAGE_FULL"] } })).toEqual([
    "the reason STORAGE_FULL never occurred",
  ]);
  // Released parcels have left the belt long before 13 m.
  const unheard = { kind: "holdRiding", atS: 5, atMm: 13_700 } as const;
  const allReleased = { ...quiet.customs, shares: { ...quiet.customs.shares } };
  for (const fate of Object.keys(allReleased.shares) as (keyof typeof allReleased.shares)[])
    allReleased.shares[fate] = 0;
  const traffic = { ...quiet.traffic, noReadShare: 0, secondCodeShare: 0 };
  expect(failuresOf({ ...quiet, traffic, customs: allReleased, faults: [unheard] })).toEqual([
    'the fault "holdRiding" was never injected',
  ]);
  const dead = { kind: "cut", device: "permits", atS: 0.001, forS: 3000 } as const;
  expect(failuresOf({ ...quiet, faults: [dead] })[0]).toMatch(/^the line stood still/);
});

test("a run is judged slice by slice as it is as a whole", () => {
  const scenario = shortened(scenarioOf("crash-loop"), RUN_S);
  const sliced = runScenario({ site, scenario, seed: 4 });
  const whole = runScenario({ site, scenario, seed: 4, sliceNs: Number.POSITIVE_INFINITY });
  expect(sliced).toEqual(whole);
});
