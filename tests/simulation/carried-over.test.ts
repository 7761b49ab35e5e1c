// What was spent long ago is carried over into customs' records, as the gateway does it: a long run's ledger stays small.
import { expect, test } from "vitest";
import { simulate } from "../../simulators/virtual/simulate.ts";
import { createLine } from "../../src/line/core.ts";
import type { LineState } from "../../src/line/state.ts";
import { exampleSite, judgedRun } from "./virtual-run.ts";

const CARRIED_FROM = 20;

test("spendings are carried over in twenties: no more stay in the line's ledger, and none is spent twice", () => {
  const site = exampleSite("common-line");
  const states: LineState[] = [];
  let most = 0;
  const { run, report } = judgedRun({
    ...{ site, seed: 7, parcels: 150, carriedFrom: CARRIED_FROM },
    // A crash takes entries back, and with them what they would have spent.
    faults: [
      { kind: "powerLoss", atNs: 12e9 },
      { kind: "copyLabel", beltId: "belt1", atNs: 30e9 },
    ],
    core: (o) => {
      states.push(o.state);
      const core = createLine(o);
      return {
        ...core,
        handle(input, atNs) {
          most = Math.max(most, o.state.ledger.length);
          return core.handle(input, atNs);
        },
      };
    },
  });
  const last = states.at(-1);
  expect(run.finished).toBe(true);
  expect(report.findings).toEqual([]);
  expect(report.released.delivered).toBeGreaterThan(60);
  expect(last?.carriedEntry).toBeGreaterThan(0);
  // Those that wait for the next twenty, for the disk, and for the next look that tells of it.
  expect(most).toBeLessThan(2 * CARRIED_FROM);
});

test("customs of a run without an hour of spendings says nothing of carrying over", () => {
  const site = exampleSite("common-line");
  let carried = 0;
  simulate({
    ...{ site, seed: 7, parcels: 40 },
    onEntry(entry) {
      if (entry.kind === "decision") for (const look of entry.looks) carried = Math.max(carried, look.carriedEntry);
    },
  });
  expect(carried).toBe(0);
});
