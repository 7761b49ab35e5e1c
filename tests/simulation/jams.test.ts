// Jams that no eye sees begin, and PLCs that stop with their counters: nothing unreleased leaves, and no parcel takes another's name.
import { describe, expect, test } from "vitest";
import type { PlannedFault } from "../../simulators/scenarios/planned-fault.ts";
import { createRandom } from "../../simulators/world/random.ts";
import { howOften } from "../how-often.ts";
import { exampleSite, judgedRun } from "./virtual-run.ts";

const S = 1e9;
const sites = { "common-line": exampleSite("common-line"), "plain-coils": exampleSite("plain-coils") };

/** Six jams between 4 and 22 s, each at a place of its own: anywhere, or right at a gate. */
function jamsOf(seed: number, name: keyof typeof sites): PlannedFault[] {
  const random = createRandom(seed).fork("jams");
  const { belts } = sites[name].layout;
  return Array.from({ length: 6 }, () => {
    const belt = belts[belts.length === 1 ? 0 : random.integer(0, belts.length - 1)] as (typeof belts)[number];
    const gate = belt.gates[random.integer(0, belt.gates.length - 1)] as (typeof belt.gates)[number];
    const atGateUm = gate.atUm + random.integer(-600, 400) * 1000;
    const atUm = random.chance(0.7) ? atGateUm : random.integer(300, belt.lengthUm / 1000 - 300) * 1000;
    const forNs = random.integer(50, random.chance(0.7) ? 900 : 5000) * 1e6;
    return { kind: "jam", beltId: belt.id, atUm, forNs, atNs: random.integer(4000, 22_000) * 1e6 };
  });
}

function keepsTheLaw(o: { name: keyof typeof sites; seed: number; faults: readonly PlannedFault[] }): void {
  const { name, seed, faults } = o;
  const { run, report, breaches, missedAfterwards } = judgedRun({
    ...{ site: sites[name], seed, parcels: 60, faults },
    // What piles up and touches blocks the safe end, and somebody has to clear it.
    staff: { unlocksAfterNs: 5 * S, changesAfterNs: 5 * S, clearsAfterNs: 3 * S, testsAfterNs: 10 * S },
  });
  const said = `seed ${seed}: ${JSON.stringify(faults)}`;
  expect(report.findings, said).toEqual([]);
  expect(breaches, said).toBe(0);
  expect(run.finished, said).toBe(true);
  // Of the other site's parcels half ride on the wrong belt for their chute.
  if (name === "common-line") expect(missedAfterwards, said).toEqual([]);
}

describe("jams anywhere, at gates above all", () => {
  test.each(howOften({ usually: [1, 4], long: [1, 2, 3, 4, 5, 6] }))("common line, seed %i", (seed) => {
    keepsTheLaw({ name: "common-line", seed, faults: jamsOf(seed, "common-line") });
  });

  test.each(howOften({ usually: [2], long: [1, 2, 3] }))("plain coils, seed %i", (seed) => {
    keepsTheLaw({ name: "plain-coils", seed, faults: jamsOf(seed, "plain-coils") });
  });
});

test.each(howOften({ usually: [0.4, 2], long: [0.25, 0.4, 0.7, 1, 2, 3] }))(
  "a jam of %d s in the inspection's gate, between two eyes",
  (forS) => {
    const faults = [5, 9, 13, 17].map((atS) => ({
      ...{ kind: "jam" as const, beltId: "belt1", atUm: 7_460_000 },
      ...{ atNs: atS * S, forNs: forS * S },
    }));
    keepsTheLaw({ name: "common-line", seed: 1, faults });
  },
);

describe("a PLC that stops, and whose counter goes on where it stood", () => {
  test.each(howOften({ usually: [1], long: [1, 2, 3, 4] }))("seed %i", (seed) => {
    const random = createRandom(seed).fork("halts");
    const faults = Array.from(
      { length: 5 },
      (): PlannedFault => ({
        ...{ kind: "halt", deviceId: "plc1" },
        ...{ atNs: random.integer(4000, 22_000) * 1e6, forNs: random.integer(20, 2500) * 1e6 },
      }),
    );
    keepsTheLaw({ name: "common-line", seed, faults });
  });
});
