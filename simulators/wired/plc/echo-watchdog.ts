// The PLC's own watchdog: it counts, waits for its count to come back, and trips when it does not, or when it has stood.
import type { PlcPlan } from "../terminals.ts";

/** This many fresh echoes in a row arm a tripped device. */
export const ECHOES_TO_ARM = 3;
/** A program that stood for this share of the time after which its outputs fall takes itself for tripped. */
export const STAND_SHARE = 0.75;

export class EchoWatchdog {
  readonly #timeoutNs: number;
  /** How many cycles old an echo may be: what passes in one timeout, at least a hundred. */
  readonly #maxAgeCycles: number;
  readonly #maxStandNs: number;
  #counter: number;
  #lastEcho: number | null = null;
  #fedNs = Number.NEGATIVE_INFINITY;
  #freshEchoes = 0;
  trips = 0;

  /** @param o.counter where its count begins */
  constructor(plan: NonNullable<PlcPlan["watchdog"]>, o: { scanMs: number; counter: number }) {
    this.#counter = o.counter;
    this.#timeoutNs = plan.timeoutMs * 1e6;
    this.#maxStandNs = (plan.outputsFallMs ?? Number.POSITIVE_INFINITY) * STAND_SHARE * 1e6;
    this.#maxAgeCycles = Math.max(100, Math.ceil(plan.timeoutMs / o.scanMs));
  }

  get counter(): number {
    return this.#counter;
  }

  /** Once a PLC cycle. */
  count(cycles = 1): void {
    this.#counter = (this.#counter + cycles) & 0xffff;
  }

  /** The last moment at which it is armed, or counts towards it, if nothing is echoed; Infinity: it is not now. */
  get expiresNs(): number {
    return this.#freshEchoes > 0 ? this.#fedNs + this.#timeoutNs : Number.POSITIVE_INFINITY;
  }

  /** A value written into the echo register; an old or repeated one feeds nothing. */
  echo(value: number, nowNs: number): void {
    this.isArmed(nowNs);
    const ageCycles = (this.#counter - value) & 0xffff;
    if (ageCycles > this.#maxAgeCycles || value === this.#lastEcho) return;
    this.#lastEcho = value;
    this.#fedNs = nowNs;
    this.#freshEchoes = Math.min(ECHOES_TO_ARM, this.#freshEchoes + 1);
  }

  /** Judged by the clock, not by the cycle: a PLC that slept is tripped before it reads what waited for it. */
  isArmed(nowNs: number): boolean {
    if (this.#freshEchoes > 0 && nowNs - this.#fedNs > this.#timeoutNs) this.#trip();
    return this.#freshEchoes === ECHOES_TO_ARM;
  }

  /**
   * Its program goes on after it stood: what its outputs have let go meanwhile must not come on again by itself.
   * @returns whether it was for too long
   */
  stood(forNs: number): boolean {
    if (forNs < this.#maxStandNs) return false;
    this.#trip();
    return true;
  }

  #trip(): void {
    if (this.#freshEchoes === ECHOES_TO_ARM) this.trips += 1;
    this.#freshEchoes = 0;
  }
}
