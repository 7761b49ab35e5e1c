// Names, order and content of segment files: reads one whole, its chain checked, and says what a crash left at its end.
import { gunzipSync } from "node:zlib";
import { CHAIN_START, fits, openLine } from "./chain.ts";
import type { JournalFolder } from "./disk.ts";
import { JournalDamaged } from "./failures.ts";
import { type HeaderLine, isHeader, JOURNAL_FORMAT, type JournalLine, parseLine } from "./line.ts";

const NAME = /^(\d{12})\.jsonl(\.gz)?$/;

export interface SegmentFile {
  number: number;
  name: string;
}

export interface Segment extends SegmentFile {
  /** null: not even the header is complete. */
  header: HeaderLine | null;
  /** All complete lines, the header first. */
  lines: JournalLine[];
  /** Bytes after the last LF: a line that was being written. */
  rest: Buffer;
}

export const segmentName = (number: number): string => `${String(number).padStart(12, "0")}.jsonl`;

/** The segments of a folder, oldest first; other files are none of the journal's business. */
export const segmentFiles = (folder: JournalFolder): SegmentFile[] => listSegments(folder.names());

/** The segments among these file names, oldest first. */
export function listSegments(names: readonly string[]): SegmentFile[] {
  const byNumber = new Map<number, SegmentFile>();
  for (const name of names) {
    const number = Number(NAME.exec(name)?.[1] ?? Number.NaN);
    // A crash while compressing leaves both; the plain file goes last, so it is whole.
    if (!Number.isNaN(number) && !byNumber.get(number)?.name.endsWith(".jsonl")) byNumber.set(number, { number, name });
  }
  return [...byNumber.values()].sort((a, b) => a.number - b.number);
}

/** The bytes of a segment as they were written. @throws JournalDamaged when they cannot be unpacked */
export function segmentBytes(folder: JournalFolder, file: SegmentFile): Buffer {
  try {
    return unpacked(file, folder.read(file.name));
  } catch (error) {
    const packed = compressedMeanwhile(file, error);
    if (packed === null) throw error;
    return unpacked(packed, folder.read(packed.name));
  }
}

/** The gateway may compress a segment between the look at the folder and the reading. null: that is not what happened. */
export function compressedMeanwhile(file: SegmentFile, error: unknown): SegmentFile | null {
  const isGone = (error as NodeJS.ErrnoException).code === "ENOENT";
  return isGone && !file.name.endsWith(".gz") ? { ...file, name: `${file.name}.gz` } : null;
}

/** @throws JournalDamaged */
export function unpacked(file: SegmentFile, bytes: Buffer): Buffer {
  if (!file.name.endsWith(".gz")) return bytes;
  try {
    return gunzipSync(bytes);
  } catch (cause) {
    const what = `the compressed file cannot be unpacked (${(cause as Error).message})`;
    throw new JournalDamaged({ file: file.name, line: 0, seq: 0, what });
  }
}

/** Complete lines without their LF, then what is left. */
export function splitLines(bytes: Buffer): { lines: Buffer[]; rest: Buffer } {
  const lines: Buffer[] = [];
  let from = 0;
  for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, from)) {
    lines.push(bytes.subarray(from, at));
    from = at + 1;
  }
  return { lines, rest: bytes.subarray(from) };
}

/** @throws JournalDamaged at the first line that does not fit */
export function readSegment(folder: JournalFolder, file: SegmentFile): Segment {
  const { lines: raw, rest } = splitLines(segmentBytes(folder, file));
  const chain = chainCheck(file);
  const lines = raw.map((bytes) => chain.next(bytes));
  return { ...file, header: chain.header(), lines, rest };
}

export interface ChainCheck {
  /** @throws JournalDamaged when the line does not fit the one before */
  next(bytes: Buffer): JournalLine;
  header(): HeaderLine | null;
}

/** Checks the lines of one segment as they come; the first must be its header, which names the hash it builds on. */
export function chainCheck(file: SegmentFile): ChainCheck {
  let header: HeaderLine | null = null;
  let count = 0;
  let seq = 0;
  let hash = CHAIN_START;
  const damaged = (what: string): JournalDamaged =>
    new JournalDamaged({ file: file.name, line: count, seq: seq + 1, what });

  return {
    header: () => header,
    next(bytes) {
      count += 1;
      const sealed = openLine(bytes);
      const line = parseLine(bytes);
      if (sealed === null || line === null) throw damaged("this is not a line of a journal");
      if (header === null) {
        header = checkedHeader(line, file, damaged);
        seq = line.seq - 1;
        hash = header.prev;
      } else if (isHeader(line)) throw damaged("a header stands inside a segment");
      if (!fits(sealed, hash)) throw damaged("its hash does not fit its bytes and the line before");
      if (line.seq !== seq + 1) throw damaged(`it says seq ${line.seq}`);
      seq = line.seq;
      hash = sealed.hash;
      return line;
    },
  };
}

function checkedHeader(line: JournalLine, file: SegmentFile, damaged: (what: string) => JournalDamaged): HeaderLine {
  if (!isHeader(line)) throw damaged("the first line of a segment must be its header");
  if (line.segment !== file.number) throw damaged(`its header belongs to segment ${line.segment}`);
  if (line.format > JOURNAL_FORMAT + 1) {
    throw damaged(`it is written in format ${line.format}, this Coline reads up to ${JOURNAL_FORMAT + 1}: upgrade it`);
  }
  return line;
}
