// What the gateway asks of the journal's follower: durable stretches in order, each with the place to go on from.
import type { PlacedEntry } from "./index/story-index.ts";

/** A stretch of line entries that are on the disk; `cursor` is the place after them, opaque to all but the follower. */
export interface Stretch {
  entries: readonly PlacedEntry[];
  /** The last line entry of the stretch or before it; 0: none yet. */
  upToEntry: number;
  upToSeq: number;
  cursor: readonly string[];
}
