// A wired run beside its virtual twins: when the two are the same, and each way in which they are not.
import { expect, test } from "vitest";
import { WHOLE_RUN } from "../../../simulators/scenarios/compare-reasons.ts";
import { loadScenario } from "../../../simulators/scenarios/load-scenario.ts";
import type { PlannedFault } from "../../../simulators/scenarios/planned-fault.ts";
import { scenarioSchema } from "../../../simulators/scenarios/scenario-schema.ts";
import { shortened } from "../../../simulators/scenarios/shorten.ts";
import { codeListener, moved, movedByNs, virtualTwins } from "../../../src/cli/simulate/wired/virtual-twins.ts";
import { outcomeOf, type WiredOutcome } from "../../../src/cli/simulate/wired/wired-outcome.ts";
import type { WiredRun } from "../../../src/cli/simulate/wired/wired-verdict.ts";
import { comparisonText, wiredFigures } from "../../../src/cli/simulate/wired/wired-words.ts";
import type { LineEntry } from "../../../src/line/entry.ts";
import { exampleSite } from "../../simulation/virtual-run.ts";

const faults: PlannedFault[] = [{ kind: "kill", atNs: 5e9 }];
const scenario = scenarioSchema.parse({ about: "x", durationS: 35, calmS: 30 });
const twins = virtualTwins({ site: exampleSite("common-line"), scenario, seed: 1, faults });

/** As if the wired line had done what the virtual one did. */
const same: WiredRun = {
  ...twins.run,
  ...{ late: 0, heldUpAfterwards: 0 },
  heard: [...(twins.codes[0]?.get("kill") ?? [])].map((code) => ({ code, atNs: 6e9 })),
  stood: [],
  spans: [{ kind: "kill", fromNs: 5e9, untilNs: 5e9 }],
  simulator: { stalls: 0, worstStallMs: 3 },
};

const failuresOf = (more: Partial<WiredRun>): readonly string[] => outcomeOf({ ...same, ...more }, twins).failures;

test("sixteen runs, their faults moved a little, tell what a fault always brings about", () => {
  expect(twins.run.violations).toEqual([]);
  expect(twins.codes).toHaveLength(16);
  for (const codes of twins.codes) expect(codes.get("kill")).toContain("ITEM_RESTART");
  expect(twins.withoutFaults).not.toContain("ITEM_RESTART");
  expect(twins.withoutFaults).toContain("RELEASED");
});

test("the faults of sixteen runs meet a dozen parcels, on a full belt and on one with few", () => {
  const site = exampleSite("common-line");
  const of = (perHour?: number): number =>
    movedByNs({ ...scenario, traffic: { ...scenario.traffic, perHour } }, site) / 1e9;
  // The longest parcel and its gap are 720 mm at 2 m/s.
  expect(of() * 16).toBeCloseTo(12 * 0.36, 6);
  expect(of(1200) * 16).toBeCloseTo(12 * 3, 6);
});

test("what a fault slows it slows a little more or less in each run, as a wire does", () => {
  const slow: PlannedFault = { kind: "slowScanner", scannerId: "scan1", atNs: 5e9, forNs: 5e9, extraNs: 175e6 };
  const all = Array.from({ length: 16 }, (_, index) => moved(slow, { index, nth: 0, upNs: 0, byNs: 90e6 }));
  const extraMs = new Set(all.flatMap((fault) => ("extraNs" in fault ? [fault.extraNs / 1e6] : [])));
  expect(all[0]).toEqual(slow);
  expect([...extraMs].toSorted((a, b) => a - b)).toEqual([168, 171.5, 175, 178.5, 182]);
});

test("a scenario without faults has the parcels of the wired line in each run, not one more", () => {
  const few = { ...scenario, durationS: 20, calmS: 10, traffic: { ...scenario.traffic, perHour: 1200 } };
  const calm = virtualTwins({ site: exampleSite("common-line"), scenario: few, seed: 1, faults: [] });
  // The first after 3 s, the others 3 s apart, within 20 s.
  expect(calm.run.parcels).toBe(6);
  expect(calm.codes).toHaveLength(16);
});

