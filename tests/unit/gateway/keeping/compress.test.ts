// Compressing and archiving a closed segment: wherever the process dies, every reader finds the journal whole.
import { appendFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { archiveSegment, isArchived } from "../../../../src/gateway/keeping/archive.ts";
import { compressSegment } from "../../../../src/gateway/keeping/compress.ts";
import type { Step } from "../../../../src/gateway/keeping/safe-copy.ts";
import { segmentName } from "../../../../src/journal/segment.ts";
import { allReaders, bytesOf, type KeptJournal, keeperRig, keptJournal, writeRuns } from "./kept-journal.ts";

let journal: KeptJournal;
let whole: unknown;
beforeEach(async () => {
  journal = keptJournal();
  await writeRuns(journal.folder, 3);
  whole = await allReaders(journal.folder);
  expect(whole).toMatchObject({ isIntact: true });
});
afterEach(() => rmSync(journal.root, { recursive: true }));

const STEPS: readonly Step[] = ["written", "checked", "renamed", "folderSynced", "plainRemoved"];
const dieAt = (step: Step) => (now: Step) => {
  if (now === step) throw new Error("died");
};
const plain = segmentName(1);
const packed = `${plain}.gz`;

test("the plain file goes last, when its copy is checked and has its name on the disk", async () => {
  const before = bytesOf(journal.folder, plain);
  const { mtimeMs } = statSync(join(journal.folder, plain));
  const seen: [Step, boolean, boolean][] = [];
  const sizes = await compressSegment({
    folder: journal.folder,
    number: 1,
    freeFloorBytes: 0,
    at: (step) => void seen.push([step, journal.names().includes(plain), journal.names().includes(packed)]),
  });
  expect(seen).toEqual([
    ["written", true, false],
    ["checked", true, false],
    ["renamed", true, true],
    ["folderSynced", true, true],
    ["plainRemoved", false, true],
  ]);
  expect(gunzipSync(bytesOf(journal.folder, packed))).toEqual(before);
  expect(sizes).toEqual({ bytes: before.length, packedBytes: bytesOf(journal.folder, packed).length });
  expect(statSync(join(journal.folder, packed)).mtimeMs).toBeCloseTo(mtimeMs, -1);
  expect(await allReaders(journal.folder)).toEqual(whole);
});

test.each(STEPS)(
  "compressing dies when it is %s: all readers find the same, and the next look finishes it",
  async (step) => {
    const dying = compressSegment({ folder: journal.folder, number: 1, freeFloorBytes: 0, at: dieAt(step) });
    await expect(dying).rejects.toThrow("died");
    expect(await allReaders(journal.folder)).toEqual(whole);
    const rig = keeperRig(journal);
    await rig.settle();
    expect(journal.names()).toEqual([packed, `${segmentName(2)}.gz`, segmentName(3)]);
    expect(await allReaders(journal.folder)).toEqual(whole);
    expect(rig.failed).toEqual([]);
  },
);

test("a copy torn in the middle is no segment to any reader, and is gone after the next look", async () => {
  writeFileSync(join(journal.folder, `${packed}.part`), "torn");
  expect(await allReaders(journal.folder)).toEqual(whole);
  await keeperRig(journal).settle();
  expect(journal.names().filter((name) => name.endsWith(".part"))).toEqual([]);
});

test.each([
  ["a damaged file", (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 40), Buffer.alloc(9), bytes.subarray(49)])],
  ["less of it", (bytes: Buffer) => bytes.subarray(0, -20)],
  ["other lines", () => gzipSync("other lines\n")],
])("what is read back of the copy is %s: it gets no name, and the plain file stays", async (_what, spoil) => {
  const part = `${packed}.part`;
  const at = (step: Step) => {
    if (step === "checked") throw new Error("not reached");
    writeFileSync(join(journal.folder, part), spoil(bytesOf(journal.folder, part)));
  };
  const spoilt = compressSegment({ folder: journal.folder, number: 1, freeFloorBytes: 0, at });
  await expect(spoilt).rejects.not.toThrow("not reached");
  expect(journal.names()).toContain(plain);
  expect(journal.names()).not.toContain(packed);
});

test("a file that grows while it is compressed was not closed, and stays", async () => {
  const grow = (step: Step) => {
    if (step === "renamed") appendFileSync(join(journal.folder, plain), "more");
  };
  const growing = compressSegment({ folder: journal.folder, number: 1, freeFloorBytes: 0, at: grow });
  await expect(growing).rejects.toThrow(/JOURNAL_COMPRESS_FAILED: segment 1: the plain file grew/);
  expect(journal.names()).toContain(plain);
});

test.each(STEPS.slice(0, -1))(
  "archiving dies when it is %s: the archive has the whole segment or none by its name",
  async (step) => {
    const o = { folder: journal.folder, archiveFolder: journal.archive, number: 1, freeFloorBytes: 0 };
    await compressSegment(o);
    await expect(archiveSegment({ ...o, at: dieAt(step) })).rejects.toThrow("died");
    expect(await isArchived(o)).toBe(step === "renamed" || step === "folderSynced");
    expect(await allReaders(journal.folder)).toEqual(whole);
    await archiveSegment(o);
    expect(readdirSync(journal.archive)).toEqual([packed]);
    expect(bytesOf(journal.archive, packed)).toEqual(bytesOf(journal.folder, packed));
    expect(await isArchived(o)).toBe(true);
  },
);

test("another journal's segment of the same number is never written over, nor taken for the copy", async () => {
  const o = { folder: journal.folder, archiveFolder: journal.archive, number: 1, freeFloorBytes: 0 };
  await compressSegment(o);
  writeFileSync(join(journal.archive, packed), "other evidence");
  await expect(archiveSegment(o)).rejects.toThrow(/JOURNAL_ARCHIVE_FAILED: .* holds something else/);
  expect(bytesOf(journal.archive, packed).toString()).toBe("other evidence");
});

test("an archive that is the journal's own folder counts for nothing", async () => {
  const o = { folder: journal.folder, archiveFolder: journal.folder, number: 1, freeFloorBytes: 0 };
  await compressSegment(o);
  await expect(archiveSegment(o)).rejects.toThrow(/the journal's own file/);
  await expect(isArchived(o)).rejects.toThrow(/the journal's own file/);
});
