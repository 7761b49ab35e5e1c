// Check digits: known good numbers pass, and each scheme catches the misreads that it promises to catch.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hasValidCheckDigit } from "../../src/line/check-digits.ts";
import type { CheckDigit } from "../../src/line/layout.ts";

const good: Record<Exclude<CheckDigit, "none">, string[]> = {
  s10: ["RB123456785GB", "EE473124829US"],
  sscc: ["000123450000000027", "00000123450000000027"],
  ups1z: ["1Z5R89390357567127", "1Z879E930346834440"],
  fedex12: ["986578788855", "477179081230"],
  dhl10: ["3318810025"],
};

describe.each(Object.entries(good))("%s", (scheme, numbers) => {
  const isValid = (text: string) => hasValidCheckDigit(text, scheme as CheckDigit);

  test.each(numbers)("a number whose check digit is known to be right passes: %s", (number) => {
    expect(isValid(number)).toBe(true);
  });

  test.each(numbers)("every other check digit fails: %s", (number) => {
    const at = scheme === "s10" ? 10 : number.length - 1;
    const passing = allDigits.filter((digit) => isValid(replaceAt(number, at, digit)));
    expect(passing).toEqual([number[at]]);
  });

  test.each(numbers)(
    "a number too short, too long, with a foreign character or in small letters fails: %s",
    (number) => {
      for (const wrong of [number.slice(1), `${number}0`, replaceAt(number, 5, "*"), replaceAt(number, 5, "a"), ""]) {
        expect(isValid(wrong)).toBe(false);
      }
    },
  );
});

test("no scheme: everything passes", () => {
  fc.assert(fc.property(fc.string(), (text) => hasValidCheckDigit(text, "none")));
});

test("S10 catches a single wrong digit, except where remainders 0 and 6 share the digit 5", () => {
  const serial = fc.stringMatching(/^[0-9]{8}$/);
  fc.assert(
    fc.property(serial, fc.nat(8), fc.integer({ min: 1, max: 9 }), (digits, at, shift) => {
      const number = withCheckDigit((check) => `LP${digits}${check}CN`, "s10");
      const misread = shiftDigit(number, 2 + at, shift);
      const folded = at < 8 && number[10] === "5";
      return folded || !hasValidCheckDigit(misread, "s10");
    }),
  );
});

test("SSCC catches every single wrong digit", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9]{17}$/), fc.nat(17), fc.integer({ min: 1, max: 9 }), (digits, at, shift) => {
      const number = withCheckDigit((check) => `${digits}${check}`, "sscc");
      return !hasValidCheckDigit(shiftDigit(number, at, shift), "sscc");
    }),
  );
});

test("UPS 1Z catches a single wrong digit, except by five where a digit counts double", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9]{15}$/), fc.nat(15), fc.integer({ min: 1, max: 9 }), (digits, at, shift) => {
      const number = withCheckDigit((check) => `1Z${digits}${check}`, "ups1z");
      const blind = shift === 5 && at % 2 === 1 && at < 15;
      return hasValidCheckDigit(shiftDigit(number, 2 + at, shift), "ups1z") === blind;
    }),
  );
});

test("FedEx 12 catches a single wrong digit, except where remainders 0 and 10 share the digit 0", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9]{11}$/), fc.nat(11), fc.integer({ min: 1, max: 9 }), (digits, at, shift) => {
      const number = withCheckDigit((check) => `${digits}${check}`, "fedex12");
      const folded = at < 11 && number.endsWith("0");
      return folded || !hasValidCheckDigit(shiftDigit(number, at, shift), "fedex12");
    }),
  );
});

test("DHL 10 catches a single wrong digit, except by seven in the serial", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9]{9}$/), fc.nat(9), fc.nat(9), (digits, at, digit) => {
      const number = withCheckDigit((check) => `${digits}${check}`, "dhl10");
      const difference = Math.abs(Number(number[at]) - digit);
      const blind = difference === 0 || (difference === 7 && at < 9);
      return hasValidCheckDigit(replaceAt(number, at, String(digit)), "dhl10") === blind;
    }),
  );
});

test("S10 with the weights 3 to 10 of a wrong copy in circulation would refuse a known good number", () => {
  const sum = [..."12345678"].reduce((total, digit, i) => total + Number(digit) * (i + 3), 0);
  expect(11 - (sum % 11)).not.toBe(5);
  expect(hasValidCheckDigit("RB123456785GB", "s10")).toBe(true);
  expect(hasValidCheckDigit(`RB12345678${(11 - (sum % 11)) % 10}GB`, "s10")).toBe(false);
});

const allDigits = [..."0123456789"];

const replaceAt = (text: string, at: number, by: string): string => text.slice(0, at) + by + text.slice(at + 1);

const shiftDigit = (text: string, at: number, by: number): string =>
  replaceAt(text, at, String((Number(text[at]) + by) % 10));

function withCheckDigit(build: (check: string) => string, scheme: CheckDigit): string {
  const number = allDigits.map(build).find((candidate) => hasValidCheckDigit(candidate, scheme));
  if (number === undefined) throw new Error(`no check digit fits ${build("?")}`);
  return number;
}
