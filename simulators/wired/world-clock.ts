// The world's clock beside the real one: it follows, and stands still where a simulated part was held up for too long.

/**
 * A process that gets no processor for 200 ms would let parcels jump 400 mm past eyes and gates: no line is built so. A
 * short delay is caught up with; of a longer one the rest never happened, for belts, gates and watchdogs alike.
 */
const LONGEST_CATCH_UP_NS = 50_000_000;
const MAX_PAUSES = 10_000;

export interface Pause {
  /** Real time at its end, since the epoch. */
  untilNs: number;
  /** All pauses up to then. */
  totalNs: number;
}

/** The world's time at a real one, counted from the epoch; a time within a pause is the world's time at its end. */
export function worldTimeAt(pauses: readonly Pause[], sinceEpochNs: number): number {
  const next = pauses.findIndex(({ untilNs }) => untilNs > sinceEpochNs);
  const before = next === -1 ? pauses.at(-1) : pauses[next - 1];
  const ending = next === -1 ? undefined : pauses[next];
  const worldNs = sinceEpochNs - (before?.totalNs ?? 0);
  return ending === undefined ? worldNs : Math.min(worldNs, ending.untilNs - ending.totalNs);
}

export class WorldClock {
  readonly #epochNs: bigint;
  /** The oldest is forgotten beyond the cap: times from before it are then a little late. */
  readonly #pauses: Pause[] = [];
  #totalNs = 0;
  #worstNs = 0;
  #count = 0;
  /** Of the pause that is, or was last. */
  #heldNs = 0;

  /** @param epochNs real monotonic time at the world's time 0 */
  constructor(epochNs: bigint) {
    this.#epochNs = epochNs;
  }

  /**
   * How far the world may go now.
   * @param worldNs where it is
   * @param untilNs the world's time at which it waits for another part of the line; left out: it waits for none
   * @returns world's time, at most 50 ms on; never before `worldNs`
   */
  follow(realNs: bigint, worldNs: number, untilNs = Number.POSITIVE_INFINITY): number {
    const sinceEpochNs = Number(realNs - this.#epochNs);
    const behindNs = sinceEpochNs - this.#totalNs - worldNs;
    const mayGoNs = Math.max(0, Math.min(LONGEST_CATCH_UP_NS, untilNs - worldNs));
    if (behindNs > mayGoNs) this.#pause(sinceEpochNs, behindNs - mayGoNs);
    this.#worstNs = Math.max(this.#worstNs, behindNs, this.#heldNs);
    return Math.max(worldNs, sinceEpochNs - this.#totalNs);
  }

  /** One that goes on where the last one ended is the same one, and grows. */
  #pause(untilNs: number, byNs: number): void {
    const last = this.#pauses.at(-1);
    this.#totalNs += byNs;
    if (last !== undefined && last.untilNs - last.totalNs === untilNs - this.#totalNs) this.#pauses.pop();
    else {
      this.#count += 1;
      this.#heldNs = 0;
    }
    this.#heldNs += byNs;
    this.#pauses.push({ untilNs, totalNs: this.#totalNs });
    if (this.#pauses.length > MAX_PAUSES) this.#pauses.shift();
  }

  /** The world's time at a real one; a time within a pause is the world's time at the end of it. */
  at(realNs: bigint): number {
    return worldTimeAt(this.#pauses, Number(realNs - this.#epochNs));
  }

  /** For those who have times of the real clock to compare: see `worldTimeAt`. */
  get allPauses(): readonly Pause[] {
    return this.#pauses;
  }

  get pauses(): { count: number; totalNs: number; worstNs: number } {
    return { count: this.#count, totalNs: this.#totalNs, worstNs: this.#worstNs };
  }
}
