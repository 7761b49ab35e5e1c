// How far a belt has travelled: start-up, full speed and coast in whole µm, and the encoder that counts it.
import type { BeltPlan } from "./plan.ts";

const NS_PER_S = 1_000_000_000;

export class BeltMotion {
  readonly #plan: BeltPlan;
  /** µm/s² while the drive is on, and while it is off. */
  readonly #gain: number;
  readonly #loss: number;
  #speedUmPerS = 0;
  #travelUm = 0;
  /** Travel below one µm, in µm × 1e-9. */
  #rest = 0;

  constructor(plan: BeltPlan) {
    this.#plan = plan;
    this.#gain = plan.startUpNs === 0 ? Infinity : (plan.speedUmPerS / plan.startUpNs) * NS_PER_S;
    // v² = 2 · a · s: the constant deceleration that ends after the coast.
    this.#loss = plan.coastUm === 0 ? Infinity : plan.speedUmPerS ** 2 / (2 * plan.coastUm);
  }

  /** Travel since time 0, µm. */
  get travelUm(): number {
    return this.#travelUm;
  }

  get speedUmPerS(): number {
    return this.#speedUmPerS;
  }

  /** @returns travel in this step, µm */
  step(stepNs: number, driven: boolean): number {
    const change = Math.round(((driven ? this.#gain : this.#loss) * stepNs) / NS_PER_S);
    this.#speedUmPerS = driven
      ? Math.min(this.#plan.speedUmPerS, this.#speedUmPerS + change)
      : Math.max(0, this.#speedUmPerS - change);
    const travel = this.#speedUmPerS * stepNs + this.#rest;
    this.#rest = travel % NS_PER_S;
    const travelledUm = (travel - this.#rest) / NS_PER_S;
    this.#travelUm += travelledUm;
    return travelledUm;
  }

  /** The speed stays as it is while the drive does. */
  isSteady(driven: boolean): boolean {
    return this.#speedUmPerS === (driven ? this.#plan.speedUmPerS : 0);
  }

  /** The most that one step can bring, µm. */
  stepUm(stepNs: number): number {
    return Math.ceil((this.#speedUmPerS * stepNs) / NS_PER_S);
  }

  /** As many steps at a steady speed. @returns travel in all of them, µm */
  skip(steps: number, stepNs: number): number {
    const travel = this.#speedUmPerS * stepNs * steps + this.#rest;
    this.#rest = travel % NS_PER_S;
    const travelledUm = (travel - this.#rest) / NS_PER_S;
    this.#travelUm += travelledUm;
    return travelledUm;
  }

  /** Travel until the counter has gone on by so many counts, µm; 0 without an encoder. */
  umToCount(counts: number): number {
    const { encoder } = this.#plan;
    return encoder === null ? 0 : counts * encoder.umPerCount - (this.#travelUm % encoder.umPerCount);
  }

  /** What the encoder's counter shows; it wraps at 2^bits. 0 without an encoder. */
  count(): number {
    const { encoder } = this.#plan;
    if (encoder === null) return 0;
    return (encoder.startCount + Math.floor(this.#travelUm / encoder.umPerCount)) % 2 ** encoder.bits;
  }
}
