// A device's terminals in the world: sensors wired to its inputs, actuators to its outputs, and its output watchdog.
import type { Actuator, DevicePlan, Sensor } from "./plan.ts";

/** What a simulated PLC sees of the world; the same shape as the terminals of a process image. */
export interface DeviceTerminals {
  refresh(): void;
  input(terminal: number): boolean;
  counter(index: number): number;
  output(terminal: number, on: boolean): void;
  commit(): void;
}

export interface Wiring {
  sense(sensor: Sensor): boolean;
  count(beltId: string): number;
  drive(actuator: Actuator, on: boolean): void;
}

export class Device implements DeviceTerminals {
  readonly plan: DevicePlan;
  readonly #wiring: Wiring;
  readonly #inputs = new Map<number, boolean>();
  readonly #counters = new Map<number, number>();
  readonly #outputs = new Map<number, boolean>();
  #committedNs = 0;
  #nowNs = 0;
  #fallen = false;

  constructor(plan: DevicePlan, wiring: Wiring) {
    this.plan = plan;
    this.#wiring = wiring;
  }

  /** Takes inputs and counters as they are now. */
  refresh(): void {
    for (const { terminal, senses } of this.plan.inputs) this.#inputs.set(terminal, this.#wiring.sense(senses));
    for (const { counter, beltId } of this.plan.counters) this.#counters.set(counter, this.#wiring.count(beltId));
  }

  /** As of the last refresh; a terminal to which nothing is wired is off. */
  input(terminal: number): boolean {
    return this.#inputs.get(terminal) ?? false;
  }

  counter(index: number): number {
    return this.#counters.get(index) ?? 0;
  }

  output(terminal: number, on: boolean): void {
    this.#outputs.set(terminal, on);
  }

  /** Hands the outputs to the world; they hold until the next commit, or until the watchdog drops them. */
  commit(): void {
    this.#committedNs = this.#nowNs;
    this.#fallen = false;
    for (const { terminal, drives } of this.plan.outputs) {
      this.#wiring.drive(drives, this.#outputs.get(terminal) ?? false);
    }
  }

  step(atNs: number): void {
    this.#nowNs = atNs;
    const { ioWatchdogNs } = this.plan;
    if (this.#fallen || ioWatchdogNs === null || atNs - this.#committedNs < ioWatchdogNs) return;
    this.#fallen = true;
    for (const { drives } of this.plan.outputs) this.#wiring.drive(drives, false);
  }

  /** The watchdog has dropped the outputs, and nothing was committed since. */
  get outputsFallen(): boolean {
    return this.#fallen;
  }
}
