// The longest reply time that is reckoned with: the worst of late, forgotten slowly.

/** A worst reply is half forgotten after about 180 replies: at 5 ms polls, in a second. */
const FORGET_SHARE = 1 / 256;

export class ReplyTime {
  readonly #floorNs: number;
  readonly #ceilingNs: number;
  #worstNs: number;

  constructor(bounds: { floorNs: number; ceilingNs: number }) {
    this.#floorNs = Math.min(bounds.floorNs, bounds.ceilingNs);
    this.#ceilingNs = bounds.ceilingNs;
    this.#worstNs = this.#floorNs;
  }

  get worstNs(): number {
    return this.#worstNs;
  }

  measured(ns: number): void {
    const forgotten = this.#worstNs - (this.#worstNs - this.#floorNs) * FORGET_SHARE;
    this.#worstNs = Math.min(this.#ceilingNs, Math.max(ns, forgotten));
  }
}

/** Of polls, and of everything else: on a slow wire a short request takes a fraction of a poll. */
export class BusTimes {
  readonly #polls: ReplyTime;
  readonly #others: ReplyTime;

  constructor(bounds: { floorNs: number; ceilingNs: number }) {
    this.#polls = new ReplyTime(bounds);
    this.#others = new ReplyTime(bounds);
  }

  measured(ns: number, o: { isPoll: boolean }): void {
    (o.isPoll ? this.#polls : this.#others).measured(ns);
  }

  get worstNs(): number {
    return Math.max(this.#polls.worstNs, this.#others.worstNs);
  }

  /** Of all but polls. */
  get shortNs(): number {
    return this.#others.worstNs;
  }
}
