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
  /** What reads the sensor's level as it is now. */
  sensor(sensor: Sensor): () => boolean;
  count(beltId: string): number;
  drive(actuator: Actuator, on: boolean): void;
  /** A number that changes when any sensor's level may have. */
  levels(): number;
  stepsToCount(beltId: string, counts: number): number;
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
  /** Where the world's levels stood at the last refresh. */
  #seenLevels = -1;
  readonly #driven: boolean[];
  readonly #sensors: readonly { terminal: number; isOn: () => boolean }[];
  #isUncommitted = false;

  constructor(plan: DevicePlan, wiring: Wiring) {
    this.plan = plan;
    this.#wiring = wiring;
    this.#driven = plan.outputs.map(() => false);
    this.#sensors = plan.inputs.map(({ terminal, senses }) => ({ terminal, isOn: wiring.sensor(senses) }));
  }

  /** Takes inputs and counters as they are now. */
  refresh(): void {
    const levels = this.#wiring.levels();
    if (levels !== this.#seenLevels) {
      this.#seenLevels = levels;
      for (const { terminal, isOn } of this.#sensors) this.#inputs.set(terminal, isOn());
    }
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
    if (this.#outputs.get(terminal) === on) return;
    this.#outputs.set(terminal, on);
    this.#isUncommitted = true;
  }

  /** Hands the outputs to the world; they hold until the next commit, or until the watchdog drops them. */
  commit(): void {
    this.#committedNs = this.#nowNs;
    if (!this.#isUncommitted && !this.#fallen) return;
    this.#fallen = false;
    this.#isUncommitted = false;
    this.plan.outputs.forEach(({ terminal, drives }, index) => {
      const on = this.#outputs.get(terminal) ?? false;
      if (this.#driven[index] === on) return;
      this.#driven[index] = on;
      this.#wiring.drive(drives, on);
    });
  }

  /** A commit would change an output: one was set since the last, or the watchdog has dropped them. */
  get isUncommitted(): boolean {
    return this.#isUncommitted || this.#fallen;
  }

  /** Changes when any of its input levels may have. */
  get inputsVersion(): number {
    return this.#wiring.levels();
  }

  /** Whole steps from now until the counter has gone on by so many counts, or fewer; Infinity: its belt stands. */
  stepsToCount(index: number, counts: number): number {
    const beltId = this.plan.counters.find(({ counter }) => counter === index)?.beltId;
    return beltId === undefined ? 0 : this.#wiring.stepsToCount(beltId, counts);
  }

  /** When the watchdog drops the outputs unless they are committed before. */
  get fallsAtNs(): number {
    const { ioWatchdogNs } = this.plan;
    return this.#fallen || ioWatchdogNs === null ? Number.POSITIVE_INFINITY : this.#committedNs + ioWatchdogNs;
  }

  /** @param atNs what a commit counts from; the watchdog is judged too */
  step(atNs: number): void {
    this.#nowNs = atNs;
    const { ioWatchdogNs } = this.plan;
    if (this.#fallen || ioWatchdogNs === null || atNs - this.#committedNs < ioWatchdogNs) return;
    this.#fallen = true;
    this.plan.outputs.forEach(({ drives }, index) => {
      this.#driven[index] = false;
      this.#wiring.drive(drives, false);
    });
  }

  /** The watchdog has dropped the outputs, and nothing was committed since. */
  get outputsFallen(): boolean {
    return this.#fallen;
  }
}
