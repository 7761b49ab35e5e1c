// The input registers of a simulated PLC: its mailboxes' status, packed inputs, belt counts, latches, its cycle count, what it tracks.
import type { PlcPlan, PlcTerminals } from "../terminals.ts";
import type { EdgeLatch } from "./edge-latch.ts";
import { type Mailbox, STATUS_REGISTERS } from "./mailbox.ts";
import { put } from "./read-span.ts";
import { highWord, lowWord } from "./serial-number.ts";
import type { TrackerUnit } from "./tracker-unit.ts";

export class InputRegisters {
  readonly #plan: PlcPlan;
  readonly #terminals: PlcTerminals;
  readonly #mailboxes: readonly Mailbox[];
  readonly #latches: readonly EdgeLatch[];
  readonly #tracker: TrackerUnit | null;
  /** The last read; null: something was written since, or the watchdog has armed or tripped. */
  #kept: { address: number; values: readonly number[]; version: number } | null = null;

  constructor(o: {
    plan: PlcPlan;
    terminals: PlcTerminals;
    mailboxes: readonly Mailbox[];
    latches: readonly EdgeLatch[];
    tracker: TrackerUnit | null;
  }) {
    this.#plan = o.plan;
    this.#terminals = o.terminals;
    this.#mailboxes = o.mailboxes;
    this.#latches = o.latches;
    this.#tracker = o.tracker;
  }

  /** Something else than the terminals has changed what they show. */
  changed(): void {
    this.#kept = null;
  }

  /**
   * The read of every poll: what did not change since the last one is not gathered anew.
   * @param o.address,o.count within the 65536 registers
   */
  read(
    { address, count }: { address: number; count: number },
    { armed, cycles }: { armed: boolean; cycles: number },
  ): number[] {
    const version = this.#terminals.inputsVersion;
    if (this.#tracker?.isNews === true) this.#kept = null;
    const kept = this.#kept;
    if (kept !== null && kept.version === version && kept.address === address && kept.values.length === count) {
      const values = kept.values.slice();
      this.#putCounts(values, { address, cycles });
      return values;
    }
    const values = new Array<number>(count).fill(0);
    this.#putMailboxes(values, { address, armed });
    this.#tracker?.put(values, { address, armed });
    this.#putPacked(values, address);
    this.#putCounts(values, { address, cycles });
    const isLargest = kept === null || kept.version !== version || count >= kept.values.length;
    if (version !== undefined && isLargest) this.#kept = { address, values, version };
    return values;
  }

  #putMailboxes(values: number[], o: { address: number; armed: boolean }): void {
    for (const mailbox of this.#mailboxes) {
      const offset = mailbox.plan.status - o.address;
      if (offset <= -STATUS_REGISTERS || offset >= values.length) continue;
      const status = mailbox.status(o.armed);
      for (let i = 0; i < STATUS_REGISTERS; i += 1) put(values, offset + i, status[i] ?? 0);
    }
  }

  #putPacked(values: number[], address: number): void {
    const { packedInputs } = this.#plan;
    if (packedInputs === null) return;
    const offset = packedInputs.register - address;
    for (let word = 0; word < packedInputs.words; word += 1)
      if (offset + word >= 0 && offset + word < values.length) values[offset + word] = this.#packedWord(word);
  }

  #packedWord(word: number): number {
    let bits = 0;
    for (const { address, terminal } of this.#plan.discreteInputs)
      if (address >> 4 === word && this.#terminals.input(terminal)) bits |= 1 << (address & 15);
    return bits;
  }

  #putCounts(values: number[], o: { address: number; cycles: number }): void {
    const { address, cycles } = o;
    const { watchdog, encoders } = this.#plan;
    for (const { register, counter } of encoders) {
      const count = this.#terminals.counter(counter);
      put(values, register - address, highWord(count));
      put(values, register + 1 - address, lowWord(count));
    }
    for (const latch of this.#latches)
      latch.registers().forEach((value, index) => {
        put(values, latch.plan.register + index - address, value);
      });
    if (watchdog !== null) put(values, watchdog.counterRegister - address, cycles);
  }
}
