// Which pieces are spent: what the store says, plus every permit and give-back that it has not taken over yet.
import type { ReleaseRecord } from "./release.ts";
import { releaseKey } from "./release.ts";
import { CAPS, type LineState } from "./state.ts";

/** A permit's entry spends a piece; its own give-back entry returns it. Both are numbered by their entry. */
export function enterLedger(state: LineState, entry: { n: number; release: string; delta: 1 | -1 }): void {
  state.ledger.push(entry);
  add(state, entry.release, entry.delta);
}

/** The store has taken over everything up to entry `carriedEntry`: it is counted there from now on. */
export function carryOver(state: LineState, carriedEntry: number): void {
  if (carriedEntry <= state.carriedEntry) return;
  state.carriedEntry = carriedEntry;
  let taken = 0;
  for (const entry of state.ledger) {
    if (entry.n > carriedEntry) break;
    add(state, entry.release, -entry.delta);
    taken++;
  }
  if (taken > 0) state.ledger.splice(0, taken);
}

/** Pieces that may still leave on this record; `ownPermit` adds back the piece that the asking item has reserved. */
export function piecesLeft(state: LineState, record: ReleaseRecord, ownReservation: boolean): number {
  const own = ownReservation ? 1 : 0;
  return record.pieces - record.spent - (state.uncarried.get(releaseKey(record)) ?? 0) + own;
}

export const ledgerIsFull = (state: LineState): boolean => state.ledger.length >= CAPS.ledgerEntries;

function add(state: LineState, release: string, delta: number): void {
  const sum = (state.uncarried.get(release) ?? 0) + delta;
  if (sum === 0) state.uncarried.delete(release);
  else state.uncarried.set(release, sum);
}
