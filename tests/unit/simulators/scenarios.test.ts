// Scenario files: every problem at once and at its place, worlds that cannot be, and what a seed draws.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { drawFaults } from "../../../simulators/scenarios/draw-faults.ts";
import { loadScenario, loadScenarioText, scenarioNames } from "../../../simulators/scenarios/load-scenario.ts";
import { endsNs, type PlannedFault } from "../../../simulators/scenarios/planned-fault.ts";
import { publishedScenario } from "../../../simulators/scenarios/published-scenario.ts";
import type { Scenario } from "../../../simulators/scenarios/scenario-schema.ts";
import { drawSwarm } from "../../../simulators/scenarios/swarm.ts";
import { shrinkFaults } from "../../../simulators/virtual/shrink.ts";
import { problemText } from "../../../src/config/problem.ts";
import { exampleSite } from "../../simulation/virtual-run.ts";

const site = exampleSite("common-line");

function problemsOf(text: string): string[] {
  const loaded = loadScenarioText("mine.yaml", text, { site });
  return loaded.ok ? [] : loaded.problems.map(problemText);
}

function scenarioOf(text: string): Scenario {
  const loaded = loadScenarioText("mine.yaml", text, { site });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.scenario;
}

const HEAD = "about: A try.\ndurationS: 300\n";

