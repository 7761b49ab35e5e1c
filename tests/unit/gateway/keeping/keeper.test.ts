// What the keeper may touch and when: only what is read and no longer needed, in order, and never without its copy.
import { appendFileSync, mkdirSync, readFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { run as journalCommand } from "../../../../src/cli/commands/journal.ts";
import { run as verifyCommand } from "../../../../src/cli/commands/verify.ts";
import { readPlaces } from "../../../../src/gateway/index/read-places.ts";
import { judgeAge } from "../../../../src/gateway/keeping/expiry.ts";
import { keepOn } from "../../../../src/gateway/keeping/keeper.ts";
import { fileFolder } from "../../../../src/journal/file-disk.ts";
import { type Cursor, followJournal } from "../../../../src/journal/follower.ts";
import { segmentBytes, segmentName } from "../../../../src/journal/segment.ts";
import { verifyJournal } from "../../../../src/journal/verify.ts";
import {
  allReaders,
  bytesOf,
  DAY_MS,
  endOf,
  FIRST_MS,
  type KeptJournal,
  keeperRig,
  keptJournal,
  writeRun,
  writeRuns,
} from "./kept-journal.ts";

let journal: KeptJournal;
beforeEach(() => {
  journal = keptJournal();
});
afterEach(() => rmSync(journal.root, { recursive: true }));

const plain = segmentName;
const packed = (number: number): string => `${segmentName(number)}.gz`;
const later = 5000 * DAY_MS + FIRST_MS;

describe("what is closed", () => {
  test("all but the newest are compressed, oldest first; a restart, the follower, stories and commands go on", async () => {
    await writeRuns(journal.folder, 4);
    const whole = await allReaders(journal.folder);
    const rig = keeperRig(journal);
    await rig.settle();
    expect(journal.names()).toEqual([packed(1), packed(2), packed(3), plain(4)]);
    expect(rig.done).toEqual(["compressed", "compressed", "compressed"]);
    expect(await allReaders(journal.folder)).toEqual(whole);
    const out = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    expect(await verifyCommand([journal.folder])).toBe(0);
    expect(await journalCommand([journal.folder, "--since", "2020-01-01"])).toBe(0);
    out.mockRestore();
    await writeRun(journal.folder);
    expect(verifyJournal(fileFolder(journal.folder))).toMatchObject({ isIntact: true, segments: 5 });
  });

  test("what the story index or the carrying over has not read to its end stays as it is", async () => {
    await writeRuns(journal.folder, 4);
    const [end, second] = [endOf(journal.folder), await cursorIn(2)];
    for (const readers of [
      { carried: null, indexedSegment: 4 },
      { carried: end, indexedSegment: null },
      { carried: end, indexedSegment: 1 },
    ]) {
      await keeperRig(journal, { readers: () => readers }).settle();
      expect(journal.names()).toEqual([1, 2, 3, 4].map(plain));
    }
    await keeperRig(journal, { readers: () => ({ carried: second, indexedSegment: 4 }) }).settle();
    expect(journal.names()).toEqual([packed(1), plain(2), plain(3), plain(4)]);
  });

  test("what a restart of the controller would read stays: the newest checkpoint is whole in segment 2", async () => {
    await writeRuns(journal.folder, 2);
    await writeRun(journal.folder, { checkpoint: false });
    await writeRun(journal.folder, { checkpoint: false });
    await keeperRig(journal).settle();
    expect(journal.names()).toEqual([packed(1), plain(2), plain(3), plain(4)]);
  });

  test("a checkpoint that is not known to be on the disk is none: the one before it still counts", async () => {
    await writeRuns(journal.folder, 3);
    const { segment, seq, hash } = await cursorIn(3, 1);
    await keeperRig(journal, { readers: () => ({ carried: { segment, seq, hash }, indexedSegment: 3 }) }).settle();
    expect(journal.names()).toEqual([packed(1), plain(2), plain(3)]);
  });

  test("a cursor of another journal that stood here before: nothing is touched", async () => {
    await writeRuns(journal.folder, 3);
    const end = endOf(journal.folder);
    for (const carried of [
      { ...end, segment: 9 },
      { ...end, hash: "0".repeat(64) },
    ]) {
      await keeperRig(journal, { readers: () => ({ carried, indexedSegment: 9 }) }).settle();
      expect(journal.names()).toEqual([1, 2, 3].map(plain));
    }
  });

  test("a segment that is compressed between the look at the folder and the reading is read all the same", async () => {
    await writeRuns(journal.folder, 2);
    const folder = fileFolder(journal.folder);
    const before = bytesOf(journal.folder, plain(1));
    await keeperRig(journal).settle();
    expect(segmentBytes(folder, { number: 1, name: plain(1) })).toEqual(before);
    expect(() => segmentBytes(folder, { number: 7, name: plain(7) })).toThrow(/ENOENT/);
  });
});

describe("what is old", () => {
  test.each([
    ["just three years", { days: 1096, retainDays: 1096, hasArchive: false }, "keep"],
    ["a moment more than three years", { days: 1096.01, retainDays: 1096, hasArchive: false }, "delete"],
    [
      "past its days, but not past three years, without an archive",
      { days: 50, retainDays: 10, hasArchive: false },
      "keep",
    ],
    ["past its days, with an archive", { days: 50, retainDays: 10, hasArchive: true }, "ifArchived"],
    ["past three years, with an archive", { days: 2000, retainDays: 1096, hasArchive: true }, "ifArchived"],
    ["within its days, with an archive", { days: 9, retainDays: 10, hasArchive: true }, "keep"],
  ] as const)("%s", (_situation, { days, ...more }, verdict) => {
    expect(judgeAge({ newestMs: 0, nowMs: days * DAY_MS, ...more })).toBe(verdict);
    expect(judgeAge({ newestMs: null, nowMs: days * DAY_MS, ...more })).toBe("keep");
  });

  test("whole segments are deleted, oldest first, as far as they are old; what is left is intact and goes on", async () => {
    await writeRuns(journal.folder, 5);
    makeOld();
    const cursor = await cursorIn(3);
    // The header of segment 4 is written three days after the first one: by then segment 3 was closed.
    const rig = keeperRig(journal, { nowMs: () => FIRST_MS + (3 + 1096) * DAY_MS + 1 });
    await rig.settle();
    expect(journal.names()).toEqual([packed(4), plain(5)]);
    expect(rig.done.filter((what) => what === "deleted")).toHaveLength(3);
    expect(verifyJournal(fileFolder(journal.folder))).toMatchObject({ isIntact: true, firstSegment: 4 });
    expect(await readPlaces(journal.folder, [{ segment: 1, seq: 5 }])).toEqual({ lines: [], missing: 1 });
    const lost = followJournal({ folder: journal.folder, from: cursor });
    await expect(lost.next()).rejects.toThrow(/JOURNAL_CURSOR_GONE/);
    await writeRun(journal.folder);
    expect(verifyJournal(fileFolder(journal.folder))).toMatchObject({ isIntact: true, segments: 3 });
  });

  test("nobody has said the time: nothing is deleted", async () => {
    await writeRuns(journal.folder, 3);
    makeOld();
    const rig = keeperRig(journal, { nowMs: () => null });
    await rig.settle();
    expect(rig.done).not.toContain("deleted");
  });

  test("a header that says 1970: the file's own time keeps its segment", async () => {
    await writeRun(journal.folder, { wallMs: 0 });
    await writeRun(journal.folder, { wallMs: 0 });
    await writeRun(journal.folder, { wallMs: 0 });
    const rig = keeperRig(journal, { nowMs: () => Date.now() });
    await rig.settle();
    expect(journal.names()).toEqual([packed(1), packed(2), plain(3)]);
  });

  test("the newest and all that a restart needs outlive any age", async () => {
    await writeRuns(journal.folder, 2);
    await writeRun(journal.folder, { checkpoint: false });
    makeOld();
    const rig = keeperRig(journal, { nowMs: () => later });
    await rig.settle();
    expect(journal.names()).toEqual([plain(2), plain(3)]);
  });

  test("the oldest left has no header, since a crash tore it: the rest is intact all the same", async () => {
    await writeRuns(journal.folder, 2);
    truncateSync(join(journal.folder, plain(2)), 40);
    await writeRuns(journal.folder, 2);
    expect(verifyJournal(fileFolder(journal.folder)).isIntact).toBe(true);
    makeOld();
    const steps: boolean[] = [];
    const rig = keeperRig(journal, {
      nowMs: () => later,
      done: () => steps.push(verifyJournal(fileFolder(journal.folder)).isIntact),
    });
    await rig.settle();
    expect(journal.names()).toEqual([plain(4)]);
    expect(steps).not.toContain(false);
    expect(rig.said).toEqual([]);
  });

  test("a gap in the journal: nothing more is deleted, and it is said", async () => {
    await writeRuns(journal.folder, 4);
    makeOld();
    await keeperRig(journal).settle();
    rmSync(join(journal.folder, packed(2)));
    const rig = keeperRig(journal, { nowMs: () => later });
    await rig.settle();
    expect(rig.said[0]?.code).toBe("JOURNAL_RETENTION_FAILED");
    expect(journal.names()).toEqual([packed(1), packed(3), plain(4)]);
  });
});

describe("with an archive", () => {
  test("each compressed segment is copied once; a journal joined from both verifies", async () => {
    await writeRuns(journal.folder, 4);
    makeOld();
    const { head } = verifyJournal(fileFolder(journal.folder));
    const rig = keeperRig(journal, { archiveFolder: journal.archive, retainDays: 30, nowMs: () => later });
    await rig.settle();
    expect(journal.archived()).toEqual([packed(1), packed(2), packed(3)]);
    expect(journal.names()).toEqual([plain(4)]);
    expect(rig.done.filter((what) => what === "archived")).toHaveLength(3);
    writeFileSync(join(journal.archive, plain(4)), bytesOf(journal.folder, plain(4)));
    expect(verifyJournal(fileFolder(journal.archive), head)).toMatchObject({ isIntact: true, firstSegment: 1 });
    const out = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    expect(await journalCommand([journal.archive, "--since", "2020-01-01"])).toBe(0);
    out.mockRestore();
  });

  test("a copy that is damaged, or is another's, lets nothing be deleted; said once, counted at each look", async () => {
    await writeRuns(journal.folder, 3);
    makeOld();
    const o = { archiveFolder: journal.archive, retainDays: 30 };
    await keeperRig(journal, o).settle();
    const copy = bytesOf(journal.archive, packed(1));
    copy[copy.length >> 1] = (copy[copy.length >> 1] ?? 0) ^ 0xff;
    writeFileSync(join(journal.archive, packed(1)), copy);
    const rig = keeperRig(journal, { ...o, nowMs: () => later });
    await rig.settle();
    await rig.settle();
    expect(journal.names()).toEqual([packed(1), packed(2), plain(3)]);
    expect(rig.said.map(({ code }) => code)).toEqual(["JOURNAL_RETENTION_FAILED"]);
    expect(rig.failed.length).toBeGreaterThan(1);
  });

  test("an archive that is not mounted: compressing goes on, nothing is deleted or put in its place; then it catches up", async () => {
    await writeRuns(journal.folder, 3);
    makeOld();
    rmSync(journal.archive, { recursive: true });
    const rig = keeperRig(journal, { archiveFolder: journal.archive, retainDays: 30, nowMs: () => later });
    await rig.settle();
    expect(journal.names()).toEqual([packed(1), packed(2), plain(3)]);
    expect(new Set(rig.failed)).toEqual(new Set(["JOURNAL_ARCHIVE_FAILED", "JOURNAL_RETENTION_FAILED"]));
    mkdirSync(journal.archive);
    await rig.settle();
    expect(journal.names()).toEqual([plain(3)]);
    expect(journal.archived()).toEqual([packed(1), packed(2)]);
  });
});

test("too little room above the line's own floor: nothing is copied, and it is said", async () => {
  await writeRuns(journal.folder, 3);
  const rig = keeperRig(journal, { freeFloorBytes: Number.MAX_SAFE_INTEGER });
  await rig.settle();
  expect(rig.said[0]).toMatchObject({ code: "JOURNAL_COMPRESS_FAILED", error: expect.stringContaining("MiB free") });
  expect(journal.names()).toEqual([1, 2, 3].map(plain));
});

test("the journal's folder is away: nothing happens, nothing fails", async () => {
  const rig = keeperRig(journal, { readers: () => ({ carried: null, indexedSegment: null }) });
  await rig.settle();
  expect(rig.failed).toEqual([]);
});

test("closed in the middle: it ends, and what was begun is finished by the next one", async () => {
  await writeRuns(journal.folder, 3);
  appendFileSync(join(journal.folder, "note.txt"), "not the journal's");
  const rig = keeperRig(journal);
  const keeping = keepOn(rig.keep);
  await keeping.close();
  expect(rig.said).toEqual([]);
  await keeperRig(journal).settle();
  expect(journal.names()).toEqual([packed(1), packed(2), plain(3), "note.txt"]);
});

/** Compressed now, but last changed long ago: as a site of years would have it. */
function makeOld(): void {
  for (const name of journal.names()) utimesSync(join(journal.folder, name), 1, 1);
}

/** The cursor behind the line so many places into the segment, its last one if left out. */
async function cursorIn(segment: number, at?: number): Promise<Cursor> {
  const name = journal.names().find((each) => each.startsWith(plain(segment))) ?? "";
  const stored = readFileSync(join(journal.folder, name));
  const lines = (name.endsWith(".gz") ? gunzipSync(stored) : stored).toString().trimEnd().split("\n");
  const { seq, hash } = JSON.parse(lines.at(at ?? -1) ?? "") as Cursor;
  return { segment, seq, hash };
}
