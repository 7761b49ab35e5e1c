// Edges that a PLC has kept: how many there were, and the belt's count at the last dark and at the last light one.
import type { DeviceImage } from "./device-image.ts";

/** Edges since the PLC's start (16 bits, odd: the beam is dark), and two counts of 32 bits. */
export const LATCH_REGISTERS = 5;

/** A flicker beyond so many edges between two polls tells nothing more; the loser is the oldest pair of edges. */
const MAX_EDGES = 16;

export interface KeptEdge {
  edge: "dark" | "light";
  /** Count at the edge; null: a later one of its kind has overwritten it, and it was before that. */
  count: number | null;
}

export interface Latch {
  edges: number;
  darkCount: number;
  lightCount: number;
}

export const readLatch = (image: DeviceImage, register: number): Latch => ({
  edges: image.registers[register] ?? 0,
  darkCount: image.register32(register + 1),
  lightCount: image.register32(register + 3),
});

/** What has happened since a look that showed `seen` edges, the oldest first. */
export function edgesSince(seen: number, latch: Latch): KeptEdge[] {
  const news = (latch.edges - seen) & 0xffff;
  let told = Math.min(news, MAX_EDGES);
  // Whole pairs are left out, so that dark and light go on in turn.
  if ((news - told) % 2 === 1) told -= 1;
  return Array.from({ length: told }, (_, index): KeptEdge => {
    const isDark = ((latch.edges - (told - 1 - index)) & 1) === 1;
    const isLastOfItsKind = index >= told - 2;
    const count = isDark ? latch.darkCount : latch.lightCount;
    return { edge: isDark ? "dark" : "light", count: isLastOfItsKind ? count : null };
  });
}
