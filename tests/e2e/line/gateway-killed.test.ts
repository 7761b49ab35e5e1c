// The gateway is killed while the line sorts on: nothing is lost, spending is carried over once, and each parcel's story told.
import { expect, test } from "vitest";
import { journalLines } from "../../../simulators/wired/evidence.ts";
import type { ParcelView } from "../../../src/gateway/parcel.ts";
import type { LineEntry } from "../../../src/line/entry.ts";
import { exitCode } from "../../../src/process/exit-code.ts";
import { type LineRig, startLine } from "../line-rig.ts";

const KILLED_AFTER = [8, 20];
/** After that. */
const SORTED = 10;

test("killed twice under traffic: the line sorts on, every spending is in the store once", {
  timeout: 180_000,
  retry: 0,
}, async () => {
  const line = await startLine({ parcels: null, seed: 21 });
  await line.rig.startTraffic();
  for (const after of KILLED_AFTER) {
    await line.until(`parcel ${after}`, async () => (await line.rig.status()).fed >= after);
    const starts = line.starts("gateway");
    await line.kill("gateway");
    await line.until("the next gateway", () => line.starts("gateway") > starts);
  }
  await line.sorted(SORTED);
  const second = await line.coline("controller", line.siteFolder);
  expect(second).toMatchObject({ code: exitCode.alreadyRunning, err: expect.stringContaining("JOURNAL_IN_USE") });
  await line.trafficDone();

  const expected = spentInJournal(line);
  expect([...expected.values()].reduce((sum, pieces) => sum + pieces, 0)).toBeGreaterThanOrEqual(SORTED);
  await line.until("all spending to be carried over", async () => {
    const carried = await Promise.all([...expected].map(async ([code, n]) => (await spentInStore(line, code)) === n));
    return carried.every(Boolean);
  });

  const { report, evidence, verdict, exitCode: code, starts, lastWords } = await line.finish();
  expect(report.findings).toEqual([]);
  expect(starts, lastWords).toEqual({ controller: 1, gateway: 1 + KILLED_AFTER.length });
  expect(verdict.damage).toBeNull();
  expect(code).toBe(0);
  expect(report).toMatchObject({ misdiverted: 0 });

  const arrived = evidence.entries.find((entry) => entry.kind === "end" && entry.end === "arrived");
  if (arrived?.kind !== "end" || arrived.waybill === null) return expect.unreachable("no parcel has arrived");
  const story = await line.coline("journal", line.siteFolder, "--parcel", arrived.waybill);
  expect(story).toMatchObject({ code: 0, err: "" });
  const places = [
    "came onto belt1 at the eye induction",
    `scanner scan1 read ${arrived.waybill}`,
    `(${arrived.waybill}): released`,
    `to ${arrived.chuteId} (outbound`,
    `arrived in ${arrived.chuteId}, seen by its eye`,
  ].map((words) => story.out.indexOf(words));
  expect(places, story.out).not.toContain(-1);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  const verified = await line.coline("verify", line.journalFolder);
  expect(verified).toMatchObject({ code: 0, out: expect.stringContaining("intact") });
});

/** Pieces by waybill: permits that reserved one, less those that were given back. */
function spentInJournal(line: LineRig): Map<string, number> {
  const spent = new Map<string, number>();
  for (const entry of journalLines(line.journalFolder) as Iterable<LineEntry>) {
    const release = entry.kind === "permit" || entry.kind === "giveBack" ? entry.release : null;
    if (release === null) continue;
    const [, waybill = ""] = release.split("/");
    spent.set(waybill, (spent.get(waybill) ?? 0) + (entry.kind === "permit" ? 1 : -1));
  }
  return spent;
}

async function spentInStore(line: LineRig, code: string): Promise<number> {
  const response = await fetch(`${line.gatewayUrl}/v1/parcels/${code}`);
  const { records } = (await response.json()) as ParcelView;
  return records.flatMap(({ spent }) => spent).reduce((sum, { spent }) => sum + spent, 0);
}
