// Reads single lines of the journal by their places, streaming, so that a look into a large segment blocks nobody.
import { join } from "node:path";
import type { Readable } from "node:stream";
import { type EntryLine, entryOf, type HeaderLine, isEntry, isHeader, parseLine } from "../../journal/line.ts";
import { segmentName } from "../../journal/segment.ts";
import { segmentStream, streamedLines } from "../../journal/segment-stream.ts";
import { wallTimeOf } from "../../journal/story.ts";
import type { LineEntry } from "../../line/entry.ts";
import type { Place } from "./story-index.ts";

export interface PlacedLine {
  line: EntryLine;
  entry: LineEntry;
  /** Wall time, RFC 3339, by the segment's header, which ties both clocks; null: the line is of another run. */
  at: string | null;
}

export interface ReadPlaces {
  /** In the journal's order. */
  lines: PlacedLine[];
  /** Places whose segment is no longer there (archived away). */
  missing: number;
}

export async function readPlaces(journalFolder: string, places: readonly Place[]): Promise<ReadPlaces> {
  const lines: PlacedLine[] = [];
  for (const segment of new Set(places.map((place) => place.segment))) {
    const seqs = new Set(places.filter((place) => place.segment === segment).map(({ seq }) => seq));
    lines.push(...(await readSeqs(journalFolder, segment, seqs)));
  }
  lines.sort((a, b) => a.line.seq - b.line.seq);
  return { lines, missing: places.length - lines.length };
}

/** A segment may be compressed between two looks at the folder: the plain file first, then the other. */
async function readSeqs(folder: string, segment: number, seqs: ReadonlySet<number>): Promise<PlacedLine[]> {
  const file = join(folder, segmentName(segment));
  return (await pick(segmentStream(file), seqs)) ?? (await pick(segmentStream(`${file}.gz`), seqs)) ?? [];
}

/** null: there is no such file. */
async function pick(bytes: Readable, seqs: ReadonlySet<number>): Promise<PlacedLine[] | null> {
  const found: PlacedLine[] = [];
  // Sequences have no gaps: the header's tells which line of the file is which.
  let header: HeaderLine | null = null;
  let seq = 0;
  try {
    for await (const bytesOfLine of streamedLines(bytes)) {
      seq += 1;
      if (header === null) {
        const first = parseLine(bytesOfLine);
        if (first === null || !isHeader(first)) break;
        header = first;
        seq = first.seq;
      }
      if (!seqs.has(seq)) continue;
      const line = parseLine(bytesOfLine);
      if (line !== null && line.seq === seq && isEntry(line)) found.push(placed(line, header));
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

function placed(line: EntryLine, header: HeaderLine): PlacedLine {
  const entry = entryOf(line);
  return { line, entry, at: wallTimeOf(line.run === header.run ? header : null, entry.atNs).at };
}
