// A simulated PLC's program while it has power: its cycles, begun anew with each start, and outputs that fall without it.
import type { openImage } from "../process-image.ts";
import type { PlcPlan } from "../terminals.ts";
import { ArrivalBox } from "./arrival-box.ts";
import { CycleClock } from "./cycle-clock.ts";
import { PlcProgram } from "./program.ts";

export const nowNs = (): number => Number(process.hrtime.bigint());

export class PoweredProgram {
  /** Outlives a loss of power: it is the bench's note, not the PLC's memory. */
  readonly arrivals = new ArrivalBox();
  readonly #plan: PlcPlan;
  readonly #terminals: ReturnType<typeof openImage>;
  /** Another one at each start, as a count kept over a loss of power would be. */
  #session = process.pid & 0xffff;
  #program: PlcProgram;
  #clock: CycleClock;
  /** null: without power. */
  #cycle: NodeJS.Timeout | null = null;

  constructor(plan: PlcPlan, terminals: ReturnType<typeof openImage>) {
    this.#plan = plan;
    this.#terminals = terminals;
    this.#program = this.#newProgram();
    this.#clock = this.#newClock();
    this.#run();
  }

  /** As it is. */
  get program(): PlcProgram {
    return this.#program;
  }

  /** For a request: what waited while the machine had no time for either is answered as if the cycles had come first. */
  get inTime(): PlcProgram {
    if (this.#cycle !== null) this.#program.skipScans(this.#due());
    return this.#program;
  }

  /** Its tracking starts anew and knows no parcel. */
  forget(): void {
    this.#program.tracker?.forget(this.#nextSession());
  }

  /** Outputs fall, and all that it knew is gone: a request that is still on its way meets an unarmed program. */
  powerOff(): void {
    if (this.#cycle !== null) clearInterval(this.#cycle);
    this.#cycle = null;
    for (const terminal of outputsOf(this.#plan)) this.#terminals.output(terminal, false);
    this.#terminals.commit();
    this.#program = this.#newProgram();
  }

  /** It begins anew; one that has power runs on. */
  powerOn(): void {
    if (this.#cycle !== null) return;
    this.#clock = this.#newClock();
    this.#run();
  }

  #run(): void {
    this.#cycle = setInterval(() => this.#program.scan(nowNs(), this.#due()), this.#plan.scanMs);
    this.#program.scan(nowNs());
  }

  /** Cycles that are due; after a stop the program has been told. */
  #due(): number {
    const { cycles, stoodNs } = this.#clock.due(nowNs());
    if (stoodNs > 0) this.#program.stood(stoodNs);
    return cycles;
  }

  #newProgram(): PlcProgram {
    const session = this.#nextSession();
    return new PlcProgram({ plan: this.#plan, terminals: this.#terminals, session, onArrival: this.arrivals.put });
  }

  #newClock(): CycleClock {
    return new CycleClock({ scanMs: this.#plan.scanMs, nowNs: nowNs(), stops: this.#terminals.stops });
  }

  #nextSession(): number {
    this.#session = (this.#session % 0xffff) + 1;
    return this.#session;
  }
}

const outputsOf = ({ gates, relays, tracker }: PlcPlan): number[] => [
  ...(tracker?.gates ?? []).flatMap(({ chutes }) => chutes.map(({ terminal }) => terminal)),
  ...gates.flatMap((gate) => (gate.kind === "coil" ? [gate.terminal] : gate.positions.map(({ terminal }) => terminal))),
  ...relays.map(({ terminal }) => terminal),
];
