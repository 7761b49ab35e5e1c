// How many pieces of a waybill have left: counted by validity window, and held against every window that overlaps it.
import { type Declaration, usesOf } from "./waybill.ts";
import { hull, overlap, type Window } from "./windows.ts";

/** Windows of one waybill with pieces spent; more and the ledger is `saturated`: everything counts as spent. */
export const maxLedgerLines = 64;

/** A number may be used again after six months, never sooner; so long counts what was spent on a window not known. */
export const numberLifetimeMs = 184 * 24 * 3600 * 1000;

/** The window of the release as it was when its spending was carried; its beginning names that release in the journal. */
export interface LedgerLine extends Window {
  /** 0 or more. */
  spent: number;
}

export type Ledger = readonly LedgerLine[] | "saturated";

/**
 * The ledger after `delta` pieces on the window that begins at `validFromMs`.
 * @param o.validToMs the end of that window where a declaration tells it, else null.
 * @returns also how many pieces were given back that nobody had spent; those change nothing.
 */
export function spend(
  ledger: Ledger,
  o: { validFromMs: number; validToMs: number | null; delta: number },
): { ledger: Ledger; overdrawn: number } {
  if (ledger === "saturated") return { ledger, overdrawn: 0 };
  const before = ledger.find((line) => line.validFromMs === o.validFromMs);
  const total = (before?.spent ?? 0) + o.delta;
  const known = o.validToMs ?? o.validFromMs + numberLifetimeMs;
  const line: LedgerLine = {
    validFromMs: o.validFromMs,
    validToMs: Math.max(known, before?.validToMs ?? 0),
    spent: Math.max(0, total),
  };
  const next = [...ledger.filter((other) => other !== before), line].sort((a, b) => a.validFromMs - b.validFromMs);
  return { ledger: next.length > maxLedgerLines ? "saturated" : next, overdrawn: Math.max(0, -total) };
}

/**
 * The ledger as what it counts against: each line over the whole use of the number that its release belongs to by what was
 * said since. Worked out at each look and not written, so that a correction counts whether it was heard before the spending
 * was carried or after.
 */
export function asCorrected(ledger: Ledger, declarations: readonly Declaration[]): Ledger {
  if (ledger === "saturated" || ledger.length === 0) return ledger;
  const uses = declarations.flatMap(usesOf);
  return ledger.map((line) => {
    const own = uses.filter((use) => use.validFromMs <= line.validFromMs && line.validFromMs < use.validToMs);
    return { ...own.reduce(hull, line), spent: line.spent };
  });
}

/**
 * Pieces spent on this window or on one that overlaps it. A correction may move a declaration's window, and two
 * authorities may each release the same parcel: neither makes a second parcel out of it.
 */
export function spentOn(ledger: Ledger, window: Window): number {
  if (ledger === "saturated") return Number.MAX_SAFE_INTEGER;
  let spent = 0;
  for (const line of ledger) {
    if (overlap(line, window) || line.validFromMs === window.validFromMs) spent += line.spent;
  }
  return spent;
}
