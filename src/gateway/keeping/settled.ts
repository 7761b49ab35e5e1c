// Which segments nobody needs any more as they are: read to their end by the gateway, and older than a restart reads.
import { join } from "node:path";
import { isCheckpoint, isHeader, parseLine } from "../../journal/line.ts";
import { type Cursor, lineReader } from "../../journal/line-reader.ts";
import { segmentStream, streamedLines } from "../../journal/segment-stream.ts";
import { type KeptSegment, nameOf } from "./kept-segments.ts";

/** Where the gateway's readers stand, durably; null: at the beginning. */
export interface Readers {
  /** Carries spending over: what it has not read must not go. */
  carried: Cursor | null;
  /** Segment of the story index. */
  indexedSegment: number | null;
}

/**
 * Segments below the number are settled; 0: none. The controller reads back from the newest segment to the newest whole
 * checkpoint; a checkpoint counts when the gateway knows that it is on the disk, since one that only the kernel's memory
 * held would be gone after a power failure.
 */
export async function settledBelow(
  folder: string,
  segments: readonly KeptSegment[],
  readers: Readers,
): Promise<number> {
  const { carried, indexedSegment } = readers;
  if (carried === null || indexedSegment === null) return 0;
  // The cursor may be of a journal that stood here before, until its reader has noticed.
  if (!segments.some(({ number }) => number === carried.segment)) return 0;
  for (const segment of [...segments].reverse()) {
    if (!(await holdsCheckpoint(folder, segment, carried.seq))) continue;
    return Math.min(segment.number, carried.segment, indexedSegment);
  }
  return 0;
}

async function holdsCheckpoint(folder: string, segment: KeptSegment, durableSeq: number): Promise<boolean> {
  let slices = 0;
  const stream = segmentStream(join(folder, nameOf(segment)));
  try {
    for await (const bytes of streamedLines(stream)) {
      const line = parseLine(bytes);
      if (line === null || line.seq > durableSeq) return false;
      if (!isCheckpoint(line)) continue;
      slices += 1;
      if (slices === line.parts) return true;
    }
    return false;
  } finally {
    stream.destroy();
  }
}

/** Whether the line at the cursor stands in this journal. @throws CursorLost, JournalDamaged */
export async function cursorStands(folder: string, cursor: Cursor): Promise<boolean> {
  const reader = lineReader({ folder, from: cursor });
  try {
    for (;;) {
      const { lines, isBehind } = await reader.read();
      if (lines.length > 0) return true;
      if (!isBehind) return true; // It ends right at the cursor; a shorter one would have thrown.
    }
  } finally {
    await reader.close();
  }
}

/**
 * Wall time of the newest line of a settled segment at the latest, ms since 1970: the next header was written after it.
 * The newest of all that is known counts, since one clock may have been wrong; null: not known.
 */
export async function newestMs(
  folder: string,
  segments: readonly KeptSegment[],
  o: { at: number; changedMs: number },
): Promise<number | null> {
  let newest = o.changedMs;
  for (const segment of segments.slice(o.at)) {
    const headerMs = await headerTime(folder, segment);
    if (headerMs === null) continue; // A crash left it without its header; the next one tells.
    if (Number.isNaN(headerMs)) return null;
    newest = Math.max(newest, headerMs);
    if (segment !== segments[o.at]) return newest;
  }
  return null;
}

async function headerTime(folder: string, segment: KeptSegment): Promise<number | null> {
  const stream = segmentStream(join(folder, nameOf(segment)));
  try {
    for await (const bytes of streamedLines(stream)) {
      const line = parseLine(bytes);
      return line !== null && isHeader(line) ? Date.parse(line.wallTime) : Number.NaN;
    }
    return null;
  } finally {
    stream.destroy();
  }
}
