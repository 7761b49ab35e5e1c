// The whole line in virtual time: what leaves, what stays, and what faults may not do; each failure names its seed.
import { describe, expect, test } from "vitest";
import { drawnFaults, exampleSite, judgedRun } from "./virtual-run.ts";

const site = exampleSite("common-line");

describe("without faults", () => {
  test.each([1, 2, 3])("seed %i: every released, readable parcel is in its chute, and the law is kept", (seed) => {
    const { run, report, breaches } = judgedRun({ site, seed, parcels: 60 });
    expect(run.finished).toBe(true);
    expect(report.findings).toEqual([]);
    expect(report.missed).toEqual([]);
    expect(report.released.due).toBeGreaterThan(30);
    expect(breaches).toBe(0);
    expect(run.snapshot.belts.flatMap(({ items }) => items)).toEqual([]);
  });

  test("the same seed gives the same journal, byte for byte", () => {
    const bytes = (): string[] =>
      [...judgedRun({ site, seed: 7, parcels: 15 }).run.disk.values()].map((file) => file.bytes.toString("utf8"));
    expect(bytes()).toEqual(bytes());
  });
});

describe("with faults drawn from the seed", () => {
  test.each([10, 15, 16, 24, 31, 148])("seed %i: nothing of the law is broken, and the line sorts on", (seed) => {
    const faults = drawnFaults(seed, site);
    const { run, report, breaches, missedAfterwards } = judgedRun({ site, seed, parcels: 60, faults });
    const said = `seed ${seed}: ${JSON.stringify(faults)}`;
    expect(report.findings, said).toEqual([]);
    expect(breaches, said).toBe(0);
    expect(run.finished, said).toBe(true);
    expect(missedAfterwards, said).toEqual([]);
    expect(report.released.delivered, said).toBeGreaterThan(report.released.due / 2);
  });
});

test("a sync that takes 200 ms: no command reaches a gate before its entry is on the disk", () => {
  const faults = [{ atNs: 0, kind: "slowDisk", syncNs: 200e6, forNs: 60e9 }] as const;
  const { run, report } = judgedRun({ site, seed: 5, parcels: 30, faults });
  const accepted = run.arrivals.filter(({ verdict, sequence }) => verdict === 1 && sequence !== null);
  expect(accepted.length).toBeGreaterThan(10);
  for (const { sequence, atNs } of accepted) {
    expect(run.durableNs.get(sequence ?? 0) ?? Number.POSITIVE_INFINITY).toBeLessThan(atNs);
  }
  expect(report.findings).toEqual([]);
});
