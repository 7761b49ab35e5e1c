// One chute: parcels slide in, pass the eye at its mouth one behind the other, and fill the container.
import type { ChutePlan } from "./plan.ts";
import type { Random } from "./random.ts";

/** Time for which a µm of parcel darkens the mouth's eye: it slides past at 1.5 m/s. */
const DARK_NS_PER_UM = 1000 / 1.5;
/** Parcels slide in line: the beam is clear for at least this long between two. */
const CLEAR_NS = 20_000_000;

interface Sliding {
  darkFromNs: number;
  darkUntilNs: number;
  /** Called once, when its front is at the eye; null: was called. */
  arrived: ((atNs: number) => void) | null;
}

export class Chute {
  readonly plan: ChutePlan;
  readonly #random: Random;
  #sliding: Sliding[] = [];
  #clearFromNs = 0;
  #contents = 0;
  #isDark = false;

  constructor(plan: ChutePlan, random: Random) {
    this.plan = plan;
    this.#random = random;
  }

  /** @param o.frontNs when its front was at the gate's place; @param o.passedNs when its tail had left the belt */
  slideIn(o: { lengthUm: number; frontNs: number; passedNs: number; arrived: (atNs: number) => void }): void {
    const slideNs = this.#random.integer(this.plan.slideMinNs, this.plan.slideMaxNs);
    const darkFromNs = Math.max(o.frontNs + slideNs, o.passedNs, this.#clearFromNs);
    const darkUntilNs = darkFromNs + Math.floor(o.lengthUm * DARK_NS_PER_UM);
    this.#clearFromNs = darkUntilNs + CLEAR_NS;
    this.#sliding.push({ darkFromNs, darkUntilNs, arrived: o.arrived });
  }

  /** When it is next different from what it was at `atNs`; Infinity: not by itself. */
  nextNs(atNs: number): number {
    let nextNs = Number.POSITIVE_INFINITY;
    for (const { darkFromNs, darkUntilNs, arrived } of this.#sliding) {
      if (arrived !== null) nextNs = Math.min(nextNs, Math.max(atNs, darkFromNs));
      else if (darkFromNs > atNs) nextNs = Math.min(nextNs, darkFromNs);
      nextNs = Math.min(nextNs, darkUntilNs);
    }
    return nextNs;
  }

  step(atNs: number): void {
    if (this.#sliding.length === 0) return;
    for (const parcel of this.#sliding) {
      if (parcel.arrived === null || parcel.darkFromNs > atNs) continue;
      this.#contents += 1;
      parcel.arrived(parcel.darkFromNs);
      parcel.arrived = null;
    }
    this.#isDark = this.#sliding.some((parcel) => parcel.darkFromNs <= atNs && atNs < parcel.darkUntilNs);
    this.#sliding = this.#sliding.filter((parcel) => parcel.darkUntilNs > atNs);
  }

  /** A person puts an empty container under it. */
  changeContainer(): void {
    this.#contents = 0;
  }

  get contents(): number {
    return this.#contents;
  }

  /** The eye at its mouth sees a parcel. */
  get isDark(): boolean {
    return this.#isDark;
  }

  /** Nothing slides. */
  get isQuiet(): boolean {
    return this.#sliding.length === 0;
  }

  get isFull(): boolean {
    return this.plan.capacityItems !== null && this.#contents >= this.plan.capacityItems;
  }
}
