// What a probe does with what it hears: keeps it, or tries another speed; it has enough after a few telegrams.
import type { SerialLine } from "../../../drivers/scanners/serial-line.ts";
import { type Burst, type FramingGuess, guessFraming } from "./framing-guess.ts";
import { guessLine, USUAL_BAUDS } from "./line-guess.ts";

export type ProbeStep =
  /** Listen on. */
  | { kind: "listen"; heard: "telegram" | "noise" }
  /** Open the port anew so. */
  | { kind: "reopen"; line: SerialLine }
  | { kind: "enough" };

/** So many unreadable bursts in a row say that the speed is wrong, not the plug loose. */
const NOISE_BURSTS = 1;

/** Sans-I/O: the caller cuts what it reads into bursts, and opens the port as it is told. */
export class ProbeSession {
  readonly #bauds: readonly number[];
  readonly #scans: number;
  readonly #bursts: Burst[] = [];
  #tried = 0;
  #noise = 0;
  line: SerialLine;

  /** @param o.baud null: all usual ones are tried */
  constructor(o: { baud: number | null; scans: number }) {
    this.#bauds = o.baud === null ? USUAL_BAUDS : [o.baud];
    this.#scans = o.scans;
    this.line = { baud: this.#bauds[0] ?? 9600, dataBits: 8, parity: "none", stopBits: 1 };
  }

  /** All bytes that came without a pause. */
  heard(bytes: Uint8Array, atMs: number): ProbeStep {
    const looks = this.line.dataBits === 8 ? guessLine(bytes) : "text";
    switch (looks) {
      case "text":
        this.#noise = 0;
        this.#bursts.push({ text: Buffer.from(bytes).toString("latin1"), atMs });
        return this.#bursts.length >= this.#scans ? { kind: "enough" } : { kind: "listen", heard: "telegram" };
      case "sevenEven":
      case "sevenOdd":
        return this.#reopen({ ...this.line, dataBits: 7, parity: looks === "sevenEven" ? "even" : "odd" });
      case "noise":
        this.#noise += 1;
        if (this.#noise < NOISE_BURSTS || this.#bauds.length === 1 || this.#bursts.length > 0)
          return { kind: "listen", heard: "noise" };
        this.#tried = (this.#tried + 1) % this.#bauds.length;
        return this.#reopen({ ...this.line, baud: this.#bauds[this.#tried] ?? this.line.baud });
      default:
        return looks satisfies never;
    }
  }

  guess(): FramingGuess {
    return guessFraming(this.#bursts);
  }

  get telegrams(): number {
    return this.#bursts.length;
  }

  #reopen(line: SerialLine): ProbeStep {
    this.#noise = 0;
    this.line = line;
    return { kind: "reopen", line };
  }
}
