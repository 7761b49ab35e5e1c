// Where a gate is: it swings between home and out in its travel time, and from one side to another only over home.
import type { GatePlan } from "./plan.ts";

export class GateMotion {
  readonly plan: GatePlan;
  /** 0: home, travelNs: out. */
  #outNs = 0;
  /** The side it stands on, or swung to last. */
  #chuteId: string | null = null;
  /** Sides to which a drive pushes now; of several the first wins. */
  readonly #pushed = new Set<string>();
  #wanted: string | null = null;
  /** How long it will stick when it is out the next time; null: it moves as it should. */
  #sticksForNs: number | null = null;
  /** How long it sticks still. */
  #stuckNs = 0;

  constructor(plan: GatePlan) {
    this.plan = plan;
  }

  /** Without any drive on, the spring pulls it home. */
  drive(chuteId: string, on: boolean): void {
    if (on) this.#pushed.add(chuteId);
    else this.#pushed.delete(chuteId);
    const [first] = this.#pushed;
    this.#wanted = first ?? null;
  }

  /** Once it is out the next time it does not move for so long, whatever drives it or lets it go. */
  stickWhenOut(forNs: number): void {
    this.#sticksForNs = forNs;
  }

  step(stepNs: number): void {
    if (this.#stuckNs > 0) {
      this.#stuckNs = Math.max(0, this.#stuckNs - stepNs);
    } else if (this.#isOutward) {
      this.#chuteId = this.#wanted;
      this.#outNs = Math.min(this.plan.travelNs, this.#outNs + stepNs);
      if (this.isOut && this.#sticksForNs !== null) {
        this.#stuckNs = this.#sticksForNs;
        this.#sticksForNs = null;
      }
    } else if (this.#outNs > 0) {
      this.#outNs = Math.max(0, this.#outNs - stepNs);
    }
  }

  /** Whole steps from now in which it neither leaves nor reaches an end, nor passes the middle; Infinity: it rests. */
  quietSteps(stepNs: number): number {
    if (this.#stuckNs > 0) return Math.floor(this.#stuckNs / stepNs);
    const { travelNs } = this.plan;
    if (this.#isOutward) {
      if (this.#outNs === travelNs) return Number.POSITIVE_INFINITY;
      if (this.#outNs === 0) return 0;
      const sweepsIn = Math.floor((travelNs / 2 - this.#outNs) / stepNs) + 1;
      return (sweepsIn > 0 ? sweepsIn : Math.ceil((travelNs - this.#outNs) / stepNs)) - 1;
    }
    if (this.#outNs === 0) return Number.POSITIVE_INFINITY;
    if (this.#outNs === travelNs) return 0;
    const clearsIn = Math.ceil((this.#outNs - travelNs / 2) / stepNs);
    return (clearsIn > 0 ? clearsIn : Math.ceil(this.#outNs / stepNs)) - 1;
  }

  get #isOutward(): boolean {
    return this.#wanted !== null && (this.#outNs === 0 || this.#wanted === this.#chuteId);
  }

  /** How far out, in thousandths. */
  get outPermille(): number {
    return Math.floor((this.#outNs * 1000) / this.plan.travelNs);
  }

  get isHome(): boolean {
    return this.#outNs === 0;
  }

  get isOut(): boolean {
    return this.#outNs === this.plan.travelNs;
  }

  /** The chute into which it sweeps now: more than half out. */
  get sweepsInto(): string | null {
    return this.#outNs * 2 > this.plan.travelNs ? this.#chuteId : null;
  }
}
