// Numbers that wrap at 2^32, such as a mailbox's sequence: which of two is newer, and how they stand in registers.

/** True when `a` is ahead of `b` by 1..2^31-1 (RFC 1982, serial number arithmetic). */
export const isNewer = (a: number, b: number): boolean => {
  const ahead = (a - b) >>> 0;
  return ahead !== 0 && ahead < 0x8000_0000;
};

/** High word first, as everywhere in the register map. */
export const wordsOf = (value: number): [number, number] => [(value >>> 16) & 0xffff, value & 0xffff];

export const fromWords = (high: number, low: number): number => ((high << 16) | low) >>> 0;
