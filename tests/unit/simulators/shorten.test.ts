// Scenarios shortened for a line in real time: every fault still comes, is over in time, and has its own length where it can.
import fc from "fast-check";
import { expect, test } from "vitest";
import { drawFaults } from "../../../simulators/scenarios/draw-faults.ts";
import { loadScenario, scenarioNames } from "../../../simulators/scenarios/load-scenario.ts";
import { endsNs } from "../../../simulators/scenarios/planned-fault.ts";
import { type Scenario, scenarioSchema } from "../../../simulators/scenarios/scenario-schema.ts";
import { SHORTEST_S, shortened } from "../../../simulators/scenarios/shorten.ts";
import { exampleSite } from "../../simulation/virtual-run.ts";

const site = exampleSite("common-line");
const scenarios = scenarioNames().map((name) => {
  const loaded = loadScenario(name, site);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded;
});

const scenarioOf = (more: object): Scenario => scenarioSchema.parse({ about: "x", durationS: 300, ...more });

test("every scenario that comes along, shortened to any time: each of its faults comes, and is over before the calm", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...scenarios),
      fc.integer({ min: SHORTEST_S, max: 400 }),
      fc.integer({ min: 1, max: 1000 }),
      ({ scenario }, runS, seed) => {
        const short = shortened(scenario, runS);
        expect(short.durationS).toBe(Math.min(runS, scenario.durationS));
        const drawn = drawFaults(short, seed, site);
        expect(drawn.map(({ fault }) => fault.kind)).toEqual(scenario.faults.map(({ kind }) => kind));
        for (const { planned } of drawn) {
          expect(planned.length).toBeGreaterThan(0);
          for (const fault of planned) expect(endsNs(fault)).toBeLessThanOrEqual((short.durationS - short.calmS) * 1e9);
        }
      },
    ),
    { numRuns: 200 },
  );
});

test("what lasts up to 5 s keeps its time, what lasts longer is shortened in proportion, to 5 s at the least", () => {
  const faults = [
    { kind: "freeze", atS: 24, forS: 0.25 },
    { kind: "cut", atS: 60, forS: [0.4, 6] },
    { kind: "silentFeed", atS: 120, forS: 80 },
  ];
  // 90 s with 30 s of calm: a quarter of the 240 s.
  const short = shortened(scenarioOf({ faults }), 90);
  expect(short).toMatchObject({
    durationS: 90,
    calmS: 30,
    faults: [
      { atS: [6], forS: 0.25 },
      { atS: [15], forS: [0.4, 5] },
      { atS: [30], forS: 20 },
    ],
  });
});

test("of a list of instants those stay between which the line can settle; a rate an hour and a rhythm stay as they are", () => {
  const faults = [
    { kind: "jam", atS: [30, 70, 110, 150, 190], forS: [1, 8], atMm: 6700 },
    { kind: "kill", everyS: 2.7, fromS: 40, untilS: 120 },
    { kind: "reboot", perHour: 60, forS: 1 },
  ];
  const short = shortened(scenarioOf({ faults }), 90);
  expect(short.faults).toMatchObject([
    { atS: [7.5, 27.5, 47.5], forS: [1, 5] },
    { everyS: 2.7, fromS: 10, untilS: 30 },
    { perHour: 60 },
  ]);
});

test("where parcels come seldom, the calm is long enough for some of them, and the faults have what is left", () => {
  // A pitch of 3 s: six parcels after 14 s.
  expect(shortened(scenarioOf({ traffic: { perHour: 1200 } }), 60).calmS).toBe(32);
  expect(shortened(scenarioOf({ traffic: { perHour: 10 } }), 60)).toMatchObject({ durationS: 60, calmS: 54 });
});

test("the curve of the rate is as long as the run", () => {
  const perHour = [
    { atS: 0, perHour: 6000 },
    { atS: 300, perHour: 9000 },
  ];
  expect(shortened(scenarioOf({ traffic: { perHour } }), 60).traffic.perHour).toEqual([
    { atS: 0, perHour: 6000 },
    { atS: 60, perHour: 9000 },
  ]);
});

test("a scenario that is short already stays as it is; a time that leaves no room to settle is refused", () => {
  const scenario = scenarioOf({ durationS: 60, calmS: 30 });
  expect(shortened(scenario, 90)).toBe(scenario);
  expect(() => shortened(scenario, SHORTEST_S - 1)).toThrow(/too short, at least 24 s/);
});
