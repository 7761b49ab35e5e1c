// Reads single lines of the journal by their places, streaming, so that a look into a large segment blocks nobody.
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { type EntryLine, isEntry, parseLine } from "../../journal/line.ts";
import { segmentName } from "../../journal/segment.ts";
import type { Place } from "./story-index.ts";

/** What is no longer there (its segment was archived away) is left out. */
export interface ReadPlaces {
  lines: EntryLine[];
  missing: number;
}

export async function readPlaces(journalFolder: string, places: readonly Place[]): Promise<ReadPlaces> {
  const lines: EntryLine[] = [];
  for (const segment of new Set(places.map((place) => place.segment))) {
    const seqs = new Set(places.filter((place) => place.segment === segment).map(({ seq }) => seq));
    lines.push(...(await readSeqs(journalFolder, segment, seqs)));
  }
  lines.sort((a, b) => a.seq - b.seq);
  return { lines, missing: places.length - lines.length };
}

/** A segment may be compressed between two looks at the folder: the plain file first, then the other. */
async function readSeqs(folder: string, segment: number, seqs: ReadonlySet<number>): Promise<EntryLine[]> {
  const file = join(folder, segmentName(segment));
  return (await pick(createReadStream(file, CHUNKS), seqs)) ?? (await pick(unpacked(`${file}.gz`), seqs)) ?? [];
}

const CHUNKS = { highWaterMark: 1 << 20 };

function unpacked(file: string): Readable {
  // A file that cannot be read ends the reading of what is unpacked by its error.
  return pipeline(createReadStream(file, CHUNKS), createGunzip(), () => {});
}

/** null: there is no such file. */
async function pick(bytes: Readable, seqs: ReadonlySet<number>): Promise<EntryLine[] | null> {
  const found: EntryLine[] = [];
  // Sequences have no gaps: the header's tells which line of the file is which.
  let seq: number | null = null;
  try {
    for await (const line of linesOf(bytes)) {
      seq = seq === null ? (parseLine(line)?.seq ?? null) : seq + 1;
      if (seq === null) break;
      if (!seqs.has(seq)) continue;
      const parsed = parseLine(line);
      if (parsed !== null && parsed.seq === seq && isEntry(parsed)) found.push(parsed);
      if (found.length === seqs.size) break;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  } finally {
    bytes.destroy();
  }
  return found;
}

async function* linesOf(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let from = 0;
    for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, from)) {
      yield bytes.subarray(from, at);
      from = at + 1;
    }
    rest = bytes.subarray(from);
  }
}
