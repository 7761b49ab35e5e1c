// How much silence of a unit on a serial line is noise, and how much means that it is gone. Pure.

/** Noise eats a telegram at times: two reads in a row without a reply, or five damaged ones, mean that the unit is gone. */
const ENOUGH = 10;
const MISSED = 5;
const DAMAGED = 2;
/** The read-back itself may be eaten; nothing else is sent to the unit meanwhile. */
const PROBES = 2;

export class LineMisses {
  readonly #timeoutNs: number;
  #isHeard = false;
  #points = 0;
  #probes = 0;
  #restUntilNs = Number.NEGATIVE_INFINITY;

  constructor(timeoutNs: number) {
    this.#timeoutNs = timeoutNs;
  }

  opened(): void {
    this.#isHeard = false;
    this.#points = 0;
    this.#probes = 0;
  }

  heard(): void {
    this.#isHeard = true;
    this.#points = 0;
    this.#probes = 0;
  }

  /** It has answered on this connection: until then its first silence is enough. */
  get isHeard(): boolean {
    return this.#isHeard;
  }

  /** No read before this, since the reply to the one before may still come and look like the next one's. */
  get restUntilNs(): number {
    return this.#restUntilNs;
  }

  isResting(nowNs: number): boolean {
    return nowNs < this.#restUntilNs;
  }

  /** A read without a usable reply; a damaged one shows at least that somebody is there. True: the unit is gone. */
  readMissed(nowNs: number, o: { isDamaged: boolean }): boolean {
    this.#points += o.isDamaged ? DAMAGED : MISSED;
    this.#restUntilNs = o.isDamaged ? nowNs : nowNs + this.#timeoutNs;
    return this.#points >= ENOUGH;
  }

  /** True: the read-back may be tried once more. */
  mayProbeAgain(): boolean {
    this.#probes += 1;
    return this.#probes < PROBES;
  }
}
