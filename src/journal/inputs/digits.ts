// Whole numbers as a few letters each, the small ones shortest: five bits a letter, the sign in the first (base-64 VLQ).

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BYTES = Uint8Array.from(LETTERS, (letter) => letter.charCodeAt(0));
const VALUES = new Int8Array(128).fill(-1);
for (const [value, byte] of BYTES.entries()) VALUES[byte] = value;

const MORE = 32;
const FIRST_BYTES = 4096;
/** Below it a number is a machine word. */
const WORD = 2 ** 31;
/** A number of 53 bits takes eleven letters. */
const LONGEST = 11;

/** Bytes of ASCII that grow; emptied by `take`. */
export class LetterWriter {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** @param letter one character of ASCII that JSON does not escape */
  letter(letter: string): void {
    if (this.#length + LONGEST > this.#bytes.length) this.#grow();
    this.#bytes[this.#length++] = letter.charCodeAt(0);
  }

  /** @param value a safe integer, not -0 */
  number(value: number): void {
    if (this.#length + LONGEST > this.#bytes.length) this.#grow();
    const magnitude = Math.abs(value);
    const sign = value < 0 ? 1 : 0;
    // Nearly every number is that small, and machine words are divided faster.
    if (magnitude < WORD) return this.#word((magnitude & 15) * 2 + sign, magnitude >> 4);
    let digit = (magnitude % 16) * 2 + sign;
    let rest = Math.floor(magnitude / 16);
    while (rest >= WORD) {
      this.#put(digit + MORE);
      digit = rest % MORE;
      rest = Math.floor(rest / MORE);
    }
    this.#word(digit, rest);
  }

  #word(first: number, rest: number): void {
    let digit = first;
    for (let word = rest | 0; word > 0; word >>= 5) {
      this.#put(digit + MORE);
      digit = word & (MORE - 1);
    }
    this.#put(digit);
  }

  #put(digit: number): void {
    this.#bytes[this.#length++] = BYTES[digit] as number;
  }

  take(): string {
    const text = this.#bytes.toString("latin1", 0, this.#length);
    this.#length = 0;
    return text;
  }

  #grow(): void {
    const larger = Buffer.allocUnsafe(this.#bytes.length * 2);
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

/** Reads what a `LetterWriter` wrote. */
export class LetterReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** The next letter, without taking it; empty at the end. */
  peek(): string {
    return this.#text[this.#at] ?? "";
  }

  letter(): string {
    return this.#text[this.#at++] ?? "";
  }

  /** @throws Error where no number stands */
  number(): number {
    let digit = this.#digit();
    const isNegative = (digit & 1) === 1;
    let magnitude = (digit & (MORE - 1)) >> 1;
    let unit = 16;
    while (digit >= MORE) {
      digit = this.#digit();
      magnitude += (digit % MORE) * unit;
      unit *= MORE;
    }
    return isNegative ? -magnitude : magnitude;
  }

  #digit(): number {
    const value = VALUES[this.#text.charCodeAt(this.#at)] ?? -1;
    if (value === -1) throw new Error(`no number stands at character ${this.#at + 1}`);
    this.#at += 1;
    return value;
  }
}
