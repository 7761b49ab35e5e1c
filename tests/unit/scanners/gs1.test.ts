// GS1 element strings: whole ones are taken apart, anything that does not fit voids the string.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gs1Elements, isGs1Symbol } from "../../../drivers/scanners/gs1.ts";
import { isSscc } from "../../../src/line/check-digits.ts";

const GS = "\u001d";
/** FedEx Ground's example, in tests/unit/check-digits.test.ts too. */
const SSCC = "000123450000000027";

describe("a whole string", () => {
  test("an SSCC alone", () => {
    expect(gs1Elements(`00${SSCC}`)).toEqual([{ ai: "00", value: SSCC }]);
  });

  test("an SSCC before and behind others: its length needs no separator", () => {
    expect(gs1Elements(`00${SSCC}3302001200403ROUTE7`)).toEqual([
      { ai: "00", value: SSCC },
      { ai: "3302", value: "001200" },
      { ai: "403", value: "ROUTE7" },
    ]);
    expect(gs1Elements(`403ROUTE7${GS}00${SSCC}`)).toEqual([
      { ai: "403", value: "ROUTE7" },
      { ai: "00", value: SSCC },
    ]);
  });

  test("a medical label: fixed and variable elements mixed", () => {
    expect(gs1Elements(`0108806388269617112302141728021310230214A3263-01${GS}21059${GS}240ARO4808C`)).toEqual([
      { ai: "01", value: "08806388269617" },
      { ai: "11", value: "230214" },
      { ai: "17", value: "280213" },
      { ai: "10", value: "230214A3263-01" },
      { ai: "21", value: "059" },
      { ai: "240", value: "ARO4808C" },
    ]);
  });

  test("a needless separator behind a fixed length is passed over", () => {
    expect(gs1Elements(`00${SSCC}${GS}10AB`)).toEqual([
      { ai: "00", value: SSCC },
      { ai: "10", value: "AB" },
    ]);
  });
});

test.each([
  ["nothing", ""],
  ["no identifier", "A1"],
  ["an identifier that is not assigned", `0500000000000000${SSCC}`],
  ["an SSCC cut short", `00${SSCC.slice(1)}`],
  ["an SSCC with a wrong check digit", `00${SSCC.slice(0, -1)}8`],
  ["a letter in a number", "0200000000A00000"],
  ["an identifier cut short", "33"],
  ["a letter in an identifier", "33X2001200"],
  ["an element without a value", `10${GS}21A`],
  ["two separators", `10A${GS}${GS}21B`],
  ["a character outside GS1's set", "10A B"],
  ["a value longer than any", `91${"A".repeat(91)}`],
  ["a good SSCC, and then something else", `00${SSCC}?`],
])("%s: null", (_, text) => {
  expect(gs1Elements(text)).toBe(null);
});

test("which AIM identifiers carry element strings", () => {
  expect(["]C1", "]d2", "]Q3", "]e0", "]J1"].map(isGs1Symbol)).toEqual([true, true, true, true, true]);
  expect(["]C0", "]Q1", "]d1", "]E0", null].map(isGs1Symbol)).toEqual([false, false, false, false, false]);
});

const digits = (length: number) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`));
const fixed = fc.oneof(
  digits(17).map((serial) => ({ ai: "00", value: withCheckDigit(serial) })),
  digits(14).map((value) => ({ ai: "02", value })),
  digits(6).map((value) => ({ ai: "3102", value })),
  digits(13).map((value) => ({ ai: "410", value })),
);
const variable = fc.record({
  ai: fc.constantFrom("10", "21", "37", "240", "400", "420", "7003", "8020", "91"),
  value: fc.stringMatching(/^[0-9A-Za-z/-]{1,20}$/),
});

test("law: any elements, joined as a symbol carries them, come apart again", () => {
  const element = fc.oneof(
    fixed.map((each) => ({ ...each, isFixed: true })),
    variable.map((each) => ({ ...each, isFixed: false })),
  );
  fc.assert(
    fc.property(fc.array(element, { minLength: 1, maxLength: 8 }), (elements) => {
      const text = elements
        .map(({ ai, value, isFixed }, i) => ai + value + (isFixed || i === elements.length - 1 ? "" : GS))
        .join("");
      expect(gs1Elements(text)).toEqual(elements.map(({ ai, value }) => ({ ai, value })));
    }),
  );
});

test("law: any text is taken apart or not, and what comes out is in it, each SSCC with a right check digit", () => {
  const pieces = fc.constantFrom("00", "01", "10", "403", "91", GS, SSCC, "1", "A", " ", "\u0000");
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
      const text = parts.join("");
      for (const { ai, value } of gs1Elements(text) ?? []) {
        expect(text).toContain(ai + value);
        if (ai === "00") expect(isSscc(value)).toBe(true);
      }
    }),
  );
});

function withCheckDigit(serial: string): string {
  const digit = [..."0123456789"].find((each) => isSscc(serial + each));
  return serial + digit;
}
