// How a device keeps numbers of 16 and 32 bits in its registers, and which of two numbers that wrap is newer.

export interface NumberFormat {
  bits: 16 | 32;
  /** Of 32 bits the low word stands at the lower address. */
  lowWordFirst: boolean;
  /** The two bytes of each register are exchanged. */
  swapsBytes: boolean;
}

/** 32 bits, high word first, high byte first: as the protocol itself writes its numbers. */
export const PLAIN_32: NumberFormat = { bits: 32, lowWordFirst: false, swapsBytes: false };

/** How a device writes its numbers; the width is that of each number. */
export const formatOf = (device: {
  wordOrder: "highFirst" | "lowFirst";
  byteOrder: "highFirst" | "lowFirst";
}): NumberFormat => ({
  bits: 32,
  lowWordFirst: device.wordOrder === "lowFirst",
  swapsBytes: device.byteOrder === "lowFirst",
});

export const registerCount = ({ bits }: Pick<NumberFormat, "bits">): number => bits / 16;

const swapped = (word: number): number => ((word & 0xff) << 8) | (word >>> 8);

/** The registers of a number, in the order of their addresses. What does not fit into the bits is cut off. */
export function registersOf(value: number, format: NumberFormat): number[] {
  const low = value & 0xffff;
  if (format.bits === 16) return [format.swapsBytes ? swapped(low) : low];
  const high = (value >>> 16) & 0xffff;
  const words = format.lowWordFirst ? [low, high] : [high, low];
  return format.swapsBytes ? words.map(swapped) : words;
}

/** The number whose first register is `words[at]`; registers that are missing count as 0. */
export function numberFrom(words: ArrayLike<number>, at: number, format: NumberFormat): number {
  const first = wordAt(words, at, format);
  if (format.bits === 16) return first;
  const second = wordAt(words, at + 1, format);
  return (format.lowWordFirst ? (second << 16) | first : (first << 16) | second) >>> 0;
}

const wordAt = (words: ArrayLike<number>, at: number, { swapsBytes }: NumberFormat): number => {
  const word = words[at] ?? 0;
  return swapsBytes ? swapped(word) : word;
};

/** True when `a` is ahead of `b` by less than half of the circle (RFC 1982, serial number arithmetic). */
export function isNewer(a: number, b: number, bits: 16 | 32 = 32): boolean {
  if (bits === 16) {
    const ahead = (a - b) & 0xffff;
    return ahead !== 0 && ahead < 0x8000;
  }
  const ahead = (a - b) >>> 0;
  return ahead !== 0 && ahead < 0x8000_0000;
}
