// A scenario's traffic on a site of several belts: what the scenario does not name is each belt's own.
import { expect, test } from "vitest";
import { scenarioSchema } from "../../../simulators/scenarios/scenario-schema.ts";
import { planRig, RIG_DEFAULTS } from "../../../simulators/wired/plan.ts";
import { scenarioPlan } from "../../../simulators/wired/scenario-plan.ts";
import { exampleSite } from "../../simulation/virtual-run.ts";

const trafficOf = (traffic: object) => {
  const scenario = scenarioSchema.parse({ about: "x", durationS: 60, traffic });
  const options = { ...RIG_DEFAULTS, portLink: ({ id }: { id: string }) => id, ...scenarioPlan(scenario) };
  return planRig(exampleSite("three-buses"), options).traffic;
};

test("two belts with gaps of their own: on neither come parcels closer than it takes them", () => {
  const [a, b] = trafficOf({});
  expect(a).toMatchObject({ beltId: "belt-a", minGapUm: 840_000, minLengthUm: 150_000, maxLengthUm: 270_000 });
  expect(b).toMatchObject({ beltId: "belt-b", minGapUm: 990_000 });
  expect(b?.perHour).toBe(Math.floor((1850 * 3600) / (270 + 990)));
});

test("a gap and lengths that the scenario names are those of every belt", () => {
  for (const plan of trafficOf({ gapMm: 1000, lengthsMm: [200, 300] }))
    expect(plan).toMatchObject({ minGapUm: 1_000_000, minLengthUm: 200_000, maxLengthUm: 300_000 });
});