test("people who change a container a moment later change what happens to a parcel: not each run says the same of it", () => {
  const site = exampleSite("common-line");
  const loaded = loadScenario("chutes-filling", site);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const { codes } = virtualTwins({ site, scenario: shortened(loaded.scenario, 60), seed: 1, faults: [] });
  const late = codes.filter((ofRun) => ofRun.get(WHOLE_RUN)?.has("LAW_LATE"));
  // A chute becomes free while the last parcel for it rides its last 80 ms.
  expect(late.length).toBeGreaterThan(0);
  expect(late.length).toBeLessThan(16);
});

test("how a line starts is not compared: neither what comes before the first parcel, nor the purge of its belts", () => {
  const { hear, heard } = codeListener();
  const mode = (mode: "purging" | "running" | "safe", why: string): LineEntry =>
    ({ kind: "mode", beltId: "belt1", mode, before: "stopped", why }) as unknown as LineEntry;
  const item = { kind: "item", itemId: 1 } as unknown as LineEntry;
  const end = { kind: "end", itemId: 1, reason: "RELEASED" } as unknown as LineEntry;
  for (const entry of [end, mode("purging", "MODE_PURGING"), item, end, mode("running", "MODE_RUNNING")])
    hear(entry, 0);
  expect(heard.map(({ code }) => code)).toEqual(["RELEASED"]);
  for (const entry of [mode("safe", "BELT_BLIND"), mode("running", "MODE_RUNNING")]) hear(entry, 1);
  expect(heard.slice(1).map(({ code }) => code)).toEqual(["BELT_BLIND", "MODE_RUNNING"]);
});

test("an alarm stands from when it is raised until it has returned, however often it changes in between", () => {
  const { hear, stood } = codeListener();
  const alarm = (active: boolean, phase: string | null): LineEntry =>
    ({ kind: "alarm", key: "X:scan1", code: "X", source: "scan1", active, phase }) as unknown as LineEntry;
  hear(alarm(true, "unacknowledged"), 1);
  hear(alarm(true, "acknowledged"), 2);
  hear(alarm(false, null), 3);
  hear(alarm(true, "unacknowledged"), 5);
  expect(stood).toEqual([
    { code: "X", fromNs: 1, untilNs: 3 },
    { code: "X", fromNs: 5, untilNs: Number.POSITIVE_INFINITY },
  ]);
});

test("a run that says what the virtual ones say is the same, and the words and the object say so", () => {
  const outcome: WiredOutcome = outcomeOf(same, twins);
  expect(outcome).toMatchObject({ passed: true, failures: [] });
  expect(comparisonText(outcome)).toMatch(/^verdict: virtual kept, wired kept$/m);
  expect(wiredFigures({ scenario: "x", seconds: 35, outcome })).toMatchObject({
    ...{ scenario: "x", passed: true, violations: 0, late: 0 },
    verdict: { virtual: "kept", wired: "kept" },
  });
});

test("a reason too few, a reason too many, a broken law, another verdict, half the share: each is told", () => {
  const without = same.heard.filter(({ code }) => code !== "ITEM_RESTART");
  expect(failuresOf({ heard: without })).toContain("kill: only on the virtual line ITEM_RESTART");
  const more = [...same.heard, { code: "CHUTE_FULL", atNs: 7e9 }];
  expect(failuresOf({ heard: more })).toContain("kill: only on the wired line CHUTE_FULL");
  const finding = { rule: "unreleased-outbound", clause: 1, parcelId: "belt1-3", detail: "not released" };
  const broken = { violations: [{ finding, foundNs: 0, story: [] }] };
  expect(failuresOf(broken)[0]).toBe('the verdict is "kept" on the virtual line, "law broken" on the wired one');
  expect(outcomeOf({ ...same, ...broken }, twins).passed).toBe(false);
  expect(failuresOf({ failures: ["the line stood still"] })).toContain("the line stood still");
  expect(failuresOf({ deliveredShare: 0.01 })[0]).toMatch(/^1.0 % of the released parcels were delivered/);
});

test("what a busy machine brings about by itself is measured, excuses no other code, and is named as such", () => {
  expect(twins.heldUp).toContain("LAW_LATE");
  expect(twins.heldUp).not.toContain("ITEM_RESTART");
  const outcome = outcomeOf({ ...same, heard: [...same.heard, { code: "LAW_LATE", atNs: 7e9 }] }, twins);
  expect(outcome.passed).toBe(true);
  expect(comparisonText(outcome)).toMatch(/^of a busy machine: LAW_LATE$/m);
});
