// kill -9 of the controller under traffic, at each step of a permit's way: nothing leaves that should not.
import { expect, test } from "vitest";
import { DISTURBED_TIMEOUT_MS, howOften } from "../../how-often.ts";
import { STEPS } from "./die-at-step.ts";
import { killRun } from "./kill-run.ts";

/** Every step in turn, and a random moment after each round. */
const KILLS = howOften({ usually: STEPS.length + 1, long: 50 });

test("killed at each step between decision, sync, write and acknowledgement: the law holds, the journal is whole", {
  timeout: DISTURBED_TIMEOUT_MS,
  retry: 0,
}, async () => {
  const { report, verdict, exitCode, kills, blindNs, starts, lastWords } = await killRun({ kills: KILLS, seed: 3 });
  expect(report.findings).toEqual([]);
  expect(verdict).toMatchObject({ isIntact: true, damage: null });
  expect(starts, lastWords).toEqual({ controller: 1 + KILLS, gateway: 1 });
  expect(exitCode, lastWords).toBe(0);
  // The next step is met only by a line that sorts again; the last kill is followed by nothing but parcels.
  expect(new Set(kills.map(({ at }) => at))).toEqual(new Set([...STEPS, "random"]));
  process.stdout.write(blindWords(blindNs));
  expect(blindNs.at(-1)).not.toBeNull();
});

/** Between a kill and the first parcel that came in after it and was sorted; the parcels' own pace is in it. */
function blindWords(blindNs: readonly (number | null)[]): string {
  const ms = blindNs.flatMap((ns) => (ns === null ? [] : [Math.round(ns / 1e6)])).sort((a, b) => a - b);
  const median = ms[Math.floor(ms.length / 2)];
  return `${blindNs.length} kills; until new parcels were sorted: median ${median} ms, longest ${ms.at(-1)} ms\n`;
}
