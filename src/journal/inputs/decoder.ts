// Reads the lines of inputs back: each input with its time, and the answers that its look-ups got, in their order.
import type { Look } from "../../line/release.ts";
import type { BeltStamp, LineInput, WithdrawalOutcome } from "../../line/step.ts";
import type { InputsLine } from "../line.ts";
import { LetterReader } from "./digits.ts";
import { fromExact } from "./exact-json.ts";
import { LookSlots } from "./look-slots.ts";
import { type BeltTrack, LETTER, nextTrack, OUTCOMES, POSITIONS, unshifted } from "./words.ts";

export interface RecordedInput {
  input: LineInput;
  atNs: number;
  looks: readonly Look[];
}

export interface InputDecoder {
  /** @throws Error for what no recorder of this version writes */
  line(line: Pick<InputsLine, "count" | "text" | "names" | "data">): RecordedInput[];
  /** Nothing points back over the beginning of a segment. */
  beginSegment(): void;
}

/** Of one segment after the other: what a line tells by difference or by number hangs on the lines before it there. */
export function inputDecoder(): InputDecoder {
  let segment = new SegmentDecoder();
  return {
    line(line) {
      const inputs = segment.line(line);
      if (inputs.length !== line.count) throw new Error(`it holds ${inputs.length} inputs and says ${line.count}`);
      return inputs;
    },
    beginSegment() {
      segment = new SegmentDecoder();
    },
  };
}

const LOOKS: ReadonlySet<string> = new Set([LETTER.lookNew, LETTER.lookSame, LETTER.lookWhole]);

class SegmentDecoder {
  readonly #slots = new LookSlots();
  readonly #names: string[] = [];
  readonly #belts = new Map<string, BeltTrack>();
  #letters = new LetterReader("");
  #data: readonly unknown[] = [];
  #nextDatum = 0;
  #atNs = 0;
  #lastBelt = "";
  #durable = 0;
  #carried = 0;

  line(line: Pick<InputsLine, "text" | "names" | "data">): RecordedInput[] {
    this.#letters = new LetterReader(line.text);
    this.#names.push(...(line.names ?? []));
    this.#data = line.data ?? [];
    this.#nextDatum = 0;
    const inputs: RecordedInput[] = [];
    while (!this.#letters.isAtEnd) {
      const { input, atNs } = this.#next();
      const looks: Look[] = [];
      while (LOOKS.has(this.#letters.peek())) looks.push(this.#look());
      inputs.push({ input, atNs, looks });
    }
    return inputs;
  }

  #next(): { input: LineInput; atNs: number } {
    const letter = this.#letters.letter();
    if (letter === LETTER.jsonTimed) {
      const [atNs, input] = this.#json() as [number, LineInput];
      return { input, atNs };
    }
    const input = this.#input(letter);
    return { input, atNs: this.#atNs };
  }

  #input(letter: string): LineInput {
    switch (letter) {
      case LETTER.beltFirst:
      case LETTER.beltOther:
        this.#lastBelt = this.#name();
        return this.#belt(this.#lastBelt);
      case LETTER.beltSame:
        return this.#belt(this.#lastBelt);
      default:
    }
    this.#atNs += this.#letters.number();
    switch (letter) {
      case LETTER.driveRuns:
      case LETTER.driveStands: {
        const beltId = this.#name();
        const running = letter === LETTER.driveRuns;
        return { kind: "drive", beltId, running, atNs: this.#atNs - this.#letters.number() };
      }
      case LETTER.wake:
        return { kind: "wake" };
      case LETTER.durable:
        this.#durable += this.#letters.number();
        return { kind: "durable", upToEntry: this.#durable };
      case LETTER.lastLook:
        return { kind: "lastLook", id: this.#letters.number() };
      case LETTER.dark:
      case LETTER.light: {
        const edge = letter === LETTER.dark ? "dark" : "light";
        return { kind: "eye", eyeId: this.#name(), edge, after: this.#stamp(), upTo: this.#stamp() };
      }
      case LETTER.signalOn:
      case LETTER.signalOff:
        return { kind: "signal", inputId: this.#name(), value: letter === LETTER.signalOn };
      case LETTER.gate:
        return { kind: "gate", gateId: this.#name(), position: this.#oneOf(POSITIONS) };
      case LETTER.command:
        return { kind: "command", id: this.#letters.number(), outcome: this.#oneOf(OUTCOMES) };
      case LETTER.withdrawal: {
        const id = this.#letters.number();
        return { kind: "withdrawal", id, outcome: this.#oneOf(OUTCOMES) as WithdrawalOutcome };
      }
      case LETTER.json:
        return this.#json() as LineInput;
      default:
        throw new Error(`no input begins with "${letter}"`);
    }
  }

  #belt(beltId: string): LineInput {
    const before = this.#belts.get(beltId);
    const waitNs = this.#letters.number();
    const lagNs = this.#letters.number();
    const step = this.#letters.number();
    const moreErrorNs = this.#letters.number();
    const atNs = (before === undefined ? this.#atNs : before.atNs + before.periodNs) + waitNs;
    const count = (before === undefined ? 0 : before.count + before.step) + step;
    const errorNs = (before?.errorNs ?? 0) + moreErrorNs;
    this.#belts.set(beltId, nextTrack(before, { atNs, lagNs, count, errorNs }));
    this.#atNs = atNs;
    return { kind: "belt", beltId, stamp: { atNs: atNs - lagNs - errorNs, count }, errorNs };
  }

  #stamp(): BeltStamp {
    const atNs = this.#atNs - this.#letters.number();
    return { atNs, count: unshifted(this.#letters.number()) };
  }

  #look(): Look {
    const letter = this.#letters.letter();
    if (letter === LETTER.lookWhole) return this.#json() as Look;
    const body = letter === LETTER.lookNew ? (this.#json() as Look) : this.#slots.at(this.#letters.number());
    if (letter === LETTER.lookNew) this.#slots.put(body);
    const feedAgeNs = unshifted(this.#letters.number());
    this.#carried += this.#letters.number();
    return { ...body, feedAgeNs, carriedEntry: this.#carried };
  }

  #name(): string {
    const name = this.#names[this.#letters.number()];
    if (name === undefined) throw new Error("it names what its list of names does not hold");
    return name;
  }

  #oneOf<T>(words: readonly T[]): T {
    const word = words[this.#letters.number()];
    if (word === undefined) throw new Error("it holds a word that this version does not know");
    return word;
  }

  #json(): unknown {
    if (this.#nextDatum >= this.#data.length) throw new Error("its data end before its letters");
    return fromExact(this.#data[this.#nextDatum++]);
  }
}
