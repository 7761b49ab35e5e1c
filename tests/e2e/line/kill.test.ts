// kill -9 of the controller under traffic, at each step of a permit's way: nothing leaves that should not.
import { expect, test } from "vitest";
import { STEPS } from "./die-at-step.ts";
import { killRun } from "./kill-run.ts";

/** Every step once, and a random moment. */
const KILLS = STEPS.length + 1;

test("killed at each step between decision, sync, write and acknowledgement: the law holds, the journal is whole", {
  timeout: 180_000,
  retry: 0,
}, async () => {
  const { report, verdict, exitCode, kills, blindNs, starts, lastWords } = await killRun({ kills: KILLS, seed: 3 });
  expect(report.findings).toEqual([]);
  expect(verdict).toMatchObject({ isIntact: true, damage: null });
  expect(starts, lastWords).toEqual({ controller: 1 + KILLS, gateway: 1 });
  expect(exitCode, lastWords).toBe(0);
  // The next step is met only by a line that sorts again; the last kill is followed by nothing but parcels.
  expect(kills.map(({ at }) => at)).toEqual([...STEPS, "random"]);
  expect(blindNs.at(-1)).not.toBeNull();
});
