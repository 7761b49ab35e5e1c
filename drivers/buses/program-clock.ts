// Whether a device's program ran all the time, told by the counter of its own cycles: what stood has counted no belt either.

/** Two readings this far apart make the rate; shorter ones say too little, later ones follow what the program does now. */
const ANCHOR_NS = 200e6;
/** So much may be missing: cycles differ in length, and a reading shows whole cycles only. */
const SLACK_NS = 20e6;
/** Beyond this many cycles the 16 bits may have turned around unseen. */
const HALF_TURN = 0x8000;
/** Without a counter of its own nothing proves that the program ran through a silence that long; of a slow poll, two. */
const UNPROVED_NS = 50e6;
const UNPROVED_POLLS = 2;

/** The device answered at some moment between the two. */
export interface ReadWithin {
  sentNs: number;
  repliedNs: number;
}

interface Reading {
  count: number;
  atNs: number;
  /** It was read within so much of `atNs`. */
  withinNs: number;
}

export class ProgramClock {
  readonly #hasCounter: boolean;
  readonly #unprovedNs: number;
  #anchor: Reading | null = null;
  #lastNs = 0;
  /** Cycles an ns; null: not known yet. */
  #rate: number | null = null;
  /** No pause was in the readings since the anchor. */
  #isSteady = false;

  constructor(o: { hasCounter: boolean; pollNs: number }) {
    this.#hasCounter = o.hasCounter;
    this.#unprovedNs = Math.max(UNPROVED_NS, UNPROVED_POLLS * o.pollNs);
  }

  /**
   * Over lost connections too: what the device did meanwhile is just the question.
   * @param count of cycles, 16 bits
   * @returns how long the program may have stood since the readings before, ns; 0: it ran
   */
  read(count: number, { sentNs, repliedNs }: ReadWithin): number {
    const reading: Reading = { count, atNs: (sentNs + repliedNs) / 2, withinNs: (repliedNs - sentNs) / 2 };
    const anchor = this.#anchor;
    const pauseNs = reading.atNs - this.#lastNs;
    this.#lastNs = reading.atNs;
    if (anchor === null) {
      this.#begin(reading);
      return 0;
    }
    if (!this.#hasCounter) {
      this.#begin(reading);
      return pauseNs > this.#unprovedNs ? Math.ceil(pauseNs) : 0;
    }
    if (pauseNs > this.#unprovedNs) this.#isSteady = false;
    const stoodNs = this.#stoodNs(anchor, reading);
    if (stoodNs > 0) this.#begin(reading);
    else if (reading.atNs - anchor.atNs >= ANCHOR_NS) this.#renew(anchor, reading);
    return stoodNs;
  }

  #stoodNs(anchor: Reading, reading: Reading): number {
    const elapsedNs = reading.atNs - anchor.atNs;
    const cycles = (reading.count - anchor.count) & 0xffff;
    if (this.#rate === null) return this.#isSteady ? 0 : Math.ceil(elapsedNs);
    const slackNs = SLACK_NS + 2 / this.#rate + anchor.withinNs + reading.withinNs;
    const ranNs = cycles / this.#rate;
    // More than there was time for: it has begun anew meanwhile, and the count says nothing.
    const isNonsense = ranNs > elapsedNs * 1.05 + slackNs || elapsedNs * this.#rate >= HALF_TURN;
    if (isNonsense) return Math.ceil(elapsedNs);
    const missingNs = elapsedNs - ranNs;
    return missingNs > slackNs ? Math.ceil(missingNs) : 0;
  }

  #begin(reading: Reading): void {
    this.#anchor = reading;
    this.#isSteady = true;
  }

  #renew(anchor: Reading, reading: Reading): void {
    const cycles = (reading.count - anchor.count) & 0xffff;
    if (this.#isSteady && cycles > 0) {
      const rate = cycles / (reading.atNs - anchor.atNs);
      this.#rate = this.#rate === null ? rate : this.#rate * 0.9 + rate * 0.1;
    }
    this.#begin(reading);
  }
}
