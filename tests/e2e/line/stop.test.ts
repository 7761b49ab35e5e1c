// SIGTERM in the middle of traffic: gates go home, relays fall, the journal is whole, and both processes end with 0.
import { expect, test } from "vitest";
import { startLine } from "../line-rig.ts";

test("SIGTERM with parcels on the belt and gates at work: a clean end in the plant and on the disk", {
  timeout: 120_000,
  retry: 0,
}, async () => {
  const line = await startLine({ parcels: null, seed: 31 });
  await line.rig.startTraffic();
  const isAtWork = async (): Promise<boolean> =>
    (await line.rig.status()).fed >= 18 && (await line.rig.truth()).swings.length > 0;
  await line.until("a full belt and a gate that was out", isAtWork);
  const { report, atEnd, exitCode, verdict, evidence, starts, lastWords } = await line.finish({ isComplete: false });
  expect(exitCode, lastWords).toBe(0);
  expect(starts).toEqual({ controller: 1, gateway: 1 });
  expect(atEnd.belts).toEqual([expect.objectContaining({ driven: false })]);
  expect(evidence.truth.swings.length).toBeGreaterThan(0);
  expect(evidence.truth.swings.filter(({ untilNs }) => untilNs === null)).toEqual([]);
  expect(verdict).toMatchObject({ isIntact: true, damage: null, tornBytes: 0 });
  expect(report.findings).toEqual([]);
});
