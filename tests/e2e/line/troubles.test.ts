// A shift with every everyday trouble in it, on real ttys and sockets: the law holds, and the journal names each reason.
import { expect, test } from "vitest";
import type { Fault } from "../../../simulators/wired/faults.ts";
import type { LineEntry } from "../../../src/line/entry.ts";
import { startLine } from "../line-rig.ts";

/** Between the scanner and the first gate. */
const RIDING_UM = 2_600_000;

const TROUBLES: readonly { afterParcels: number; fault: Fault }[] = [
  { afterParcels: 4, fault: { kind: "noRead", scannerId: "scan1" } },
  // What a held-up scanner does not read in time has no codes at all: others come, at other moments.
  ...[6, 8, 10].map((afterParcels) => ({ afterParcels, fault: { kind: "secondCode", scannerId: "scan1" } as const })),
  { afterParcels: 12, fault: { kind: "takeOff", beltId: "belt1", atUm: RIDING_UM } },
  { afterParcels: 16, fault: { kind: "holdRiding", beltId: "belt1", atUm: RIDING_UM } },
  // A copy that a held-up scanner gives no name is none to the line: others come, at other moments.
  ...[18, 20, 22, 24].map((afterParcels) => ({ afterParcels, fault: { kind: "copyLabel", beltId: "belt1" } as const })),
  { afterParcels: 26, fault: { kind: "slowPlc", deviceId: "plc1", extraNs: 30e6, forNs: 1500e6 } },
  { afterParcels: 36, fault: { kind: "cut", deviceId: "plc1", forNs: 700e6 } },
  { afterParcels: 50, fault: { kind: "unplug", scannerId: "scan1", forNs: 2000e6 } },
];

test("every trouble of a day under traffic: nothing unreleased leaves, each reason stands in the journal", {
  timeout: 180_000,
  retry: 0,
}, async () => {
  const line = await startLine({ parcels: null, seed: 11 });
  await line.rig.startTraffic();
  for (const { afterParcels, fault } of TROUBLES) {
    await line.until(`parcel ${afterParcels}`, async () => (await line.rig.status()).fed >= afterParcels);
    await line.rig.inject(fault);
  }
  await line.sorted(10);
  await line.trafficDone();
  const { report, verdict, exitCode, evidence, lastWords } = await line.finish();
  expect(report.findings).toEqual([]);
  expect(report).toMatchObject({ removed: 1, onBelt: 0, unreleasedOutbound: 0, misdiverted: 0 });
  expect(verdict).toMatchObject({ isIntact: true, damage: null });
  expect(exitCode, lastWords).toBe(0);

  // What happened to the parcels, and what happened to the devices.
  for (const reason of ["NO_READ", "READ_CONFLICT", "HELD"]) expect(report.reasons).toHaveProperty(reason);
  // A machine that holds the line up may let the copy come when the original has left.
  const ofCopies = ["ITEM_LABEL_DUPLICATED", "RELEASE_SPENT"].filter((reason) => reason in report.reasons);
  expect(ofCopies, JSON.stringify(report.reasons)).not.toEqual([]);
  const { entries, truth } = evidence;
  const takenOff = truth.parcels.find(({ end }) => end.kind === "removed");
  // A machine that holds the controller up at the scanner costs the parcel its name, and not that it is missed.
  const isMissed = (entry: LineEntry): boolean =>
    entry.kind === "end" && entry.end === "lost" && !entry.possiblyOutbound && isNameOf(entry.waybill);
  const isNameOf = (waybill: string | null): boolean => waybill === null || waybill === takenOff?.waybill;
  expect(entries.filter(isMissed)).not.toEqual([]);
  for (const connected of [false, true])
    expect(entries).toContainEqual(expect.objectContaining({ kind: "device", deviceId: "plc1", connected }));
  for (const state of ["down", "up"])
    expect(entries).toContainEqual(expect.objectContaining({ kind: "scanner", scannerId: "scan1", state }));
});
