// Keeps the edges of one input with the belt's count: how many there were, and the count at the last of each kind.
import type { PlcPlan, PlcTerminals } from "../terminals.ts";
import { highWord, lowWord } from "./serial-number.ts";

type LatchPlan = NonNullable<PlcPlan["latches"]>[number];

export class EdgeLatch {
  readonly plan: LatchPlan;
  readonly #terminals: PlcTerminals;
  /** Odd while the beam is dark; null: no cycle yet. */
  #edges: number | null = null;
  #darkCount = 0;
  #lightCount = 0;

  constructor(plan: LatchPlan, terminals: PlcTerminals) {
    this.plan = plan;
    this.#terminals = terminals;
  }

  /** Once a cycle, after the terminals were read. */
  scan(): void {
    const isDark = this.#terminals.input(this.plan.terminal);
    if (this.#edges === null) {
      this.#edges = isDark ? 1 : 0;
      return;
    }
    if ((this.#edges & 1) === (isDark ? 1 : 0)) return;
    this.#edges = (this.#edges + 1) & 0xffff;
    const count = this.#terminals.counter(this.plan.counter);
    if (isDark) this.#darkCount = count;
    else this.#lightCount = count;
  }

  registers(): number[] {
    const counts = [this.#darkCount, this.#lightCount].flatMap((count) => [highWord(count), lowWord(count)]);
    return [this.#edges ?? 0, ...counts];
  }
}
