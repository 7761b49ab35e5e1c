// The whole line with its sensors placed otherwise: a scanner before the induction eye, debounced eyes, a gate that rests, kept edges.
import { describe, expect, test } from "vitest";
import { howOften } from "../how-often.ts";
import { edited, exampleTexts, loadedSite, type SiteTexts } from "../unit/config/example-site.ts";
import { drawnFaults, judgedRun } from "./virtual-run.ts";

const scannerFirst = edited("line.yaml", "role: induction, atMm: 200", "role: induction, atMm: 1700").texts;

function debouncedEyes(): SiteTexts {
  const { texts } = edited("line.yaml", "gapMm: 450", "gapMm: 520");
  return { ...texts, "line.yaml": texts["line.yaml"].replaceAll(/role: (induction|track|end),/g, "$&debounceMs: 5,") };
}

function restingGates(): SiteTexts {
  const { texts } = edited("line.yaml", "gapMm: 450", "gapMm: 500");
  return { ...texts, "line.yaml": texts["line.yaml"].replaceAll("travelMs: 50,", "$&restMs: 20,") };
}

/** The PLC keeps the edges of every eye of the belt, with its cycle of 1 ms. */
function latchedEyes(): SiteTexts {
  const texts = exampleTexts("common-line");
  let register = 60;
  const line = texts["line.yaml"].replaceAll(/role: (induction|track|end),/g, (role) => {
    register += 5;
    return `${role} latch: { register: ${register - 5}, scanMs: 1 },`;
  });
  return { ...texts, "line.yaml": line };
}

describe.each([
  ["a scanner before the induction eye", scannerFirst],
  ["debounced eyes", debouncedEyes()],
  ["gates that rest", restingGates()],
  ["edges that the PLC keeps", latchedEyes()],
])("%s", (_name, texts) => {
  const site = loadedSite(texts);

  test.each(howOften({ usually: [1], long: [1, 2] }))(
    "seed %i: every released, readable parcel is in its chute, and the law is kept",
    (seed) => {
      const { run, report, breaches } = judgedRun({ site, seed, parcels: 60 });
      expect(run.finished).toBe(true);
      expect(report.findings).toEqual([]);
      expect(report.missed).toEqual([]);
      expect(report.released.due).toBeGreaterThan(30);
      expect(breaches).toBe(0);
    },
  );

  test.each(howOften({ usually: [16, 148], long: [10, 16, 31, 57, 148] }))(
    "seed %i with faults: nothing of the law is broken, and the line sorts on",
    (seed) => {
      const faults = drawnFaults(seed, site);
      const { report, breaches, missedAfterwards } = judgedRun({ site, seed, parcels: 60, faults });
      const said = `seed ${seed}: ${JSON.stringify(faults)}`;
      expect(report.findings, said).toEqual([]);
      expect(breaches, said).toBe(0);
      expect(missedAfterwards, said).toEqual([]);
    },
  );
});
