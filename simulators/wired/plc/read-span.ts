// What a read is answered with: words put where they lie within it, bits gathered into words.

/** @param index counted from the first register of the read; outside of it nothing is put */
export function put(values: number[], index: number, value: number): void {
  if (index >= 0 && index < values.length) values[index] = value;
}

/** The bits of a read, 16 to a word, its first in bit 0 of the first word. */
export function bitsOf(read: { address: number; count: number }, at: (address: number) => boolean): number[] {
  const words = new Array<number>(Math.ceil(read.count / 16)).fill(0);
  for (let i = 0; i < read.count; i += 1)
    if (at(read.address + i)) words[i >> 4] = (words[i >> 4] ?? 0) | (1 << (i & 15));
  return words;
}