test("the published schema is up to date (else run `coline schema`)", () => {
  const { path, text } = publishedScenario();
  expect(readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8")).toBe(text);
});

test("each scenario that comes along can be at the example site", () => {
  const problems = scenarioNames().flatMap((name) => {
    const loaded = loadScenario(name, site);
    return loaded.ok ? [] : loaded.problems.map(problemText);
  });
  expect(problems).toEqual([]);
  expect(scenarioNames()).toContain("everything-at-once");
});

describe("problems", () => {
  test("a mistyped key, a wrong value and a missing one are all told, each at its place", () => {
    expect(problemsOf("about: A try.\nfaults:\n  - { kind: frieze, atS: 3 }\ntraffic: { perHours: 3 }\n")).toEqual([
      expect.stringMatching(/^mine\.yaml:1:1: durationS is missing; right: durationS: a number from 10/),
      expect.stringMatching(/^mine\.yaml:3:\d+: kind is frieze; right: kill \| powerLoss/),
      expect.stringMatching(/^mine\.yaml:4:12: "perHours" is no key of traffic; right: "perHour"/),
    ]);
  });

  test("names that the site does not have, and codes that nobody knows", () => {
    expect(
      problemsOf(
        `${HEAD}faults:\n  - { kind: freeze, device: plc, atS: 3, forS: 1 }\nplant: { containers: { out-cbec: 3, abnormal: 3 } }\nexpect: { reasons: [NO_RED] }\n`,
      ),
    ).toEqual([
      'mine.yaml:4:29: the site has no device "plc"; right: "plc1"',
      expect.stringMatching(/^mine\.yaml:5:34: the site has no chute "out-cbec"; right: /),
      expect.stringMatching(/^mine\.yaml:5:47: chute abnormal has no device that could read a full sensor/),
      'mine.yaml:6:21: the site has no code "NO_RED"; right: "NO_READ"',
    ]);
  });

  test("a fault that could not be over in time, never comes, or comes in two ways", () => {
    expect(
      problemsOf(
        `${HEAD}faults:\n  - { kind: silentFeed, atS: 200, forS: 60 }\n  - { kind: kill }\n  - { kind: kill, atS: 3, perHour: 2 }\n`,
      ),
    ).toEqual([
      expect.stringMatching(/^mine\.yaml:4:5: silentFeed from 200 s for 60 s would not be over in time/),
      "mine.yaml:5:5: nothing says when it comes; right: one of atS, everyS and perHour",
      "mine.yaml:6:5: several things say when it comes; right: one of atS, everyS and perHour",
    ]);
  });

  test("a world that cannot be is refused in words", () => {
    expect(problemsOf(`${HEAD}traffic: { perHour: 10500 }\n`)).toEqual([
      "mine.yaml:3:21: 10500 parcels an hour have a pitch of 686 mm, the longest and its gap take 720 mm; right: " +
        "at most 10000 on belt belt1 at 2000 mm/s",
    ]);
    expect(problemsOf(`${HEAD}traffic: { gapMm: 300 }\n`)[0]).toMatch(
      /^mine\.yaml:3:19: gate g1 sweeps 120 mm and takes 50 ms each way, the gap is 300 mm; right: a gap of at least 320/,
    );
    expect(problemsOf(`${HEAD}traffic: { lengthsMm: [200, 600] }\n`)[0]).toMatch(/belt belt1 is not built for parcels/);
    expect(problemsOf(`${HEAD}customs: { shares: { pending: 0.9, held: 0.9 } }\n`)[0]).toMatch(/the shares add up to/);
    expect(problemsOf(`${HEAD}traffic: { perHour: [{ atS: 9, perHour: 5 }, { atS: 3, perHour: 5 }] }\n`)[0]).toMatch(
      /3 s comes after 9 s/,
    );
  });

  test("what a PLC that tracks by its counter would not notice is refused on its belt", () => {
    const tracked = exampleSite("plc-tracked");
    const loaded = loadScenario("jam-at-gate", tracked);
    expect(loaded.ok ? [] : loaded.problems.map(problemText).slice(0, 1)).toEqual([
      expect.stringMatching(/jam on belt belt1, whose simulated PLC tracks .*; right: a belt that Coline tracks$/),
    ]);
    expect(loadScenario("plc-reboot", tracked).ok).toBe(true);
  });

  test("trouble in the tracking befalls the device that tracks, and is refused where none does, or the named one does not", () => {
    const trouble = (rest = "") => `${HEAD}faults:\n  - { kind: deafTracker, perHour: 600, forS: 1${rest} }\n`;
    expect(problemsOf(trouble())).toEqual([
      "mine.yaml:4:13: deafTracker, but no device of the site tracks; right: a site with tracking: plc",
    ]);
    const tracked = exampleSite("plc-tracked");
    const named = loadScenarioText("mine.yaml", trouble(", device: permits"), { site: tracked });
    expect(named.ok ? [] : named.problems.map(problemText)).toEqual([
      'mine.yaml:4:13: deafTracker of "permits", which does not track; right: plc1',
    ]);
    const loaded = loadScenarioText("mine.yaml", trouble(), { site: tracked });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    const [drawn] = drawFaults(loaded.scenario, 3, tracked);
    expect(new Set(drawn?.planned.map((fault) => "deviceId" in fault && fault.deviceId))).toEqual(new Set(["plc1"]));
  });

  test("a scenario that is not there: the name that was meant", () => {
    const loaded = loadScenario("plc-frosen", site);
    expect(loaded.ok ? [] : loaded.problems.map(problemText)).toEqual([
      'plc-frosen:1:1: there is no scenario "plc-frosen"; right: "plc-frozen"',
    ]);
  });
});

describe("what a seed draws", () => {
  const text = `${HEAD}faults:
  - { kind: kill, everyS: 10, fromS: 20, untilS: 60 }
  - { kind: freeze, perHour: 600, forS: [0.5, 3] }
  - { kind: cut, perHour: 0.1, device: permits, forS: 1 }
`;

  test("instants at their distance, at random within the run, and each at least once", () => {
    const [kills, freezes, cuts] = drawFaults(scenarioOf(text), 7, site).map(({ planned }) => planned);
    expect(kills?.map(({ atNs }) => atNs / 1e9)).toEqual([20, 30, 40, 50]);
    expect(freezes?.length).toBeGreaterThan(35);
    expect(cuts).toHaveLength(1);
    for (const fault of [...(freezes ?? []), ...(cuts ?? [])]) expect(endsNs(fault)).toBeLessThan(240e9);
  });

  test("the same seed draws the same, another seed something else", () => {
    const drawn = (seed: number) => drawFaults(scenarioOf(text), seed, site);
    expect(drawn(7)).toEqual(drawn(7));
    expect(drawn(8)).not.toEqual(drawn(7));
  });

  test("a swarm is a scenario that can be, and leaves kinds out", () => {
    const swarms = Array.from({ length: 40 }, (_, index) => drawSwarm(index + 1, site));
    for (const swarm of swarms) for (const { planned } of drawFaults(swarm, 1, site)) expect(planned).not.toEqual([]);
    const kinds = new Set(swarms.flatMap(({ faults }) => faults.map(({ kind }) => kind)));
    expect(kinds.size).toBeGreaterThan(15);
    expect(Math.max(...swarms.map(({ faults }) => faults.length))).toBeLessThan(kinds.size);
  });
});

test("shrinking keeps what only together breaks a run, and halves how long it lasts", () => {
  const faults: PlannedFault[] = Array.from({ length: 20 }, (_, index) => ({
    atNs: index,
    kind: "silentFeed",
    forNs: 1600,
  }));
  const breaks = (left: readonly PlannedFault[]): boolean =>
    [3, 11].every((atNs) => left.some((fault) => fault.atNs === atNs && endsNs(fault) - atNs >= 400));
  const { faults: left, runs } = shrinkFaults(faults, breaks, { mostRuns: 500 });
  expect(left).toEqual([
    { atNs: 3, kind: "silentFeed", forNs: 400 },
    { atNs: 11, kind: "silentFeed", forNs: 400 },
  ]);
  expect(runs).toBeLessThan(80);
  expect(shrinkFaults(faults, () => true, { mostRuns: 10 }).faults).toEqual([]);
});
