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

/** well: it reads what can be read; weak: it fails on a share of it; dead: it sends nothing at all. */
export type ScannerState = { kind: "well" } | { kind: "weak"; noReadShare: number } | { kind: "dead" };

export class ScannerEyes {
  readonly #random: Random;
  readonly #states = new Map<string, ScannerState>();
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
    const sent = isMissed ? { ...read, codes: [] } : read;
    this.#due.push(sent);
    return sent;
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
