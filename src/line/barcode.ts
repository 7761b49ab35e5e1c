// Decides which waybill the codes on one parcel name: one, none or several that contradict each other.
import { hasValidCheckDigit } from "./check-digits.ts";
import type { Identity, Named } from "./entry.ts";
import type { CheckDigit, CodePattern } from "./layout.ts";
import type { Code } from "./telegram.ts";
import { isTestCode } from "./test-code.ts";

export interface CompiledPattern {
  id: string;
  /** Anchored at both ends. */
  regex: RegExp;
  check: CheckDigit;
  companies: readonly string[];
  /** Lower is stronger. */
  rank: number;
}

/** @throws SyntaxError where a regular expression is none; the configuration was to be checked before. */
export function compilePatterns(patterns: readonly CodePattern[]): readonly CompiledPattern[] {
  return patterns.map(({ id, regex, check, companies, rank }) => ({
    id,
    regex: new RegExp(`^(?:${regex})$`, "u"),
    check,
    companies,
    rank,
  }));
}

/** How codes are compared: without blanks around them, in capitals. What was read itself is kept in the journal. */
export const normalise = (text: string): string => text.trim().toUpperCase();

/**
 * Among codes whose pattern and check digit fit, only those of the strongest rank count. They must agree on one waybill;
 * two different ones are a conflict, never "the first wins". Several patterns of that rank on one waybill unite their
 * companies in the order of the patterns, and the first of them names the identity. What is of a weaker rank stands in
 * `besides`.
 *
 * Codes that fit nothing are returned as read in `unmatched` (routing codes, advertising, misreads). When none fits,
 * the identity is a no-read, and `unmatched` tells it from a scanner that saw nothing.
 *
 * A code of a test parcel is no waybill, whatever the patterns say.
 *
 * A GS1 symbol that holds an SSCC is that SSCC, whatever else it holds; its element string as a whole is no code then.
 */
export function identify(
  codes: readonly Code[],
  patterns: readonly CompiledPattern[],
): { identity: Identity; unmatched: string[] } {
  const candidates: Candidate[] = [];
  const unmatched: string[] = [];
  for (const code of codes) {
    const found = candidatesOfCode(code, patterns);
    if (found.length === 0) unmatched.push(code.text);
    candidates.push(...found);
  }
  const tests = testCodesOf(codes);
  return { identity: tests.length === 0 ? agree(candidates) : agreeOnTest(tests, candidates), unmatched };
}

const testCodesOf = (codes: readonly Code[]): string[] => [
  ...new Set(codes.map(({ text }) => normalise(text)).filter(isTestCode)),
];

/** A waybill beside a test code contradicts it, of whatever rank: a test parcel is nobody's parcel. */
function agreeOnTest(tests: readonly string[], candidates: readonly Candidate[]): Identity {
  const waybills = [...new Set(candidates.map(({ waybill }) => waybill))].filter((waybill) => !isTestCode(waybill));
  const [code, second] = tests;
  if (code === undefined || second !== undefined || waybills.length > 0)
    return { kind: "conflict", waybills: [...tests, ...waybills] };
  return { kind: "test", code };
}

interface Candidate {
  waybill: string;
  /** Place of the pattern in the list. */
  order: number;
  pattern: CompiledPattern;
}

/** An SSCC may be asked for with or without its application identifier; without it is tried first. */
function candidatesOfCode(code: Code, patterns: readonly CompiledPattern[]): Candidate[] {
  const sscc = code.elements?.find(({ ai }) => ai === SSCC_AI)?.value;
  if (sscc === undefined) return candidatesOf(normalise(code.text), patterns);
  const bare = candidatesOf(sscc, patterns);
  return bare.length > 0 ? bare : candidatesOf(SSCC_AI + sscc, patterns);
}

const SSCC_AI = "00";

function candidatesOf(text: string, patterns: readonly CompiledPattern[]): Candidate[] {
  const found: Candidate[] = [];
  for (const [order, pattern] of patterns.entries()) {
    if (!pattern.regex.test(text) || !hasValidCheckDigit(text, pattern.check)) continue;
    found.push({ waybill: waybillOf(text, pattern.check), order, pattern });
  }
  return found;
}

/** An SSCC is the same number with and without its GS1 application identifier (00). */
const waybillOf = (text: string, check: CheckDigit): string =>
  check === "sscc" && text.length === 20 ? text.slice(2) : text;

function agree(candidates: readonly Candidate[]): Identity {
  const strongest = Math.min(...candidates.map(({ pattern }) => pattern.rank));
  const ruling = candidates.filter(({ pattern }) => pattern.rank === strongest).sort((a, b) => a.order - b.order);
  const [first] = ruling;
  if (first === undefined) return { kind: "noRead" };
  const waybills = [...new Set(ruling.map(({ waybill }) => waybill))];
  if (waybills.length > 1) return { kind: "conflict", waybills };
  const besides = weakerThan(strongest, candidates).filter(({ waybill }) => waybill !== first.waybill);
  return {
    kind: "code",
    waybill: first.waybill,
    companies: companiesOf(ruling),
    patternId: first.pattern.id,
    ...(besides.length === 0 ? {} : { besides }),
  };
}

function weakerThan(rank: number, candidates: readonly Candidate[]): Named[] {
  const weaker = candidates.filter(({ pattern }) => pattern.rank > rank).sort((a, b) => a.order - b.order);
  const waybills = [...new Set(weaker.map(({ waybill }) => waybill))];
  return waybills.map((waybill) => ({
    waybill,
    companies: companiesOf(weaker.filter((each) => each.waybill === waybill)),
  }));
}

const companiesOf = (candidates: readonly Candidate[]): string[] => [
  ...new Set(candidates.flatMap(({ pattern }) => pattern.companies)),
];
