// What the gateway asks of the journal: durable stretches in order, each with the place to go on from after a restart.
import type { PlacedEntry } from "./index/story-index.ts";

/** A stretch of line entries that are on the disk; `cursor` is the place after them, opaque to all but the follower. */
export interface Stretch {
  entries: readonly PlacedEntry[];
  /** The last line entry of the stretch or before it; 0: none yet. */
  upToEntry: number;
  upToSeq: number;
  cursor: readonly string[];
}

/**
 * Stretches from `cursor` on (null: from the oldest segment there is), without an end, until `signal` says so.
 * @throws CursorLost when the cursor's place is not in this journal, JournalDamaged for any damage
 */
export type Follow = (cursor: readonly string[] | null, signal: AbortSignal) => AsyncIterable<Stretch>;
