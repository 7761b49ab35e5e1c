// What a PLC that tracks shows of its tracking: session, the last verdicts, and a ring of reports, as input registers.
import { highWord, lowWord } from "./serial-number.ts";

const VERDICTS = 4;
const ARMED = 8;
export const STATUS_REGISTERS = 2 + 3 * VERDICTS;
export const reportRegisters = (slots: number): number => 2 + 6 * slots;

export class TrackerBoard {
  readonly #slots: number;
  #session: number;
  #verdicts: { sequence: number; verdict: number }[] = [];
  #reports: number[][] = [];
  #newest = 0;
  /** Another number than before: another picture. */
  version = 0;

  constructor(slots: number, session: number) {
    this.#slots = slots;
    this.#session = session;
    this.restart(session);
  }

  get session(): number {
    return this.#session;
  }

  restart(session: number): void {
    this.#session = session & 0xffff;
    this.#verdicts = [];
    this.#reports = Array.from({ length: this.#slots }, () => [0, 0, 0, 0, 0, 0]);
    this.#newest = 0;
    this.version += 1;
  }

  verdict(sequence: number, verdict: number): void {
    this.#verdicts.push({ sequence, verdict });
    if (this.#verdicts.length > VERDICTS) this.#verdicts.shift();
    this.version += 1;
  }

  report({ kind, id, value, code }: { kind: number; id: number; value: number; code: number }): void {
    this.#newest = (this.#newest + 1) >>> 0;
    const words = [kind, highWord(id), lowWord(id), highWord(value), lowWord(value), code];
    this.#reports[this.#newest % this.#slots] = words;
    this.version += 1;
  }

  status(armed: boolean): number[] {
    const words = [this.#session, armed ? ARMED : 0];
    for (const { sequence, verdict } of this.#verdicts) words.push(highWord(sequence), lowWord(sequence), verdict);
    while (words.length < STATUS_REGISTERS) words.push(0);
    return words;
  }

  reports(): number[] {
    return [highWord(this.#newest), lowWord(this.#newest), ...this.#reports.flat()];
  }
}
