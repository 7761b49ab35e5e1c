// A PLC whose program stands while a gate is out: the outputs fall by themselves before the next parcel is there.
import { expect, test } from "vitest";
import type { PlannedFault } from "../../simulators/scenarios/planned-fault.ts";
import type { SimulationOptions } from "../../simulators/virtual/simulation.ts";
import { howOften } from "../how-often.ts";
import { exampleSite, judgedRun } from "./virtual-run.ts";

const MS = 1e6;

/** A swing ends when the gate is half home: so long before it is still told to be out. */
const BEFORE_NS = 35 * MS;

/** The PLC stands from the last moment on in which a gate is out, once in each run. */
function findings(name: string, o: { runs: number; plan?: NonNullable<SimulationOptions["plan"]> }): string[] {
  const site = exampleSite(name);
  const run = (faults: PlannedFault[]) =>
    judgedRun({ site, seed: 3, parcels: 20, ...(o.plan === undefined ? {} : { plan: o.plan }), faults });
  const { swings } = run([]).run.truth;
  const every = Math.max(1, Math.floor(swings.length / o.runs));
  return swings
    .filter((_, index) => index % every === 0)
    .flatMap(({ untilNs }) => (untilNs === null ? [] : [untilNs - BEFORE_NS]))
    .flatMap((atNs) => run([{ kind: "freeze", deviceId: "plc1", atNs, forNs: 400 * MS }]).report.findings)
    .map(({ rule }) => rule);
}

test.each(["common-line", "plc-tracked"])("%s: no other parcel is touched", (name) => {
  expect(findings(name, { runs: howOften({ usually: 6, long: 20 }) })).toEqual([]);
});

test("outputs that stay longer than the site says let a gate take the next parcel, which has no permit", () => {
  expect(findings("common-line", { runs: 6, plan: { ioWatchdogMs: 300 } })).toContain("wrong-chute");
});
