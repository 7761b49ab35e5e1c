// Reads the lines of a journal that is being written: over the roll of segments, partial lines, cuts and a cursor.
import { type FileHandle, open, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { digest } from "./chain.ts";
import { CursorLost, JournalDamaged } from "./failures.ts";
import { namesIn, statIfThere } from "./if-there.ts";
import { type Cut, isHeader, type JournalLine } from "./line.ts";
import {
  type ChainCheck,
  chainCheck,
  compressedMeanwhile,
  listSegments,
  type SegmentFile,
  segmentName,
  unpacked,
} from "./segment.ts";

/** The last line that was delivered; kept by the follower's owner in the same store as what it did with the line. */
export interface Cursor {
  segment: number;
  seq: number;
  hash: string;
}

export interface LineReader {
  /**
   * Checked lines that are complete in the files, durable or not.
   * @throws CursorLost, JournalDamaged; an Error when the file it reads was replaced: begin anew at the cursor
   */
  read(): Promise<{ lines: { line: JournalLine; segment: number }[]; isBehind: boolean }>;
  close(): Promise<void>;
}

const READ_BYTES = 256 * 1024;

/** The segment that is being read. */
interface OpenSegment {
  file: SegmentFile;
  chain: ChainCheck;
  source: ByteSource;
  /** An incomplete last line so far. */
  partial: Buffer;
}

/** Reads on from where it stopped; an empty buffer at the present end. */
interface ByteSource {
  next(): Promise<Buffer>;
  /** The name stands for another file now, or for none. */
  isReplaced(): Promise<boolean>;
  close(): Promise<void>;
}

export function lineReader(o: { folder: string; from: Cursor | null }): LineReader {
  let current: OpenSegment | null = null;
  /** Where the lines read so far end; null before the first. */
  let end: { seq: number; hash: string } | null = null;
  let rests: { segment: number; bytes: Buffer }[] = [];
  let sought = o.from;
  /** When the folder had changed at the last full look at it; a change in that same instant is seen with the next one. */
  let listedMs: number | null = null;

  async function read(): ReturnType<LineReader["read"]> {
    current ??= await openFirst();
    if (current === null) return { lines: [], isBehind: false };
    // Looked at before the bytes: a segment that has a successor gets no more of them.
    const following = await followingSegment(current.file);
    const bytes = await current.source.next();
    if (bytes.length > 0) return { lines: accept(current, bytes), isBehind: true };
    // A cursor stands behind a line that is on the disk: a journal that ends before it is not the one it was taken in.
    if (sought !== null) throw cursorMismatch(sought, `the segment ends at seq ${end?.seq ?? 0}`);
    if (following === null) {
      if (await current.source.isReplaced()) throw new Error(`${current.file.name} was replaced while it was read`);
      return { lines: [], isBehind: false };
    }
    const left = current;
    current = await openSegment(following);
    await left.source.close();
    if (left.partial.length > 0 || left.chain.header() === null) {
      rests.push({ segment: left.file.number, bytes: left.partial });
    }
    return { lines: [], isBehind: true };
  }

  async function openFirst(): Promise<OpenSegment | null> {
    const files = listSegments(await namesIn(o.folder));
    const oldest = files[0];
    if (sought === null) return oldest === undefined ? null : openSegment(oldest);
    const { segment } = sought;
    const file = files.find((f) => f.number === segment);
    if (file !== undefined) return openSegment(file);
    const range = oldest === undefined ? "the folder is empty" : `it begins at segment ${oldest.number}`;
    throw new CursorLost("JOURNAL_CURSOR_GONE", `segment ${segment} of the cursor is not in ${o.folder}: ${range}`);
  }

  async function openSegment(file: SegmentFile): Promise<OpenSegment> {
    try {
      const source = await byteSource(o.folder, file);
      return { file, chain: chainCheck(file), source, partial: Buffer.alloc(0) };
    } catch (error) {
      const packed = compressedMeanwhile(file, error);
      if (packed === null) throw error;
      return openSegment(packed);
    }
  }

  /** Asked ten times a second in a folder of three years: the next name is asked for, the folder only when it changed. */
  async function followingSegment(file: SegmentFile): Promise<SegmentFile | null> {
    const number = file.number + 1;
    for (const name of [segmentName(number), `${segmentName(number)}.gz`]) {
      if ((await statIfThere(join(o.folder, name))) !== null) return { number, name };
    }
    const changedMs = (await statIfThere(o.folder))?.mtimeMs ?? null;
    if (changedMs === listedMs) return null;
    listedMs = changedMs;
    const next = listSegments(await namesIn(o.folder)).find((f) => f.number > file.number) ?? null;
    if (next === null || next.number === number) return next;
    const what = `the segment after ${file.name} is missing`;
    throw new JournalDamaged({ file: next.name, line: 0, seq: (end?.seq ?? 0) + 1, what });
  }

  function accept(segment: OpenSegment, bytes: Buffer): { line: JournalLine; segment: number }[] {
    const all = segment.partial.length === 0 ? bytes : Buffer.concat([segment.partial, bytes]);
    const lines: { line: JournalLine; segment: number }[] = [];
    let from = 0;
    for (let at = all.indexOf(0x0a); at !== -1; at = all.indexOf(0x0a, from)) {
      const line = segment.chain.next(all.subarray(from, at));
      from = at + 1;
      if (isHeader(line)) checkJoint(segment, line.prev, line.cuts);
      end = { seq: line.seq, hash: line.hash };
      if (sought === null) lines.push({ line, segment: segment.file.number });
      else if (line.seq >= sought.seq) sought = passCursor(sought, line);
    }
    segment.partial = Buffer.from(all.subarray(from));
    return lines;
  }

  function passCursor(cursor: Cursor, line: JournalLine): null {
    if (line.seq === cursor.seq && line.hash === cursor.hash) return null;
    throw cursorMismatch(cursor, `the journal has ${line.hash.slice(0, 12)}… at seq ${line.seq}`);
  }

  /** A segment must go on where the one before ended, and own up to what was cut there. */
  function checkJoint(segment: OpenSegment, prev: string, cuts: readonly Cut[]): void {
    const damaged = (what: string): JournalDamaged =>
      new JournalDamaged({ file: segment.file.name, line: 1, seq: (end?.seq ?? 0) + 1, what });
    if (end !== null && end.hash !== prev) throw damaged("the segment before does not end where this one goes on");
    const isOwned = (rest: (typeof rests)[number]): boolean =>
      cuts.some((cut) => cut.segment === rest.segment && cut.sha256 === digest(rest.bytes));
    if (!rests.every(isOwned)) throw damaged("a segment before ends in bytes that no start has cut");
    rests = [];
  }

  return { read, close: async () => current?.source.close() };
}

const cursorMismatch = (cursor: Cursor, what: string): CursorLost =>
  new CursorLost(
    "JOURNAL_CURSOR_MISMATCH",
    `the cursor stands at seq ${cursor.seq} in segment ${cursor.segment} with hash ${cursor.hash.slice(0, 12)}…, but ` +
      `${what}: it belongs to another journal, or this one was put back to an earlier state`,
  );

/** The handle stays open while the file is read, so that compressing or deleting it meanwhile changes nothing. */
async function byteSource(folder: string, file: SegmentFile): Promise<ByteSource> {
  const path = join(folder, file.name);
  if (file.name.endsWith(".gz")) return wholeSource(unpacked(file, await readFile(path)));
  const handle: FileHandle = await open(path, "r");
  const buffer = Buffer.allocUnsafe(READ_BYTES);
  let position = 0;
  return {
    async next() {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
      position += bytesRead;
      return buffer.subarray(0, bytesRead);
    },
    async isReplaced() {
      const named = await stat(path).catch(() => {
        // No file under that name is one of the answers: it was archived, or the folder was replaced.
        return null;
      });
      return named?.ino !== (await handle.stat()).ino;
    },
    close: () => handle.close(),
  };
}

function wholeSource(bytes: Buffer): ByteSource {
  let position = 0;
  return {
    async next() {
      const part = bytes.subarray(position, position + READ_BYTES);
      position += part.length;
      return part;
    },
    isReplaced: async () => false,
    close: async () => {},
  };
}
