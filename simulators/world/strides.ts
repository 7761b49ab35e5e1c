// Takes the world from one whole step to the next, and those steps at once in which everything only moves on evenly.
import type { BeltLine } from "./belt-line.ts";
import type { Chute } from "./chute.ts";
import type { Device } from "./device.ts";

/** Nothing is taken at once for longer than this, so that every number stays far below 2^53. */
const MOST_AT_ONCE = 1000;

export interface StridesOptions {
  stepNs: number;
  belts: ReadonlyMap<string, BeltLine>;
  chutes: ReadonlyMap<string, Chute>;
  devices: ReadonlyMap<string, Device>;
  mayFeed(beltId: string): boolean;
  /** None is taken at once: the check of those that are. */
  everyStep: boolean;
}

export class Strides {
  readonly #options: StridesOptions;
  #nowNs = 0;
  /** Steps from now in which everything only moves on evenly; null: something changed, and it has to be found out. */
  #quiet: number | null = 0;
  #levels = 0;

  constructor(options: StridesOptions) {
    this.#options = options;
  }

  get nowNs(): number {
    return this.#nowNs;
  }

  /** Another number than before: any level in the world may be another too. */
  get levels(): number {
    return this.#levels;
  }

  /** To the last whole step at or before `toNs`; earlier times change nothing. */
  advance(toNs: number): void {
    const { stepNs } = this.#options;
    for (;;) {
      const due = Math.floor((toNs - this.#nowNs) / stepNs);
      if (due <= 0) return;
      const quiet = Math.min(due, this.#quietSteps());
      if (quiet > 0) this.#skip(quiet);
      else this.#step();
    }
  }

  /** The next step at which more happens than even movement, if nothing is done to the world before. */
  get nextEventNs(): number {
    return this.#nowNs + (this.#quietSteps() + 1) * this.#options.stepNs;
  }

  /** Whole steps until the belt's counter has gone on by so many counts, or fewer; Infinity: the belt stands. */
  stepsToCount({ motion }: BeltLine, counts: number): number {
    const stepUm = motion.countedStepUm(this.#options.stepNs);
    return stepUm === 0 ? Number.POSITIVE_INFINITY : Math.ceil(motion.umToCount(counts) / stepUm);
  }

  /** Levels may differ from now on, and what was known to come may come otherwise. */
  changed(): void {
    this.#quiet = null;
    this.#levels += 1;
  }

  /** A hand or an incident: what is next for each parcel is no longer known. */
  touched(): void {
    this.changed();
    for (const belt of this.#options.belts.values()) belt.lookAgain();
  }

  #step(): void {
    const { stepNs, belts, chutes, devices, mayFeed } = this.#options;
    const fromNs = this.#nowNs;
    for (const belt of belts.values()) {
      belt.infeedPermitted = mayFeed(belt.plan.id);
      belt.step(fromNs, stepNs);
    }
    this.#nowNs = fromNs + stepNs;
    for (const chute of chutes.values()) chute.step(this.#nowNs);
    for (const device of devices.values()) device.step(this.#nowNs);
    this.changed();
  }

  #skip(steps: number): void {
    const { stepNs, belts, devices } = this.#options;
    for (const belt of belts.values()) belt.skip(steps, stepNs);
    this.#nowNs += steps * stepNs;
    for (const device of devices.values()) device.step(this.#nowNs);
    this.#quiet = this.#quietSteps() - steps;
  }

  #quietSteps(): number {
    this.#quiet ??= this.#options.everyStep ? 0 : this.#foundQuiet();
    return this.#quiet;
  }

  #foundQuiet(): number {
    const { stepNs, belts, chutes, devices, mayFeed } = this.#options;
    let steps = MOST_AT_ONCE;
    for (const belt of belts.values()) {
      if (belt.infeedPermitted !== mayFeed(belt.plan.id)) return 0;
      steps = Math.min(steps, belt.quietSteps(stepNs));
    }
    let nextNs = Number.POSITIVE_INFINITY;
    for (const chute of chutes.values()) if (!chute.isQuiet) nextNs = Math.min(nextNs, chute.nextNs(this.#nowNs));
    for (const device of devices.values()) nextNs = Math.min(nextNs, device.fallsAtNs);
    return Math.max(0, Math.min(steps, Math.ceil((nextNs - this.#nowNs) / stepNs) - 1));
  }
}
