// How many pieces of a waybill have left: counted by validity window, and held against every window that overlaps it.

/** Windows of one waybill with pieces spent; more and the ledger is `saturated`: everything counts as spent. */
export const maxLedgerLines = 64;

/** A number may be used again after six months, never sooner; so long counts what was spent on a window not known. */
export const numberLifetimeMs = 184 * 24 * 3600 * 1000;

export interface LedgerLine {
  validFromMs: number;
  validToMs: number;
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
 * Pieces spent on this window or on one that overlaps it. A correction may move a declaration's window, and two
 * authorities may each release the same parcel: neither makes a second parcel out of it.
 */
export function spentOn(ledger: Ledger, window: { validFromMs: number; validToMs: number }): number {
  if (ledger === "saturated") return Number.MAX_SAFE_INTEGER;
  let spent = 0;
  for (const line of ledger) {
    const overlaps = line.validFromMs < window.validToMs && window.validFromMs < line.validToMs;
    if (overlaps || line.validFromMs === window.validFromMs) spent += line.spent;
  }
  return spent;
}
