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
  /** What the encoder has counted beyond the belt's travel, µm; and below one µm, in µm × 1e-6. */
  #falseUm = 0;
  #falseRest = 0;
  /** How much of the travel its wheel counts too much (or too little), in µm per metre. */
  #wheelUmPerM = 0;

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
    return this.#travel((travel - this.#rest) / NS_PER_S);
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
    return this.#travel((travel - this.#rest) / NS_PER_S);
  }

  /** Counted travel until the counter has gone on by so many counts, µm; 0 without an encoder. */
  umToCount(counts: number): number {
    const { encoder } = this.#plan;
    return encoder === null ? 0 : counts * encoder.umPerCount - remainder(this.#countedUm, encoder.umPerCount);
  }

  /** The most that the encoder can count in one step, µm. */
  countedStepUm(stepNs: number): number {
    const stepUm = this.stepUm(stepNs);
    return this.#wheelUmPerM === 0 ? stepUm : stepUm + Math.ceil((stepUm * Math.abs(this.#wheelUmPerM)) / 1e6) + 1;
  }

  /** From now on the encoder's wheel slips: it counts so many µm too much per metre of travel, or too little. */
  slipWheel(umPerM: number): void {
    this.#wheelUmPerM = umPerM;
  }

  /** The counter jumps by so much travel that never was. */
  jumpCount(um: number): void {
    this.#falseUm += um;
  }

  /** The counter begins anew at 0, as after a loss of power. */
  zeroCount(): void {
    const { encoder } = this.#plan;
    if (encoder !== null) this.#falseUm = -this.#travelUm - encoder.startCount * encoder.umPerCount;
  }

  /** What the encoder's counter shows; it wraps at 2^bits. 0 without an encoder. */
  count(): number {
    const { encoder } = this.#plan;
    if (encoder === null) return 0;
    const count = encoder.startCount + Math.floor(this.#countedUm / encoder.umPerCount);
    return encoder.bits === 32 ? count >>> 0 : count & 0xffff;
  }

  get #countedUm(): number {
    return this.#travelUm + this.#falseUm;
  }

  #travel(travelledUm: number): number {
    this.#travelUm += travelledUm;
    if (this.#wheelUmPerM === 0) return travelledUm;
    const slip = travelledUm * this.#wheelUmPerM + this.#falseRest;
    this.#falseRest = slip % 1_000_000;
    this.#falseUm += (slip - this.#falseRest) / 1_000_000;
    return travelledUm;
  }
}

/** Never negative. */
const remainder = (value: number, by: number): number => ((value % by) + by) % by;
