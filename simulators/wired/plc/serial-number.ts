// Numbers that wrap at 2^32, compared the way a PLC's unsigned subtraction does.

/** True when `a` is newer than `b`: ahead of it by 1..2^31-1 (the rule of RFC 1982, serial number arithmetic). */
export const isNewer = (a: number, b: number): boolean => {
  const ahead = (a - b) >>> 0;
  return ahead !== 0 && ahead < 0x8000_0000;
};

/** True when `count` lies on the way from `from` up to `until`, both included. */
export const isWithin = (count: number, range: { from: number; until: number }): boolean =>
  (count - range.from) >>> 0 <= (range.until - range.from) >>> 0;

export const highWord = (value: number): number => value >>> 16;
export const lowWord = (value: number): number => value & 0xffff;
export const u32 = (high: number, low: number): number => ((high << 16) | low) >>> 0;
