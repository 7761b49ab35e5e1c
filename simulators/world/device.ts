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
  /** What reads the count of the belt's encoder as it is now. */
  count(beltId: string): () => number;
  drive(actuator: Actuator, on: boolean): void;
  /** A number that changes when any sensor's level may have. */
  levels(): number;
  stepsToCount(beltId: string, counts: number): number;
}

export class Device implements DeviceTerminals {
  readonly plan: DevicePlan;
  readonly #wiring: Wiring;
  /** By terminal, and by counter. */
  readonly #inputs: boolean[] = [];
  readonly #counters: number[] = [];
  readonly #outputs: boolean[] = [];
  #committedNs = 0;
  #nowNs = 0;
  #fallen = false;
  /** Where the world's levels stood at the last refresh. */
  #seenLevels = -1;
  #inputsVersion = 0;
  readonly #driven: boolean[];
  readonly #sensors: readonly { terminal: number; isOn: () => boolean }[];
  readonly #encoders: readonly { counter: number; count: () => number }[];
  #isUncommitted = false;

  constructor(plan: DevicePlan, wiring: Wiring) {
    this.plan = plan;
    this.#wiring = wiring;
    this.#driven = plan.outputs.map(() => false);
    this.#sensors = plan.inputs.map(({ terminal, senses }) => ({ terminal, isOn: wiring.sensor(senses) }));
    this.#encoders = plan.counters.map(({ counter, beltId }) => ({ counter, count: wiring.count(beltId) }));
  }

  /** Takes inputs and counters as they are now. */
  refresh(): void {
    const levels = this.#wiring.levels();
    if (levels !== this.#seenLevels) {
      this.#seenLevels = levels;
      this.#sense();
    }
    for (const { counter, count } of this.#encoders) this.#counters[counter] = count();
  }

  #sense(): void {
    for (const { terminal, isOn } of this.#sensors) {
      const level = isOn();
      if (this.#inputs[terminal] === level) continue;
      this.#inputs[terminal] = level;
      this.#inputsVersion += 1;
    }
  }

  /** As of the last refresh; a terminal to which nothing is wired is off. */
  input(terminal: number): boolean {
    return this.#inputs[terminal] ?? false;
  }

  counter(index: number): number {
    return this.#counters[index] ?? 0;
  }

  output(terminal: number, on: boolean): void {
    if (this.#outputs[terminal] === on) return;
    this.#outputs[terminal] = on;
    this.#isUncommitted = true;
  }

  /** Hands the outputs to the world; they hold until the next commit, or until the watchdog drops them. */
  commit(): void {
    this.#committedNs = this.#nowNs;
    if (!this.#isUncommitted && !this.#fallen) return;
    this.#fallen = false;
    this.#isUncommitted = false;
    this.plan.outputs.forEach(({ terminal, drives }, index) => {
      const on = this.#outputs[terminal] ?? false;
      if (this.#driven[index] === on) return;
      this.#driven[index] = on;
      this.#wiring.drive(drives, on);
    });
  }

  /** A commit would change an output: one was set since the last, or the watchdog has dropped them. */
  get isUncommitted(): boolean {
    return this.#isUncommitted || this.#fallen;
  }

  /** As of the last refresh: another number when any of its input levels is another. */
  get inputsVersion(): number {
    return this.#inputsVersion;
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
