// What the scanners of the line send, and when: the codes on a parcel, a no-read, or nothing while a scanner is dead.
import type { Random } from "./random.ts";

/** What a scanner sends: no codes is a no-read. */
export interface ReadDue {
  scannerId: string;
  parcelId: string;
  /** When the telegram is at the scanner's plug. */
  atNs: number;
  codes: readonly string[];
}

/**
 * well: it reads what can be read; weak: it fails on a share of it; dead: it sends nothing at all; slow: what it sends waits on the
 * way for up to so long, and is handed over together with all that came meanwhile.
 */
export type ScannerState =
  | { kind: "well" }
  | { kind: "weak"; noReadShare: number }
  | { kind: "dead" }
  | { kind: "slow"; uptoNs: number };

export class ScannerEyes {
  readonly #random: Random;
  readonly #states = new Map<string, ScannerState>();
  /** The next instant at which a slow scanner's telegrams are handed over. */
  readonly #handOverNs = new Map<string, number>();
  #due: ReadDue[] = [];
  /** Readings that failed because a scanner was weak or dead. */
  spoiled = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  become(scannerId: string, state: ScannerState): void {
    this.#states.set(scannerId, state);
  }

  /** @returns what the scanner sends in truth; null: nothing */
  send(read: ReadDue): ReadDue | null {
    const state = this.#states.get(read.scannerId) ?? { kind: "well" };
    const isDead = state.kind === "dead";
    const isMissed = isDead || (state.kind === "weak" && this.#random.chance(state.noReadShare));
    if (isMissed) this.spoiled += 1;
    if (isDead) return null;
    const atNs = state.kind === "slow" ? this.#handedOverNs(read, state.uptoNs) : this.#behindTheLastNs(read);
    const sent = { ...read, atNs, ...(isMissed ? { codes: [] } : {}) };
    this.#due.push(sent);
    return sent;
  }

  /** Whoever hands over does so at irregular instants, from half of the longest pause to the whole apart. */
  #handedOverNs({ scannerId, atNs }: ReadDue, uptoNs: number): number {
    const halfNs = Math.floor(uptoNs / 2);
    let nextNs = this.#handOverNs.get(scannerId) ?? 0;
    if (nextNs < atNs - uptoNs) nextNs = atNs - this.#random.integer(0, halfNs);
    while (nextNs < atNs) nextNs += halfNs + this.#random.integer(0, halfNs);
    this.#handOverNs.set(scannerId, nextNs);
    return nextNs;
  }

  /** On one wire nobody is overtaken, whatever the scanner has become since. */
  #behindTheLastNs({ scannerId, atNs }: ReadDue): number {
    return Math.max(atNs, this.#handOverNs.get(scannerId) ?? 0);
  }

  /** When the next telegram is due that has not been taken; Infinity: none is under way. */
  get nextNs(): number {
    let nextNs = Number.POSITIVE_INFINITY;
    for (const { atNs } of this.#due) nextNs = Math.min(nextNs, atNs);
    return nextNs;
  }

  /** Telegrams due by now, in order of time; each is handed over once. */
  take(nowNs: number): ReadDue[] {
    if (this.#due.length === 0) return this.#due;
    const due = this.#due.filter(({ atNs }) => atNs <= nowNs);
    if (due.length > 0) this.#due = this.#due.filter(({ atNs }) => atNs > nowNs);
    return due.sort((a, b) => a.atNs - b.atNs);
  }
}
