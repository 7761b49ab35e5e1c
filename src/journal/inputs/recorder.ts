// Writes down each input of the line core and what its look-ups answered, a few bytes each, for a replay.
import type { Look, ReleasePort } from "../../line/release.ts";
import type { BeltStamp, LineCore, LineInput } from "../../line/step.ts";
import { LetterWriter } from "./digits.ts";
import { exactJson, isOdd } from "./exact-json.ts";
import { LookSlots } from "./look-slots.ts";
import { type BeltTrack, LETTER, nextTrack, OUTCOMES, POSITIONS, shifted } from "./words.ts";

/** What waits to be written: the journal's writer takes it before the entries that came of it. */
export interface PendingInputs {
  /** When the oldest was recorded, ns of the run; null: none waits. */
  sinceNs(): number | null;
  /** Characters, about. */
  size(): number;
  /** The members of the line, JSON without braces; nothing waits afterwards. */
  take(): string;
  /** What comes now can be read without the segment before. */
  beginSegment(): void;
}

export interface InputRecorder extends PendingInputs {
  input(input: LineInput, atNs: number): void;
  look(look: Look): void;
}

/** The core and its look-ups, each call written down before or after it, none changed. */
export const recordedCore = (core: LineCore, recorder: InputRecorder): LineCore => ({
  ...core,
  handle(input, atNs) {
    recorder.input(input, atNs);
    return core.handle(input, atNs);
  },
});

export const recordedLooks = (releases: ReleasePort, recorder: InputRecorder): ReleasePort => ({
  look(company, waybill) {
    const look = releases.look(company, waybill);
    recorder.look(look);
    return look;
  },
});

/** No limit of its own: the writer takes what waits when it has grown to a few thousand characters. */
export const inputRecorder = (): InputRecorder => new Recorder();

class Recorder implements InputRecorder {
  readonly #letters = new LetterWriter();
  readonly #slots = new LookSlots();
  /** Ids of the layout: as many as a site has. */
  readonly #names = new Map<string, number>();
  #newNames: string[] = [];
  readonly #belts = new Map<string, BeltTrack>();
  #data: string[] = [];
  #dataChars = 0;
  #count = 0;
  #sinceNs: number | null = null;
  #atNs = 0;
  #lastBelt: string | null = null;
  #durable = 0;
  #carried = 0;

  sinceNs(): number | null {
    return this.#sinceNs;
  }

  size(): number {
    return this.#letters.length + this.#dataChars;
  }

  take(): string {
    const names = this.#newNames.length === 0 ? "" : `,"names":${JSON.stringify(this.#newNames)}`;
    const data = this.#data.length === 0 ? "" : `,"data":[${this.#data.join(",")}]`;
    const members = `"count":${this.#count},"text":"${this.#letters.take()}"${names}${data}`;
    this.#newNames = [];
    this.#data = [];
    this.#dataChars = 0;
    this.#count = 0;
    this.#sinceNs = null;
    return members;
  }

  beginSegment(): void {
    this.#slots.clear();
    this.#names.clear();
    this.#belts.clear();
    this.#atNs = 0;
    this.#lastBelt = null;
    this.#durable = 0;
    this.#carried = 0;
  }

  input(input: LineInput, atNs: number): void {
    this.#count += 1;
    this.#sinceNs ??= atNs;
    if (!isWhole(atNs) || !isWhole(atNs - this.#atNs)) {
      this.#letters.letter(LETTER.jsonTimed);
      return this.#json([atNs, input]);
    }
    if (!this.#briefly(input, atNs)) {
      this.#begin(LETTER.json, atNs);
      this.#json(input);
    }
    this.#atNs = atNs;
  }

  look(look: Look): void {
    const age = shifted(look.feedAgeNs);
    const carried = look.carriedEntry - this.#carried;
    if (!isWhole(age) || !isWhole(look.carriedEntry) || !isWhole(carried) || isOdd(look.feedAgeNs ?? 1)) {
      this.#letters.letter(LETTER.lookWhole);
      return this.#json(look);
    }
    const slot = this.#slots.find(look);
    if (slot === null) {
      this.#slots.put(look);
      this.#letters.letter(LETTER.lookNew);
      this.#json({ ...look, feedAgeNs: 0, carriedEntry: 0 });
    } else {
      this.#letters.letter(LETTER.lookSame);
      this.#letters.number(slot);
    }
    this.#letters.number(age);
    this.#letters.number(carried);
    this.#carried = look.carriedEntry;
  }

  /** False, and nothing written: it has to be told as JSON. */
  #briefly(input: LineInput, atNs: number): boolean {
    switch (input.kind) {
      case "belt":
        return this.#belt(input, atNs);
      case "drive":
        return this.#drive(input, atNs);
      case "wake":
        return this.#begin(LETTER.wake, atNs);
      case "durable":
        return this.#durableUpTo(input.upToEntry, atNs);
      case "lastLook":
        return isWhole(input.id) && this.#begin(LETTER.lastLook, atNs, input.id);
      case "eye":
        return this.#eye(input, atNs);
      case "signal":
        return this.#begin(input.value ? LETTER.signalOn : LETTER.signalOff, atNs, this.#nameOf(input.inputId));
      case "gate":
        return this.#begin(LETTER.gate, atNs, this.#nameOf(input.gateId), POSITIONS.indexOf(input.position));
      case "command":
        return isWhole(input.id) && this.#begin(LETTER.command, atNs, input.id, OUTCOMES.indexOf(input.outcome));
      case "withdrawal":
        return isWhole(input.id) && this.#begin(LETTER.withdrawal, atNs, input.id, OUTCOMES.indexOf(input.outcome));
      case "run":
      case "layout":
      case "telegram":
      case "device":
      case "scanner":
      case "releaseHint":
      case "operator":
      case "storage":
      case "unsampled":
      case "report":
      case "stood":
        return false;
      default:
        return input satisfies never;
    }
  }

