// What the controller asks of the journal: append in memory, group commit beside the loop, say what is durable.
import type { LineEntry } from "../line/entry.ts";
import type { LineCheckpoint, StorageState } from "../line/step.ts";

export interface JournalEvents {
  /** Every line entry up to and including number `n` is on the disk. */
  durable(n: number): void;
  storage(state: StorageState): void;
}

export interface JournalWriter {
  /**
   * Buffers the entry (never blocks). A permit's starts a group commit at the end of this turn when none is in flight;
   * others are written with it, or after 10 ms.
   */
  append(entry: LineEntry): void;
  /**
   * Called by the writer's owner now and then (every few seconds): when the open segment is full, or inputs are
   * missing in it, the next one is begun with this checkpoint, taken after all entries appended so far.
   */
  rollIfFull(checkpoint: () => LineCheckpoint): void;
  /** Chain head: sequence and hash of the last durable line. */
  head(): { seq: number; hash: string };
  /** Writes out what is buffered, syncs, closes. */
  close(): Promise<void>;
}

/** What a start finds: the newest checkpoint and all line entries after it, in order. */
export interface JournalTail {
  checkpoint: LineCheckpoint | null;
  entries: LineEntry[];
  /** Runs counted so far. */
  runs: number;
}
