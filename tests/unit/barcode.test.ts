// Identity from codes: the strongest rank rules, agreement is a waybill, contradiction a conflict, the rest a no-read.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compilePatterns, identify, normalise } from "../../src/line/barcode.ts";
import type { CodePattern } from "../../src/line/layout.ts";

const s10: CodePattern = { id: "s10", regex: "[A-Z]{2}[0-9]{9}[A-Z]{2}", check: "s10", companies: ["EMS"], rank: 1 };
const ups: CodePattern = { id: "ups", regex: "1Z[0-9A-Z]{16}", check: "ups1z", companies: ["UPS"], rank: 1 };
const dhl: CodePattern = { id: "dhl", regex: "[0-9]{10}", check: "dhl10", companies: ["DHL"], rank: 2 };
const sscc: CodePattern = { id: "sscc", regex: "(00)?[0-9]{18}", check: "sscc", companies: ["CAINIAO"], rank: 2 };
const patterns = compilePatterns([s10, ups, dhl, sscc]);

const codes = (...texts: string[]) => texts.map((text) => ({ text, symbology: null }));
const identityOf = (...texts: string[]) => identify(codes(...texts), patterns).identity;

describe("one parcel's codes", () => {
  test("one valid code: its waybill and the pattern's companies", () => {
    expect(identify(codes("RB123456785GB"), patterns)).toEqual({
      identity: { kind: "code", waybill: "RB123456785GB", companies: ["EMS"], patternId: "s10" },
      unmatched: [],
    });
  });

  test("small letters and blanks around: the same waybill", () => {
    expect(identityOf(" rb123456785gb ")).toMatchObject({ kind: "code", waybill: "RB123456785GB" });
    expect(normalise("\trb1 \r")).toBe("RB1");
  });

  test("the same code twice: one waybill", () => {
    expect(identityOf("RB123456785GB", "rb123456785gb")).toMatchObject({ kind: "code", waybill: "RB123456785GB" });
  });

  test("a weaker rank beside a stronger one does not rule, and is not unmatched", () => {
    const { identity, unmatched } = identify(codes("3318810025", "1Z5R89390357567127"), patterns);
    expect(identity).toMatchObject({
      kind: "code",
      waybill: "1Z5R89390357567127",
      companies: ["UPS"],
      patternId: "ups",
    });
    expect(unmatched).toEqual([]);
  });

  test("two different valid waybills of the strongest rank: conflict", () => {
    expect(identityOf("RB123456785GB", "1Z5R89390357567127")).toEqual({
      kind: "conflict",
      waybills: ["RB123456785GB", "1Z5R89390357567127"],
    });
  });

  test("a code with a wrong check digit is unmatched, and a valid weaker one then rules", () => {
    const { identity, unmatched } = identify(codes("RB123456784GB", "3318810025"), patterns);
    expect(identity).toMatchObject({ kind: "code", waybill: "3318810025" });
    expect(unmatched).toEqual(["RB123456784GB"]);
  });

  test("a GS1 symbol is the SSCC that it holds, with whatever else", () => {
    const value = "000123450000000027";
    const elements = [
      { ai: "00", value },
      { ai: "403", value: "3318810025" },
    ];
    const code = { text: `00${value}4033318810025`, symbology: "]C1", elements };
    expect(identify([code], patterns).identity).toMatchObject({ kind: "code", waybill: value, patternId: "sscc" });
    const [bare] = compilePatterns([{ ...sscc, regex: "[0-9]{18}" }]);
    expect(identify([code], bare === undefined ? [] : [bare]).identity).toMatchObject({ kind: "code", waybill: value });
    // Only with its application identifier does this pattern know it.
    const [whole] = compilePatterns([{ ...sscc, regex: "00[0-9]{18}" }]);
    expect(identify([code], whole === undefined ? [] : [whole]).identity).toMatchObject({
      kind: "code",
      waybill: value,
    });
  });

  test("a GS1 symbol without an SSCC is its whole text, and no element of it a waybill", () => {
    const elements = [{ ai: "21", value: "3318810025" }];
    const code = { text: "213318810025", symbology: "]C1", elements };
    expect(identify([code], patterns)).toEqual({ identity: { kind: "noRead" }, unmatched: ["213318810025"] });
  });

  test("codes of which none fits a pattern: no-read, with the codes as they were read", () => {
    expect(identify(codes("https://x.example", "ab "), patterns)).toEqual({
      identity: { kind: "noRead" },
      unmatched: ["https://x.example", "ab "],
    });
  });

  test("no code: no-read, nothing unmatched", () => {
    expect(identify([], patterns)).toEqual({ identity: { kind: "noRead" }, unmatched: [] });
  });
});

test("an SSCC with and without its application identifier is one waybill", () => {
  const bare = "000123450000000027";
  expect(identityOf(`00${bare}`)).toMatchObject({ kind: "code", waybill: bare });
  expect(identityOf(`00${bare}`, bare)).toMatchObject({ kind: "code", waybill: bare });
});

test("a pattern is anchored, its alternatives too", () => {
  const either = compilePatterns([{ id: "x", regex: "A1|B2", check: "none", companies: ["X"], rank: 1 }]);
  expect(identify(codes("A1B2", "XB2", "A1X"), either).identity).toEqual({ kind: "noRead" });
  expect(identify(codes("B2"), either).identity).toMatchObject({ kind: "code", waybill: "B2" });
});

test("what is of a weaker rank stands beside the waybill, without the codes of the ruling rank", () => {
  const loose: CodePattern = { id: "yto", regex: "[0-9]{10}", check: "none", companies: ["YTO"], rank: 3 };
  const { identity } = identify(codes("3318810025", "RB123456785GB", "X"), compilePatterns([s10, loose, dhl]));
  expect(identity).toEqual({
    ...{ kind: "code", waybill: "RB123456785GB", companies: ["EMS"], patternId: "s10" },
    besides: [{ waybill: "3318810025", companies: ["YTO", "DHL"] }],
  });
  // The same text under a weaker pattern is the same label.
  const both = compilePatterns([dhl, { ...loose, companies: ["YTO"] }]);
  expect(identify(codes("3318810025"), both).identity).not.toHaveProperty("besides");
});

test("two patterns of one rank fit one code: companies are united, the first pattern names it", () => {
  const loose: CodePattern = { id: "yto", regex: "[0-9]{10}", check: "none", companies: ["YTO", "DHL"], rank: 2 };
  const { identity } = identify(codes("3318810025"), compilePatterns([dhl, loose]));
  expect(identity).toEqual({ kind: "code", waybill: "3318810025", companies: ["DHL", "YTO"], patternId: "dhl" });
});

test("a regular expression that is none is refused when compiled", () => {
  expect(() => compilePatterns([{ ...s10, regex: "[A-Z" }])).toThrow(SyntaxError);
});

test("law: codes in any order name the same parcel", () => {
  const known = ["RB123456785GB", "1Z5R89390357567127", "3318810025", "000123450000000027", "NOISE"];
  fc.assert(
    fc.property(fc.shuffledSubarray(known), fc.shuffledSubarray(known), (some, others) => {
      const texts = [...some, ...others];
      expect(identityOf(...texts.toReversed())).toMatchObject(orderless(identityOf(...texts)));
    }),
  );
});

/** Conflicts list their waybills in the order of the patterns, then as read. */
const orderless = (identity: ReturnType<typeof identityOf>) =>
  identity.kind === "conflict"
    ? { kind: "conflict", waybills: expect.arrayContaining([...identity.waybills]) }
    : identity;
