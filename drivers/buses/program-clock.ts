// Whether a device's program ran all the time, told by the counter of its own cycles: what stood has counted no belt either.

/** Two readings this far apart make the rate; shorter ones say too little, later ones follow what the program does now. */
const WINDOW_NS = 200e6;
/** A window tells a little of the rate, and all of it where the program has become faster or slower by more than this. */
const WINDOW_SHARE = 0.1;
const ANOTHER_RATE = 0.1;
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
  /** The last reading at which it had counted: up to there it ran. */
  #ran: Reading | null = null;
  /** Where the window for the rate began; null: a pause has been in it. */
  #window: Reading | null = null;
  #lastNs = 0;
  /** Cycles an ns; null: not known yet. */
  #rate: number | null = null;

  constructor(o: { hasCounter: boolean; pollNs: number }) {
    this.#hasCounter = o.hasCounter;
    this.#unprovedNs = Math.max(UNPROVED_NS, UNPROVED_POLLS * o.pollNs);
  }

  /**
   * Over lost connections too: what the device did meanwhile is just the question. Between two readings close together a
   * count that goes on proves the program, however fast it counts; only over a pause must the rate say how far it came.
   * @param count of cycles, 16 bits
   * @returns how long the program may have stood since the readings before, ns; 0: it ran
   */
  read(count: number, { sentNs, repliedNs }: ReadWithin): number {
    const reading: Reading = { count, atNs: (sentNs + repliedNs) / 2, withinNs: (repliedNs - sentNs) / 2 };
    const ran = this.#ran;
    const pauseNs = reading.atNs - this.#lastNs;
    this.#lastNs = reading.atNs;
    if (ran === null) {
      this.#begin(reading);
      return 0;
    }
    if (!this.#hasCounter) {
      this.#ran = reading;
      return pauseNs > this.#unprovedNs ? Math.ceil(pauseNs) : 0;
    }
    if (pauseNs > this.#unprovedNs) this.#window = null;
    const stoodNs = this.#stoodNs(ran, reading);
    if (stoodNs > 0) this.#begin(reading);
    else {
      if (count !== ran.count) this.#ran = reading;
      this.#learn(reading);
    }
    return stoodNs;
  }

  #stoodNs(ran: Reading, reading: Reading): number {
    const elapsedNs = reading.atNs - ran.atNs;
    const cycles = (reading.count - ran.count) & 0xffff;
    if (this.#rate === null) return elapsedNs > this.#unprovedNs ? Math.ceil(elapsedNs) : 0;
    const slackNs = SLACK_NS + 2 / this.#rate + ran.withinNs + reading.withinNs;
    const ranNs = cycles / this.#rate;
    if (elapsedNs * this.#rate >= HALF_TURN) return Math.ceil(elapsedNs);
    if (ranNs > elapsedNs * 1.05 + slackNs) {
      // More than there was time for: it has begun anew meanwhile, or counts faster than it did.
      this.#rate = null;
      return Math.ceil(elapsedNs);
    }
    const missingNs = elapsedNs - ranNs;
    return missingNs > slackNs ? Math.ceil(missingNs) : 0;
  }

  #begin(reading: Reading): void {
    this.#ran = reading;
    this.#window = reading;
  }

  /** The rate out of a window without a pause. */
  #learn(reading: Reading): void {
    const from = this.#window;
    if (from === null) {
      this.#window = reading;
      return;
    }
    const elapsedNs = reading.atNs - from.atNs;
    if (elapsedNs < WINDOW_NS) return;
    this.#window = reading;
    const cycles = (reading.count - from.count) & 0xffff;
    if (cycles === 0) return;
    const rate = cycles / elapsedNs;
    const old = this.#rate ?? rate;
    const isAnother = Math.abs(rate - old) > ANOTHER_RATE * old;
    this.#rate = isAnother ? rate : old + (rate - old) * WINDOW_SHARE;
  }
}
