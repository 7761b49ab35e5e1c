// Which sequence a permit has at the device: its own number where 32 bits are there, else one of a short circle.
import { isNewer } from "../buses/number-format.ts";

/**
 * Sequences that are passed over at a start, where the circle is short: what an earlier controller may have sent and
 * the device has not judged yet lies among them, and is void with the first withdrawal.
 */
const PASSED_OVER = 1024;
/** Permits of one gate whose sequence is remembered; at the cap the oldest is forgotten, long judged. */
const REMEMBERED = 128;

export interface Sequences {
  /** False: the device has not yet been heard, and no sequence can be given. */
  readonly isReady: boolean;
  /** The sequence under which the permit is written; the same one each time it is asked. */
  of(id: number): number;
  /** The sequence that covers this permit and all before it. */
  upTo(id: number): number;
  /** The device has shown which it judged last. True: a new circle begins, and what was before must be voided. */
  heard(judged: number): boolean;
  /** The device's sequence is this permit's, or newer. */
  compare(judged: number, id: number): "same" | "newer" | "older";
}

/** Permits are numbered by their journal entries: 32 bits of them do not come round while anything is in flight. */
export const OWN_NUMBERS: Sequences = {
  isReady: true,
  of: (id) => id >>> 0,
  upTo: (id) => id >>> 0,
  heard: () => false,
  compare: (judged, id) => (judged === id >>> 0 ? "same" : isNewer(judged, id) ? "newer" : "older"),
};

export class ShortSequences implements Sequences {
  #last: number | null = null;
  readonly #known = new Map<number, number>();

  get isReady(): boolean {
    return this.#last !== null;
  }

  of(id: number): number {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const next = ((this.#last ?? 0) + 1) & 0xffff;
    this.#last = next;
    this.#known.set(id, next);
    if (this.#known.size > REMEMBERED)
      for (const oldest of this.#known.keys()) {
        this.#known.delete(oldest);
        break;
      }
    return next;
  }

  upTo(id: number): number {
    let newest: number | null = null;
    let before: number | null = null;
    for (const [known, sequence] of this.#known) {
      if (isNewer(known, id)) before ??= (sequence - 1) & 0xffff;
      else newest = sequence;
    }
    return newest ?? before ?? this.#last ?? 0;
  }

  heard(judged: number): boolean {
    if (this.#last !== null) return false;
    this.#last = (judged + PASSED_OVER) & 0xffff;
    return true;
  }

  compare(judged: number, id: number): "same" | "newer" | "older" {
    const own = this.#known.get(id);
    if (own === undefined) return "older";
    if (judged === own) return "same";
    return isNewer(judged, own, 16) ? "newer" : "older";
  }
}
