// Who may use a bus now: alone on it, or one of several units on a serial line. Pure.
import { RANK, type Rank } from "./bus-queue.ts";

/** What one device asks of the bus that it shares. */
export interface BusSeat {
  /** May a request of this rank begin now? */
  mayStart(rank: Rank, nowNs: number): boolean;
  /** The earliest time at which a permit of any device falls due. */
  nextDueNs(ownNs: number): number;
  /** When it is worth asking again; Infinity: it will be told. */
  retryAtNs(nowNs: number): number;
  started(): void;
  ended(nowNs: number): void;
}

/** A bus of one's own. */
export const OWN_BUS: BusSeat = {
  mayStart: () => true,
  nextDueNs: (ownNs) => ownNs,
  retryAtNs: () => Number.POSITIVE_INFINITY,
  started: () => {},
  ended: () => {},
};

/** What a shared line must know of each device on it. */
export interface LineMember {
  /** The best that it could send now; null: nothing. */
  rank(nowNs: number): Rank | null;
  /** When its next permit falls due. */
  nextDueNs(): number;
}

interface Place {
  member: LineMember;
  servedAtTurn: number;
}

/** One request at a time on the line, the best of all first; of equals the one that has waited longest. */
export class SharedLine {
  readonly #silenceNs: number;
  readonly #longestNs: number;
  readonly #places: Place[] = [];
  #busy: Place | null = null;
  #quietUntilNs = Number.NEGATIVE_INFINITY;
  /** The noise that goes on, or was the last: its first and its last byte. */
  #noise = { fromNs: Number.NEGATIVE_INFINITY, lastNs: Number.NEGATIVE_INFINITY };
  #turn = 0;

  readonly #onFree: () => void;

  /**
   * @param o.silenceNs between the end of one exchange and the next request
   * @param o.longestNs the longest telegram; noise that goes on for longer is none
   * @param o.onFree an exchange has ended; whoever waits is to be woken when the silence is over
   */
  constructor(o: { silenceNs: number; longestNs: number; onFree: () => void }) {
    this.#silenceNs = o.silenceNs;
    this.#longestNs = o.longestNs;
    this.#onFree = o.onFree;
  }

  join(): { seat: BusSeat; take: (member: LineMember) => void } {
    let place: Place | null = null;
    const seat: BusSeat = {
      mayStart: (rank, nowNs) => place !== null && this.#mayStart(place, rank, nowNs),
      nextDueNs: () => this.#nextDueNs(),
      retryAtNs: (nowNs) =>
        this.#busy === null && nowNs < this.#quietUntilNs ? this.#quietUntilNs : Number.POSITIVE_INFINITY,
      started: () => {
        if (place === null) return;
        this.#turn += 1;
        place.servedAtTurn = this.#turn;
        this.#busy = place;
      },
      ended: (nowNs) => {
        if (this.#busy !== place) return;
        this.#busy = null;
        this.#quietUntilNs = nowNs + this.#silenceNs;
        this.#onFree();
      },
    };
    const take = (member: LineMember): void => {
      place = { member, servedAtTurn: 0 };
      this.#places.push(place);
    };
    return { seat, take };
  }

  /**
   * Bytes were heard that belong to nobody: somebody may be speaking, and the line is not silent yet. A line that hears
   * something whenever nobody speaks, as without its bias resistors, would keep everybody waiting for ever; a withdrawal too.
   */
  noise(nowNs: number): void {
    const noise = this.#noise;
    if (nowNs - noise.lastNs > this.#longestNs) noise.fromNs = nowNs;
    noise.lastNs = nowNs;
    if (nowNs - noise.fromNs > this.#longestNs) return;
    this.#quietUntilNs = Math.max(this.#quietUntilNs, nowNs + this.#silenceNs);
  }

  #mayStart(place: Place, rank: Rank, nowNs: number): boolean {
    if (this.#busy !== null || nowNs < this.#quietUntilNs) return false;
    for (const other of this.#places) {
      if (other === place) continue;
      const theirs = other.member.rank(nowNs);
      if (theirs === null || theirs > rank) continue;
      if (theirs < rank || other.servedAtTurn < place.servedAtTurn) return false;
    }
    return true;
  }

  #nextDueNs(): number {
    let atNs = Number.POSITIVE_INFINITY;
    for (const { member } of this.#places) atNs = Math.min(atNs, member.nextDueNs());
    return atNs;
  }
}

/** Polls and read-backs can wait for a permit that falls due soon. */
export const canWait = (rank: Rank): boolean => rank >= RANK.readBack;
