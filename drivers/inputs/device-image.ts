// The last values read from a device, by address: what gates, eyes and signals look at after each poll.
export class DeviceImage {
  readonly registers = new Uint16Array(0x10000);
  readonly #inputs = new Uint16Array(0x1000);
  readonly #coils = new Uint16Array(0x1000);
  readonly #packedFrom: number | null;
  readonly #counting: ReadonlySet<number>;
  #version = 0;

  /** @param o.counting registers that differ with every poll, and are looked at with every poll: no change of the image
   * @param o.packedFrom first input register that holds the discrete inputs; null: they are read on their own */
  constructor(o: { packedFrom: number | null; counting?: Iterable<number> }) {
    this.#packedFrom = o.packedFrom;
    this.#counting = new Set(o.counting ?? []);
  }

  /** The same number as before: nothing has changed but the counting registers. */
  get version(): number {
    return this.#version;
  }

  setRegisters(address: number, values: readonly number[]): void {
    for (let i = 0; i < values.length; i += 1) {
      const value = values[i] as number;
      if (this.registers[address + i] === value) continue;
      this.registers[address + i] = value;
      if (!this.#counting.has(address + i)) this.#version += 1;
    }
  }

  /** `address` is a multiple of 16. */
  setInputs(address: number, words: readonly number[]): void {
    this.#put(this.#inputs, address >> 4, words);
  }

  /** `address` is a multiple of 16. */
  setCoils(address: number, words: readonly number[]): void {
    this.#put(this.#coils, address >> 4, words);
  }

  #put(into: Uint16Array, at: number, words: readonly number[]): void {
    for (let i = 0; i < words.length; i += 1) {
      if (into[at + i] === words[i]) continue;
      into[at + i] = words[i] as number;
      this.#version += 1;
    }
  }

  /** Discrete input `index`, wherever the device keeps it. */
  input(index: number): boolean {
    const words = this.#packedFrom === null ? this.#inputs : this.registers;
    return isSet(words[(this.#packedFrom ?? 0) + (index >> 4)], index);
  }

  coil(address: number): boolean {
    return isSet(this.#coils[address >> 4], address);
  }

  register32(address: number): number {
    return (((this.registers[address] ?? 0) << 16) | (this.registers[address + 1] ?? 0)) >>> 0;
  }
}

const isSet = (word: number | undefined, index: number): boolean => (((word ?? 0) >> (index & 15)) & 1) === 1;
