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
