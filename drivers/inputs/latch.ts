// Edges that a device has kept: how many there were, and the belt's count at each of the last of them.
import { type NumberFormat, numberFrom, registerCount } from "../buses/number-format.ts";
import type { DeviceImage } from "./device-image.ts";
import type { EdgeLatch } from "./wiring.ts";

/** The number of edges, then a count for each that is kept. */
export const latchRegisters = (latch: { depth: number }, count: { bits: 16 | 32 }): number =>
  1 + latch.depth * registerCount(count);

/** A flicker beyond so many edges between two polls tells nothing more; the loser is the oldest pair of edges. */
const MAX_EDGES = 16;

export interface KeptEdge {
  edge: "dark" | "light";
  /** Count at the edge; null: a later one has overwritten it, and it was before that. */
  count: number | null;
}

export interface KeptEdges {
  /** The oldest first. */
  edges: readonly KeptEdge[];
  /** There were more than are told, and nothing says where. */
  isCut: boolean;
}

export interface Latch {
  /** Edges since the device's start: 16 bits, odd while the beam is dark. */
  edges: number;
  /** The count of edge n stands in place (n - 1) mod depth: with two of them the dark ones' first, the light ones' second. */
  counts: readonly number[];
}

/** @param format width and order of the counts, as the encoder's */
export function readLatch(image: DeviceImage, { register, from, depth }: EdgeLatch, format: NumberFormat): Latch {
  const words = image.table(from);
  const counts = Array.from({ length: depth }, (_, place) =>
    numberFrom(words, register + 1 + place * registerCount(format), format),
  );
  return { edges: numberFrom(words, register, { ...format, bits: 16 }), counts };
}

/** What has happened since a look that showed `seen` edges. */
export function edgesSince(seen: number, latch: Latch): KeptEdges {
  const news = (latch.edges - seen) & 0xffff;
  const depth = latch.counts.length;
  let told = Math.min(news, Math.max(MAX_EDGES, depth));
  // Whole pairs are left out, so that dark and light go on in turn.
  if ((news - told) % 2 === 1) told -= 1;
  const edges = Array.from({ length: told }, (_, index): KeptEdge => {
    const number = (latch.edges - (told - 1 - index)) & 0xffff;
    const isKept = index >= told - depth;
    const count = isKept ? (latch.counts[(number - 1) & (depth - 1)] ?? null) : null;
    return { edge: (number & 1) === 1 ? "dark" : "light", count };
  });
  return { edges, isCut: told < news };
}
