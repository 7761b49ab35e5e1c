// A simulated PLC's terminals on a virtual clock: outputs become switches at once; the belt runs one count a millisecond.
import type { PlcTerminals } from "../../simulators/wired/terminals.ts";

export class VirtualTerminals implements PlcTerminals {
  nowNs = 0;
  readonly #outputs = new Map<number, boolean>();
  readonly #shown = new Map<number, boolean>();
  refresh(): void {}
  input(index: number): boolean {
    const [output, isHome] = { 1: [0, true], 2: [0, false], 3: [1, true], 4: [1, false] }[index] ?? [-1, false];
    return output !== -1 && (this.#shown.get(output as number) ?? false) !== isHome;
  }
  counter(): number {
    return Math.floor(this.nowNs / 1e6) >>> 0;
  }
  output(index: number, on: boolean): void {
    this.#outputs.set(index, on);
  }
  commit(): void {
    for (const [index, on] of this.#outputs) this.#shown.set(index, on);
  }
  isOn(index: number): boolean {
    return this.#shown.get(index) ?? false;
  }
}
