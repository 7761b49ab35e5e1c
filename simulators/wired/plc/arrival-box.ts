// The commands that have come to a simulated PLC, kept until somebody asks for them.
import type { PlcArrival } from "./arrival.ts";

/** The oldest is dropped beyond this many, and counted. */
const MAX_ARRIVALS = 100_000;

export class ArrivalBox {
  #arrivals: PlcArrival[] = [];
  #lost = 0;

  readonly put = (arrival: PlcArrival): void => {
    if (this.#arrivals.push(arrival) <= MAX_ARRIVALS) return;
    this.#arrivals.shift();
    this.#lost += 1;
  };

  /** All since the last time, and how many more there were; the box is empty then. */
  take(): { arrivals: PlcArrival[]; lost: number } {
    const taken = { arrivals: this.#arrivals, lost: this.#lost };
    this.#arrivals = [];
    this.#lost = 0;
    return taken;
  }
}
