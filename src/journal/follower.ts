// Follows a journal from another process: delivers each line once, in order, and only what is on the disk for good.
import { CursorLost, JournalDamaged } from "./failures.ts";
import type { JournalLine } from "./line.ts";
import { type Cursor, lineReader } from "./line-reader.ts";

export type { Cursor };

export interface JournalFollower {
  /**
   * Durable lines after the last ones delivered; an empty array when there are none yet. Reads about a quarter of a
   * megabyte at most, so that catching up leaves room for others: while it reads on (`isBehind`) call again, else wait
   * for a head or some 100 ms. Calls must not overlap.
   * @throws CursorLost, JournalDamaged: then the same at every call. Errors of the file system: worth another call.
   */
  next(): Promise<readonly JournalLine[]>;
  /** The last `next` left lines unread. */
  isBehind(): boolean;
  /** After the lines that `next` delivered last; null: none yet. */
  cursor(): Cursor | null;
  /** The writer says that lines up to this one are on the disk (its head, over the live socket). */
  durable(seq: number): void;
  close(): Promise<void>;
}

/**
 * What a file shows may still be only in the kernel's memory and vanish with the power. A line counts as durable when
 * a later group says so (each group begins by naming the line before it) or the writer says so by `durable`.
 * @param o.from null: from the oldest line there is
 */
export function followJournal(o: { folder: string; from: Cursor | null }): JournalFollower {
  const reader = lineReader(o);
  let held: { line: JournalLine; segment: number }[] = [];
  let durableSeq = 0;
  let cursor = o.from;
  let isBehind = true;
  let failure: { error: unknown } | null = null;

  async function read(): Promise<void> {
    if (failure !== null) throw failure.error;
    try {
      const found = await reader.read();
      isBehind = found.isBehind;
      for (const { line, segment } of found.lines) {
        held.push({ line, segment });
        durableSeq = Math.max(durableSeq, line.durable ?? 0);
      }
    } catch (error) {
      // A file that could not be read may be readable the next time; what is wrong in it stays wrong.
      if (error instanceof CursorLost || error instanceof JournalDamaged) failure = { error };
      throw error;
    }
  }

  return {
    async next() {
      await read();
      const firstHeld = held.findIndex(({ line }) => line.seq > durableSeq);
      const ready = firstHeld === -1 ? held : held.slice(0, firstHeld);
      held = firstHeld === -1 ? [] : held.slice(firstHeld);
      const last = ready.at(-1);
      if (last !== undefined) cursor = { segment: last.segment, seq: last.line.seq, hash: last.line.hash };
      return ready.map(({ line }) => line);
    },
    isBehind: () => isBehind,
    cursor: () => cursor,
    durable(seq) {
      durableSeq = Math.max(durableSeq, seq);
    },
    close: () => reader.close(),
  };
}
