// The last values read from a device, by address: what gates, eyes and signals look at after each poll.
import { type InputArea, OWN_ADDRESSES, placeOf } from "./input-area.ts";
import type { RegisterTable } from "./wiring.ts";

/** A bit of the image: `words[word] & mask`, the other way round where `inverted`. */
interface BitPlace {
  words: Uint16Array;
  word: number;
  mask: number;
  inverted: boolean;
}

export class DeviceImage {
  /** Input registers. */
  readonly registers = new Uint16Array(0x10000);
  readonly holding = new Uint16Array(0x10000);
  readonly #inputs = new Uint16Array(0x1000);
  readonly #coils = new Uint16Array(0x1000);
  readonly #areas: readonly InputArea[];
  readonly #counting: Readonly<Record<RegisterTable, ReadonlySet<number>>>;
  /** Places of the inputs that have been asked for. */
  readonly #places = new Map<number, BitPlace | null>();
  #version = 0;

  /**
   * @param o.areas where the discrete inputs stand; left out: at their own addresses
   * @param o.counting registers that differ with every poll, and are looked at with every poll: no change of the image
   */
  constructor(o: {
    areas?: readonly InputArea[];
    counting?: Readonly<Partial<Record<RegisterTable, Iterable<number>>>>;
  }) {
    this.#areas = o.areas ?? [OWN_ADDRESSES];
    this.#counting = {
      inputRegisters: new Set(o.counting?.inputRegisters ?? []),
      holdingRegisters: new Set(o.counting?.holdingRegisters ?? []),
    };
  }

  /** The same number as before: nothing has changed but the counting registers. */
  get version(): number {
    return this.#version;
  }

  table(from: RegisterTable): Uint16Array {
    return from === "inputRegisters" ? this.registers : this.holding;
  }

  setRegisters(address: number, values: readonly number[], from: RegisterTable = "inputRegisters"): void {
    const registers = this.table(from);
    const counting = this.#counting[from];
    for (let i = 0; i < values.length; i += 1) {
      const value = values[i] as number;
      if (registers[address + i] === value) continue;
      registers[address + i] = value;
      if (!counting.has(address + i)) this.#version += 1;
    }
  }

  /** 16 inputs to a word, the one at `address` in bit 0 of the first. */
  setInputs(address: number, words: readonly number[], count = words.length * 16): void {
    this.#put(this.#inputs, { address, words, count });
  }

  setCoils(address: number, words: readonly number[], count = words.length * 16): void {
    this.#put(this.#coils, { address, words, count });
  }

  #put(into: Uint16Array, bits: { address: number; words: readonly number[]; count: number }): void {
    const { address, words, count } = bits;
    const offset = address & 15;
    for (let done = 0; done < count; done += 16) {
      const word = words[done >> 4] ?? 0;
      const mask = count - done >= 16 ? 0xffff : (1 << (count - done)) - 1;
      const at = (address + done) >> 4;
      this.#putWord(into, at, word << offset, mask << offset);
      if (offset !== 0) this.#putWord(into, at + 1, word >> (16 - offset), mask >> (16 - offset));
    }
  }

  #putWord(into: Uint16Array, at: number, bits: number, mask: number): void {
    const before = into[at] as number;
    const after = ((before & ~mask) | (bits & mask)) & 0xffff;
    if (after === before || at >= into.length) return;
    into[at] = after;
    this.#version += 1;
  }

  /** Discrete input `index`, wherever the device keeps it; one that it keeps nowhere is off. */
  input(index: number): boolean {
    let place = this.#places.get(index);
    if (place === undefined) {
      place = this.#find(index);
      this.#places.set(index, place);
    }
    if (place === null) return false;
    const isSet = ((place.words[place.word] as number) & place.mask) !== 0;
    return isSet !== place.inverted;
  }

  coil(address: number): boolean {
    return (((this.#coils[address >> 4] ?? 0) >> (address & 15)) & 1) === 1;
  }

  #find(index: number): BitPlace | null {
    const place = placeOf(this.#areas, index);
    if (place === null) return null;
    const { from, address, bit, inverted } = place;
    if (from === "discreteInputs" || from === "coils") {
      const words = from === "coils" ? this.#coils : this.#inputs;
      return { words, word: address >> 4, mask: 1 << (address & 15), inverted };
    }
    return { words: this.table(from), word: address, mask: 1 << bit, inverted };
  }
}
