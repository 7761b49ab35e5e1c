// Numbers in registers: each order of words and bytes goes forth and back, and newer is ahead by less than half the circle.
import fc from "fast-check";
import { expect, test } from "vitest";
import { isNewer, type NumberFormat, numberFrom, registersOf } from "../../../drivers/buses/number-format.ts";

const format = (bits: 16 | 32, lowWordFirst = false, swapsBytes = false): NumberFormat => ({
  bits,
  lowWordFirst,
  swapsBytes,
});

test("0x12345678 in the four orders that devices use", () => {
  expect(registersOf(0x12345678, format(32))).toEqual([0x1234, 0x5678]);
  expect(registersOf(0x12345678, format(32, true))).toEqual([0x5678, 0x1234]);
  expect(registersOf(0x12345678, format(32, false, true))).toEqual([0x3412, 0x7856]);
  expect(registersOf(0x12345678, format(32, true, true))).toEqual([0x7856, 0x3412]);
  expect(registersOf(0x12345678, format(16))).toEqual([0x5678]);
  expect(registersOf(0x12345678, format(16, true, true))).toEqual([0x7856]);
});

test("what is written in any order is read in the same, wherever it stands", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 0xffff_ffff }),
      fc.boolean(),
      fc.boolean(),
      fc.constantFrom<16 | 32>(16, 32),
      fc.nat(5),
      (value, lowWordFirst, swapsBytes, bits, at) => {
        const own = format(bits, lowWordFirst, swapsBytes);
        const words = [...new Array<number>(at).fill(0xaaaa), ...registersOf(value, own)];
        expect(numberFrom(words, at, own)).toBe(bits === 32 ? value : value & 0xffff);
      },
    ),
  );
});

test("newer is ahead by less than half the circle, of 32 and of 16 bits", () => {
  expect([isNewer(2, 1), isNewer(1, 1), isNewer(0, 0xffff_ffff)]).toEqual([true, false, true]);
  expect([isNewer(0xffff_ffff, 0), isNewer(0x8000_0000, 0)]).toEqual([false, false]);
  expect([isNewer(0, 0xffff, 16), isNewer(0xffff, 0, 16), isNewer(0x8000, 0, 16)]).toEqual([true, false, false]);
});