  #begin(letter: string, atNs: number, first?: number, second?: number): true {
    this.#letters.letter(letter);
    this.#letters.number(atNs - this.#atNs);
    if (first !== undefined) this.#letters.number(first);
    if (second !== undefined) this.#letters.number(second);
    return true;
  }

  #durableUpTo(upToEntry: number, atNs: number): boolean {
    const further = upToEntry - this.#durable;
    if (!isWhole(upToEntry) || !isWhole(further)) return false;
    this.#durable = upToEntry;
    return this.#begin(LETTER.durable, atNs, further);
  }

  #belt(input: Extract<LineInput, { kind: "belt" }>, atNs: number): boolean {
    const { beltId, errorNs, stamp } = input;
    const { count } = stamp;
    if (count === null || !isWhole(count) || !isWhole(stamp.atNs) || !isWhole(errorNs)) return false;
    const before = this.#belts.get(beltId);
    const lagNs = atNs - (stamp.atNs + errorNs);
    const step = before === undefined ? count : count - (before.count + before.step);
    const waitNs = atNs - (before === undefined ? this.#atNs : before.atNs + before.periodNs);
    const moreErrorNs = errorNs - (before?.errorNs ?? 0);
    const isExact = isWhole(lagNs) && isWhole(step) && isWhole(waitNs) && isWhole(moreErrorNs);
    if (!isExact || !isWhole(stamp.atNs + errorNs)) return false;
    const isSame = before !== undefined && this.#lastBelt === beltId;
    this.#letters.letter(isSame ? LETTER.beltSame : before === undefined ? LETTER.beltFirst : LETTER.beltOther);
    if (!isSame) this.#letters.number(this.#nameOf(beltId));
    this.#letters.number(waitNs);
    this.#letters.number(lagNs);
    this.#letters.number(step);
    this.#letters.number(moreErrorNs);
    this.#belts.set(beltId, nextTrack(before, { atNs, lagNs, count, errorNs }));
    this.#lastBelt = beltId;
    return true;
  }

  /** Told with every sample of a belt without encoder. */
  #drive(input: Extract<LineInput, { kind: "drive" }>, atNs: number): boolean {
    const agoNs = atNs - input.atNs;
    if (!isWhole(input.atNs) || !isWhole(agoNs)) return false;
    const letter = input.running ? LETTER.driveRuns : LETTER.driveStands;
    return this.#begin(letter, atNs, this.#nameOf(input.beltId), agoNs);
  }

  #eye(input: Extract<LineInput, { kind: "eye" }>, atNs: number): boolean {
    const { after, upTo } = input;
    if (!isStamp(after, atNs) || !isStamp(upTo, atNs)) return false;
    this.#begin(input.edge === "dark" ? LETTER.dark : LETTER.light, atNs, this.#nameOf(input.eyeId));
    for (const { atNs: stampNs, count } of [after, upTo]) {
      this.#letters.number(atNs - stampNs);
      this.#letters.number(shifted(count));
    }
    return true;
  }

  #nameOf(name: string): number {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    this.#names.set(name, this.#names.size);
    this.#newNames.push(name);
    this.#dataChars += name.length;
    return this.#names.size - 1;
  }

  #json(value: unknown): void {
    const text = exactJson(value);
    this.#data.push(text);
    this.#dataChars += text.length;
  }
}

const isWhole = (value: number): boolean => Number.isSafeInteger(value) && !Object.is(value, -0);

const isStamp = ({ atNs, count }: BeltStamp, handedNs: number): boolean =>
  isWhole(atNs) && isWhole(handedNs - atNs) && (count === null || (isWhole(count) && isWhole(shifted(count))));
