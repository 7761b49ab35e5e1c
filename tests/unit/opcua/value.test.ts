// What an OPC UA server says of a value, and when it is not believed.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bitOf, judged, numberOf, type UaValue } from "../../../drivers/opcua/value.ts";

const NOW_MS = 1_800_000_000_000;

const seen = (change: Partial<UaValue> = {}): UaValue => ({
  value: true,
  status: 0,
  statusName: "Good",
  sourceMs: NOW_MS - 5,
  serverMs: NOW_MS,
  ...change,
});

const why = (value: UaValue, staleMs: number | null = 1000): string | null => {
  const result = judged(value, { staleMs });
  return result.isKnown ? null : result.why;
};

describe("a value", () => {
  test("that is good and fresh is known", () => {
    expect(judged(seen(), { staleMs: 1000 })).toEqual({ isKnown: true, value: true });
  });

  test("with a bad or an uncertain status is unknown, whatever it shows", () => {
    expect(why(seen({ status: 0x808c_0000, statusName: "BadSensorFailure" }))).toBe("BadSensorFailure");
    expect(why(seen({ status: 0x4090_0000, statusName: "UncertainLastUsableValue" }))).toBe("UncertainLastUsableValue");
  });

  test("of any status whose severity is not good is unknown", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0x4000_0000, max: 0xffff_ffff }), (status) => {
        expect(judged(seen({ status }), { staleMs: 1000 }).isKnown).toBe(false);
      }),
    );
  });

  test("is stale beyond its age, to the millisecond, by the server's clock and not by ours", () => {
    expect(why(seen({ sourceMs: NOW_MS - 1000 }))).toBeNull();
    expect(why(seen({ sourceMs: NOW_MS - 1001 }))).toBe("stale: 1001 ms old");
    expect(why(seen({ sourceMs: NOW_MS - 86_400_000, serverMs: NOW_MS - 86_400_000 }))).toBeNull();
  });

  test("whose source's clock runs far ahead is unknown: no age could be seen", () => {
    expect(why(seen({ sourceMs: NOW_MS + 1001 }))).toContain("ahead");
  });

  test("without a timestamp is unknown, unless its age says nothing", () => {
    expect(why(seen({ sourceMs: null }))).toBe("no source timestamp");
    expect(why(seen({ serverMs: null }))).toBe("no server timestamp");
    expect(why(seen({ sourceMs: null, serverMs: null }), null)).toBeNull();
    expect(why(seen({ sourceMs: NOW_MS - 1e9 }), null)).toBeNull();
  });

  test("that is none is unknown", () => {
    expect(why(seen({ value: null }))).toBe("no value");
  });
});

describe("a bit", () => {
  test("is that of a Boolean, of an array, or of a whole number", () => {
    expect(bitOf(true, 0)).toBe(true);
    expect(bitOf([false, true], 1)).toBe(true);
    expect(bitOf(0b100, 2)).toBe(true);
    expect(bitOf(0x8000_0000, 31)).toBe(true);
    expect(bitOf(-1, 31)).toBe(true);
  });

  test("that a value does not have is none", () => {
    expect(bitOf(true, 1)).toBeNull();
    expect(bitOf([true], 1)).toBeNull();
    expect(bitOf([1, 0], 0)).toBeNull();
    expect(bitOf(1.5, 0)).toBeNull();
    expect(bitOf(1, 32)).toBeNull();
  });
});

describe("a number", () => {
  test("is whole, of 32 bits at most, and unsigned", () => {
    expect(numberOf(4711)).toBe(4711);
    expect(numberOf(-1)).toBe(0xffff_ffff);
    expect(numberOf([7, 8], 1)).toBe(8);
    for (const odd of [1.5, Number.NaN, 2 ** 32, -(2 ** 31) - 1, true, [7]]) expect(numberOf(odd as number)).toBeNull();
    expect(numberOf(7, 0)).toBeNull();
    expect(numberOf([7], 1)).toBeNull();
  });
});
