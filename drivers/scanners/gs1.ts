// Takes a GS1 element string apart: application identifiers and their values, or nothing where one thing does not fit.
import { isSscc } from "../../src/line/check-digits.ts";
import type { Gs1Element } from "../../src/line/telegram.ts";

/** AIM identifiers of symbols that carry element strings (GS1 subset of ISO/IEC 15424). */
const GS1_SYMBOLS: ReadonlySet<string> = new Set(["]C1", "]e0", "]d2", "]Q3", "]J1"]);

export const isGs1Symbol = (symbology: string | null): boolean => symbology !== null && GS1_SYMBOLS.has(symbology);

/** FNC1 between two elements, as it is transmitted. */
const GS = "\u001d";
/** No element of the General Specifications is longer. */
const LONGEST_VALUE = 90;
/** GS1's character set 82. */
const VALUE = /^[!"%-?A-Z_a-z]+$/;

/** How many digits an application identifier has, by its first two (GS1 General Specifications, section 3.2). */
const identifierDigits: ReadonlyMap<string, number> = new Map([
  ...digitsFor(2, ["00-04", "10-22", "30-30", "37-37", "90-99"]),
  ...digitsFor(3, ["23-25", "40-42", "71-71"]),
  ...digitsFor(4, ["31-36", "39-39", "43-43", "70-70", "72-72", "80-82"]),
]);

/** Elements without a separator behind them: digits of the value, by the identifier's first two (ibid., figure 7.8.5-2). */
const fixedDigits: ReadonlyMap<string, number> = new Map([
  ...digitsFor(18, ["00-00"]),
  ...digitsFor(14, ["01-03"]),
  ...digitsFor(16, ["04-04"]),
  ...digitsFor(6, ["11-19", "31-36"]),
  ...digitsFor(2, ["20-20"]),
  ...digitsFor(13, ["41-41"]),
]);

/**
 * Of the text of one code, AIM identifier and outer FNC1 removed. An unknown identifier, a value too short, a foreign
 * character or an SSCC with a wrong check digit void the whole string: where one element is damaged or its end cannot be
 * told, what follows is a guess. A needless separator behind an element of fixed length is passed over.
 */
export function gs1Elements(text: string): readonly Gs1Element[] | null {
  const elements: Gs1Element[] = [];
  let rest = text;
  while (rest !== "") {
    const taken = takeElement(rest);
    if (taken === null) return null;
    elements.push(taken.element);
    rest = taken.rest;
  }
  return elements.length === 0 ? null : elements;
}

function takeElement(text: string): { element: Gs1Element; rest: string } | null {
  const family = text.slice(0, 2);
  const digits = identifierDigits.get(family);
  if (digits === undefined) return null;
  const ai = text.slice(0, digits);
  const behind = text.slice(digits);
  const fixed = fixedDigits.get(family);
  const separatorAt = behind.indexOf(GS);
  const length = fixed ?? (separatorAt < 0 ? behind.length : separatorAt);
  const value = behind.slice(0, length);
  if (!isValue(value, fixed) || !/^[0-9]+$/.test(ai) || ai.length !== digits) return null;
  if (ai === "00" && !isSscc(value)) return null;
  const rest = behind.slice(length);
  return { element: { ai, value }, rest: rest.startsWith(GS) ? rest.slice(GS.length) : rest };
}

const isValue = (value: string, fixed: number | undefined): boolean =>
  fixed === undefined
    ? value.length <= LONGEST_VALUE && VALUE.test(value)
    : value.length === fixed && /^[0-9]+$/.test(value);

/** Each two digits from one to the other, with the number. */
function digitsFor(count: number, ranges: readonly string[]): [string, number][] {
  return ranges.flatMap((range) => {
    const [from = 0, to = 0] = range.split("-").map(Number);
    return Array.from({ length: to - from + 1 }, (_, i): [string, number] => [
      String(from + i).padStart(2, "0"),
      count,
    ]);
  });
}
