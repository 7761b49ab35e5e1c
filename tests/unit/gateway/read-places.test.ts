// Lines of the journal by their places: from plain and compressed segments, and what is no longer there.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readPlaces } from "../../../src/gateway/index/read-places.ts";
import { fileDisk } from "../../../src/journal/file-disk.ts";
import { segmentName } from "../../../src/journal/segment.ts";
import { readTail } from "../../../src/journal/tail.ts";
import { beginRun } from "../../../src/journal/writer.ts";
import type { LineEntry } from "../../../src/line/entry.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "coline-places-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** One run of the journal, a segment of its own, with so many entries. */
async function writeRun(entries: number): Promise<void> {
  const disk = fileDisk(folder);
  const { end } = readTail(disk);
  const journal = beginRun({
    limits: { restNs: 0 },
    disk,
    end,
    checkpoint: null,
    codeVersion: "0.0.0",
    bootId: "b",
    nowNs: () => 5e9,
    wallTime: () => "2026-03-01T00:00:05Z",
    events: { durable: () => {}, storage: () => {} },
    fatal: (error) => expect.unreachable(error.message),
  });
  for (let i = 1; i <= entries; i++) {
    const n = end.lastEntry + i;
    journal.append({ n, atNs: n * 1e9, kind: "length", itemId: n, lengthUm: 1 } as LineEntry);
  }
  await journal.close();
}
const compress = (segment: number): void => {
  const plain = join(folder, segmentName(segment));
  writeFileSync(`${plain}.gz`, gzipSync(readFileSync(plain)));
  rmSync(plain);
};
const at = (segment: number, ...seqs: number[]) => seqs.map((seq) => ({ segment, seq }));

test("lines come in the journal's order with their wall time, from segments compressed or not", async () => {
  await writeRun(3);
  await writeRun(2);
  compress(1);
  const { lines, missing } = await readPlaces(folder, [...at(2, 6), ...at(1, 2, 4)]);
  expect(missing).toBe(0);
  expect(lines.map(({ line, entry }) => [line.seq, line.run, entry.n])).toEqual([
    [2, 1, 1],
    [4, 1, 3],
    [6, 2, 4],
  ]);
  // The header says: 5 s of the run's clock were 00:00:05.
  expect(lines.map((line) => line.at)).toEqual([
    "2026-03-01T00:00:01.000Z",
    "2026-03-01T00:00:03.000Z",
    "2026-03-01T00:00:04.000Z",
  ]);
});

test("a segment that was archived away is counted as missing, the others are shown", async () => {
  await writeRun(2);
  await writeRun(2);
  rmSync(join(folder, segmentName(1)));
  expect(await readPlaces(folder, [...at(1, 2, 3), ...at(2, 5)])).toMatchObject({
    missing: 2,
    lines: [{ entry: { n: 3 } }],
  });
});

test("places of headers, of other journals and beyond the end are not taken for entries", async () => {
  await writeRun(2);
  expect(await readPlaces(folder, at(1, 1, 99))).toEqual({ lines: [], missing: 2 });
  writeFileSync(join(folder, segmentName(7)), "not a journal\n");
  expect(await readPlaces(folder, at(7, 1))).toEqual({ lines: [], missing: 1 });
});

test("a compressed segment that is damaged is an error, not an empty story", async () => {
  writeFileSync(join(folder, `${segmentName(1)}.gz`), "not packed");
  await expect(readPlaces(folder, at(1, 2))).rejects.toThrow();
});
