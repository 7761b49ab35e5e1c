// The last values read from a device, by address: what gates, eyes and signals look at after each poll.
export class DeviceImage {
  readonly registers = new Uint16Array(0x10000);
  readonly #inputs = new Uint16Array(0x1000);
  readonly #coils = new Uint16Array(0x1000);
  readonly #packedFrom: number | null;

  /** @param o.packedFrom first input register that holds the discrete inputs; null: they are read on their own */
  constructor(o: { packedFrom: number | null }) {
    this.#packedFrom = o.packedFrom;
  }

  setRegisters(address: number, values: readonly number[]): void {
    this.registers.set(values, address);
  }

  /** `address` is a multiple of 16. */
  setInputs(address: number, words: readonly number[]): void {
    this.#inputs.set(words, address >> 4);
  }

  /** `address` is a multiple of 16. */
  setCoils(address: number, words: readonly number[]): void {
    this.#coils.set(words, address >> 4);
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
