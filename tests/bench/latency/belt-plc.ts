// A belt of the latency benchmark with its PLC: parcels by the time of their telegram in, commands with their times out.
import type { PlcPlan } from "../../../simulators/wired/terminals.ts";
import { type BenchAddress, BenchPlc, nowNs } from "./bench-plc.ts";
import type { Stall } from "./own-stall.ts";
import { BELT_PLC, GATE_OUTPUT, ShortBelt, SWITCHES } from "./short-belt.ts";
import { type Bench, type BenchBus, beltNames } from "./site.ts";
import { WIRING } from "./wiring.ts";

/** Times are ns of the machine's monotonic clock. */
export interface Command {
  /** The PLC's program has the whole command. */
  atNs: number;
  /** The whole command has come to the process that serves it; null: that is the same. */
  heardNs: number | null;
  /** 1: accepted. */
  verdict: number;
}

/** What a belt tells of a shift. */
export interface BeltRecord {
  /** In the order in which they came. */
  commands: readonly Command[];
  /** Parcels that rode past their gate to the safe end, warm-up included. */
  missed: number;
  trips: number;
  /** The longest that the process of its own came late; null: it has none. */
  ownStall: Stall | null;
}

/** In the measuring process, or in one of its own. */
export interface MeasuredBelt {
  serve(folder: string): Promise<BenchAddress>;
  isArmed(): boolean | Promise<boolean>;
  /** A shift begins. @param telegramsNs when the telegrams of its parcels are sent, in order */
  begin(telegramsNs: readonly number[]): void;
  /** Every millisecond. */
  tick(): void;
  /** Of the shift up to now. */
  record(): BeltRecord | Promise<BeltRecord>;
}

export class BeltPlc implements MeasuredBelt {
  readonly #belt: ShortBelt;
  readonly #plc: BenchPlc;
  readonly #bus: BenchBus;
  readonly #leadNs: number;
  /** When telegrams are sent of parcels that are not on the belt yet, the last one first: taking it off costs nothing. */
  #coming: number[] = [];
  #commands: Command[] = [];
  #tripsBefore = 0;
  /** When the last piece of a command came to this process; null: nobody says so. */
  heardNs: number | null = null;

  constructor(o: { index: number; bus: BenchBus; bench: Bench }) {
    const { index, bus, bench } = o;
    this.#bus = bus;
    this.#leadNs = (bench.telegramAtMm * 1e9) / bench.speedMmPerS;
    this.#belt = new ShortBelt(bench, nowNs);
    this.#plc = new BenchPlc({
      plan: planOf(index),
      terminals: this.#belt,
      onCommand: ({ atNs, verdict }) => this.#commands.push({ atNs, heardNs: this.heardNs, verdict }),
    });
  }

  serve(folder: string): Promise<BenchAddress> {
    return this.#plc.serve(this.#bus, folder);
  }

  isArmed(): boolean {
    return this.#plc.isArmed();
  }

  begin(telegramsNs: readonly number[]): void {
    this.#coming = [...telegramsNs].reverse();
    this.#commands = [];
    this.#belt.missed = 0;
    this.#tripsBefore = this.#plc.trips;
  }

  tick(): void {
    this.#feed();
    this.#plc.tick();
  }

  record(): BeltRecord {
    const trips = this.#plc.trips - this.#tripsBefore;
    return { commands: this.#commands, missed: this.#belt.missed, trips, ownStall: null };
  }

  /** A parcel is on the belt before its front comes to the first eye. */
  #feed(): void {
    const untilNs = nowNs() + this.#leadNs;
    for (let next = this.#coming.at(-1); next !== undefined && next <= untilNs; next = this.#coming.at(-1)) {
      this.#belt.put(next);
      this.#coming.pop();
    }
  }
}

function planOf(index: number): PlcPlan {
  const { device, gate } = beltNames(index);
  const { mailboxRegister, statusRegister, positionCode } = WIRING;
  return {
    ...BELT_PLC,
    deviceId: device,
    gates: [
      {
        kind: "mailbox",
        gateId: gate,
        register: mailboxRegister,
        status: statusRegister,
        encoder: 0,
        positions: [{ code: positionCode, terminal: GATE_OUTPUT }],
        homeTerminal: SWITCHES.home,
        outTerminal: SWITCHES.out,
      },
    ],
  };
}
