// Where two values part: the first place at which what the core says now is not what the journal holds.
import type { LineEntry } from "../line/entry.ts";
import type { LineInput } from "../line/step.ts";

export interface Difference {
  run: number;
  /** The journal's line at which it showed. */
  file: string;
  seq: number;
  what: string;
  /** Path of the first member that differs, as in `refusals[0].code`; empty: the whole. */
  path: string;
  journal: LineEntry | null;
  core: LineEntry | null;
  /** The last input that the core was given; null: none yet. */
  input: { atNs: number; input: LineInput } | null;
}

/** The same data, whatever the order of their members. @returns the first path that differs; null: none does */
export function firstDifference(a: unknown, b: unknown, path = ""): string | null {
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") return Object.is(a, b) ? null : path;
  if (Array.isArray(a) !== Array.isArray(b)) return path;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  for (const key of keys) {
    const inner = Array.isArray(a) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`;
    if (!(key in a) || !(key in b)) return inner;
    const found = firstDifference((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key], inner);
    if (found !== null) return found;
  }
  return null;
}

/** As the journal would hold it. */
export const asWritten = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
