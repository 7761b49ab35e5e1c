// A cable that is pulled under traffic and plugged in again: no parcel is carried out by what the kernel sends again.
import { expect, test } from "vitest";
import { DISTURBED_TIMEOUT_MS, howOften } from "../../how-often.ts";
import { whyNoCable } from "./cable.ts";
import { cutRun } from "./cut-run.ts";

test("the PLCs' cable is pulled under traffic: what is sent again when it is back takes no parcel", {
  timeout: DISTURBED_TIMEOUT_MS,
  retry: 0,
}, async () => {
  const missing = whyNoCable();
  if (missing !== null) {
    process.stderr.write(`left out: cut cable, which needs CAP_NET_ADMIN and iproute2: ${missing}\n`);
    return;
  }
  const { report, verdict, exitCode, starts, lastWords } = await cutRun({
    times: howOften({ usually: 1, long: 20 }),
    seed: 6,
  });
  expect(report.findings).toEqual([]);
  expect(starts, lastWords).toEqual({ controller: 1, gateway: 1 });
  expect(verdict.damage).toBeNull();
  expect(exitCode, lastWords).toBe(0);
});
