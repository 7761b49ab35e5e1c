// Plays a scenario's faults on the wired line, each at its time, and notes what was played when.
import { MACHINE_FAULTS, type MachineFault, type WiredFault } from "../../../../simulators/wired/faults.ts";
import type { Rig } from "../../../../simulators/wired/rig.ts";
import type { MachineFaults } from "./machine-faults.ts";

export interface PlayedFault {
  kind: string;
  /** CLOCK_MONOTONIC, ns. */
  atNs: bigint;
  forNs: number;
}

/** These wait for a parcel: the world counts those that have found one. */
const AWAIT_A_PARCEL: readonly string[] = [
  "noRead",
  "secondCode",
  "lateTelegram",
  "takeOff",
  "holdRiding",
  "copyLabel",
  "stuckTogether",
  "addByHand",
];

export class FaultClock {
  readonly played: PlayedFault[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #to: { rig: Pick<Rig, "inject">; machine: MachineFaults };
  #fail: (error: Error) => void = () => undefined;
  /** Rejects when a fault could not be played. */
  readonly trouble: Promise<never>;

  /** Time 0 of the faults is now. */
  constructor(faults: readonly WiredFault[], to: { rig: Pick<Rig, "inject">; machine: MachineFaults }) {
    this.#to = to;
    this.trouble = new Promise<never>((_, reject) => {
      this.#fail = reject;
    });
    this.trouble.catch(() => {
      // Whoever waits for the run sees it.
    });
    for (const fault of faults) this.#after(fault.atNs, () => this.#play(fault));
  }

  /** How often each kind was played; not of those that wait for a parcel. */
  get counts(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { kind } of this.played) if (!AWAIT_A_PARCEL.includes(kind)) counts[kind] = (counts[kind] ?? 0) + 1;
    return counts;
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#to.machine.stop();
  }

  async #play(fault: WiredFault): Promise<void> {
    const { kind } = fault;
    const forNs = "forNs" in fault ? fault.forNs : 0;
    this.played.push({ kind, atNs: process.hrtime.bigint(), forNs });
    if (!isOfMachine(fault)) return this.#to.rig.inject(fault);
    if (forNs > 0) this.#after(forNs, async () => this.#to.machine.end(fault));
    await this.#to.machine.begin(fault);
  }

  #after(afterNs: number, action: () => Promise<void>): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action().catch(this.#fail);
    }, afterNs / 1e6);
    this.#timers.add(timer);
  }
}

const isOfMachine = (fault: WiredFault): fault is WiredFault & MachineFault =>
  (MACHINE_FAULTS as readonly string[]).includes(fault.kind);
