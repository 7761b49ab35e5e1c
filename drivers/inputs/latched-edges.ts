// Edges that a device has kept with their belt counts, so that none is missed between two polls.
import { type NumberFormat, numberFrom, registerCount } from "../buses/number-format.ts";
import type { DeviceImage } from "./device-image.ts";
import type { EdgeLatch } from "./wiring.ts";

export interface LatchedEdge {
  edge: "dark" | "light";
  count: number;
}

/** `missed`: more edges than the device keeps have gone by, or it has begun to count anew. */
export type LatchReading = { kind: "first" } | { kind: "edges"; edges: readonly LatchedEdge[] } | { kind: "missed" };

const NO_EDGES: LatchReading = { kind: "edges", edges: [] };

/**
 * The sequence goes on by one with each edge, wraps at 2^16, and is odd while the beam is dark. The count of edge n stands
 * in place n mod depth.
 */
export class LatchedEdges {
  readonly #latch: EdgeLatch;
  readonly #format: NumberFormat;
  /** null: not read on this connection. */
  #sequence: number | null = null;

  /** @param o.format width and order of the counts, as the encoder's */
  constructor(o: { latch: EdgeLatch; format: NumberFormat }) {
    this.#latch = o.latch;
    this.#format = o.format;
  }

  get isDark(): boolean | null {
    return this.#sequence === null ? null : (this.#sequence & 1) === 1;
  }

  lost(): void {
    this.#sequence = null;
  }

  read(image: DeviceImage): LatchReading {
    const { register, from, depth } = this.#latch;
    const words = image.table(from);
    const now = numberFrom(words, register, { ...this.#format, bits: 16 });
    const before = this.#sequence;
    if (now === before) return NO_EDGES;
    this.#sequence = now;
    if (before === null) return { kind: "first" };
    const news = (now - before) & 0xffff;
    if (news > depth) return { kind: "missed" };
    const edges: LatchedEdge[] = [];
    for (let i = 1; i <= news; i += 1) {
      const sequence = (before + i) & 0xffff;
      const at = register + 1 + (sequence % depth) * registerCount(this.#format);
      edges.push({ edge: (sequence & 1) === 1 ? "dark" : "light", count: numberFrom(words, at, this.#format) });
    }
    return { kind: "edges", edges };
  }
}
