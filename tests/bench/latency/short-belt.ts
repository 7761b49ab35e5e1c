// One short belt that moves at a constant speed: where its parcels are is computed from the clock, nothing steps.
import type { PlcTerminals } from "../../../simulators/wired/terminals.ts";
import type { Bench } from "./site.ts";
import { WIRING } from "./wiring.ts";

/** The gate's end switches; the mailbox's status shows them. */
export const SWITCHES = { home: 200, out: 201 } as const;
export const GATE_OUTPUT = 0;

interface Parcel {
  /** When its front is at the belt's start. */
  startNs: number;
  isDiverted: boolean;
}

export class ShortBelt implements PlcTerminals {
  readonly #bench: Bench;
  readonly #nsPerMm: number;
  readonly #gateTravelNs: number;
  readonly #eyePlacesMm: readonly number[];
  readonly #now: () => number;
  readonly #epochNs: number;
  #nowNs: number;
  #parcels: Parcel[] = [];
  /** When the gate's output last changed, and to what. */
  #gate = { isDriven: false, sinceNs: Number.NEGATIVE_INFINITY };
  #isAskedOut = false;
  /** Parcels that rode to the safe end. */
  missed = 0;

  /** @param now monotonic ns */
  constructor(bench: Bench, now: () => number) {
    this.#bench = bench;
    this.#nsPerMm = 1e9 / bench.speedMmPerS;
    this.#gateTravelNs = bench.gateTravelMs * 1e6;
    this.#eyePlacesMm = [bench.inductionMm, bench.trackMm, bench.pastMm, bench.endMm];
    this.#now = now;
    this.#epochNs = now();
    this.#nowNs = this.#epochNs;
  }

  /** Puts a parcel on the belt so that its front is where telegrams are sent at `telegramNs`; not closer than the gap. */
  put(telegramNs: number): void {
    this.#parcels.push({ startNs: telegramNs - this.#bench.telegramAtMm * this.#nsPerMm, isDiverted: false });
  }

  refresh(): void {
    this.#nowNs = this.#now();
    this.#divert();
    const [first] = this.#parcels;
    if (first === undefined || this.#frontMm(first) < this.#bench.beltMm) return;
    if (!first.isDiverted) this.missed += 1;
    this.#parcels.shift();
  }

  input(index: number): boolean {
    const settled = this.#nowNs - this.#gate.sinceNs >= this.#gateTravelNs;
    if (index === SWITCHES.home) return settled && !this.#gate.isDriven;
    if (index === SWITCHES.out) return settled && this.#gate.isDriven;
    const placeMm = this.#eyePlacesMm[index];
    return placeMm !== undefined && this.#parcels.some((parcel) => this.#covers(parcel, placeMm));
  }

  counter(): number {
    return Math.floor((this.#nowNs - this.#epochNs) / (this.#nsPerMm * this.#bench.mmPerCount)) >>> 0;
  }

  output(index: number, on: boolean): void {
    if (index === GATE_OUTPUT) this.#isAskedOut = on;
  }

  commit(): void {
    if (this.#isAskedOut === this.#gate.isDriven) return;
    this.#divert();
    this.#gate = { isDriven: this.#isAskedOut, sinceNs: this.#nowNs };
  }

  /** A front that reaches the gate while it is out leaves the belt there. */
  #divert(): void {
    if (!this.#gate.isDriven) return;
    for (const parcel of this.#parcels) {
      const atGateNs = parcel.startNs + this.#bench.gateMm * this.#nsPerMm;
      if (atGateNs <= this.#nowNs && atGateNs >= this.#gate.sinceNs + this.#gateTravelNs) parcel.isDiverted = true;
    }
  }

  #frontMm(parcel: Parcel): number {
    return (this.#nowNs - parcel.startNs) / this.#nsPerMm;
  }

  #covers(parcel: Parcel, placeMm: number): boolean {
    if (parcel.isDiverted && placeMm > this.#bench.gateMm) return false;
    const frontMm = this.#frontMm(parcel);
    return frontMm >= placeMm && frontMm - this.#bench.itemMm < placeMm;
  }
}

/** The device of the line permits: relays that are only looked at. */
export class PermitRelays implements PlcTerminals {
  readonly on = new Set<number>();

  refresh(): void {}
  input(): boolean {
    return false;
  }
  counter(): number {
    return 0;
  }
  output(index: number, on: boolean): void {
    if (on) this.on.add(index);
    else this.on.delete(index);
  }
  commit(): void {}
}

/** The PLC's view of a belt, for `PlcPlan`. */
export const BELT_PLC = {
  unit: 1,
  host: "127.0.0.1",
  port: 0,
  scanMs: 2,
  watchdog: WIRING.watchdog,
  encoders: [{ register: WIRING.counterRegister, counter: 0 }],
  discreteInputs: Object.values(WIRING.eyes).map((input) => ({ address: input, terminal: input })),
  packedInputs: { register: WIRING.packedRegister, words: 1 },
  relays: [],
} as const;
