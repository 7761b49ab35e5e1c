// A PLC that freezes under traffic and then carries out what its sockets hold: no parcel is carried out by a late command.
import { expect, test } from "vitest";
import { DISTURBED_TIMEOUT_MS, howOften } from "../../how-often.ts";
import { freezeRun } from "./freeze-run.ts";

test("a PLC freezes under traffic: what it carries out when it wakes takes no parcel", {
  timeout: DISTURBED_TIMEOUT_MS,
  retry: 0,
}, async () => {
  const { report, verdict, exitCode, starts, lastWords } = await freezeRun({
    times: howOften({ usually: 1, long: 20 }),
    seed: 5,
  });
  expect(report.findings).toEqual([]);
  expect(starts, lastWords).toEqual({ controller: 1, gateway: 1 });
  expect(verdict.damage).toBeNull();
  expect(exitCode, lastWords).toBe(0);
});
