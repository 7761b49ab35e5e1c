// Which pieces are spent: what the store says, plus every permit and give-back that it has not taken over yet.

import { CAPS } from "./caps.ts";
import { isPutBack, ownCarried } from "./journal-identity.ts";
import type { Look, ReleaseRecord } from "./release.ts";
import { releaseKey } from "./release.ts";
import type { LineState } from "./state.ts";
import { otherWindows, windowSpent } from "./validity-windows.ts";

/** A permit's entry spends a piece; its own give-back entry returns it. Both are numbered by their entry. */
export function enterLedger(state: LineState, entry: { n: number; release: string; delta: 1 | -1 }): void {
  state.ledger.push(entry);
  add(state, entry.release, entry.delta);
}

/**
 * What the store has taken over of this journal is counted there from now on. A store that holds less than was dropped
 * here (put back, rebuilt, being recounted) does not know what is spent: its look is returned as an error.
 */
export function carryOver(state: LineState, look: Look): Look {
  if (look.result === "error") return look;
  // Only now can the store be read that would have told it at the start: no mark is believed until the next one.
  if (isPutBack(state, look)) state.journalId = null;
  const carried = ownCarried(state, look);
  if (carried > state.carriedEntry) dropCarried(state, carried);
  if (carried === state.carriedEntry) return look;
  const detail = `the release store holds what was spent up to entry ${carried}, ${state.carriedEntry} is needed`;
  return { ...look, result: "error", record: null, detail };
}

function dropCarried(state: LineState, carriedEntry: number): void {
  state.carriedEntry = carriedEntry;
  let taken = 0;
  for (const entry of state.ledger) {
    if (entry.n > carriedEntry) break;
    add(state, entry.release, -entry.delta);
    taken++;
  }
  if (taken > 0) state.ledger.splice(0, taken);
}

/**
 * Pieces that may still leave on this record. What was spent under another validity of the same parcel counts against it too:
 * the store knows which windows overlap, and until it has taken those pieces over, customs may have moved the window.
 * @param own release of which the asking item has reserved a piece, which is added back; null: none
 */
export function piecesLeft(state: LineState, record: ReleaseRecord, own: string | null): number {
  const key = releaseKey(record);
  let left = record.pieces - record.spent - (state.uncarried.get(key) ?? 0) + (own === key ? 1 : 0);
  for (const other of otherWindows(state.uncarried, record)) {
    // What came back of one may have been another's piece: it lets nobody go on this record.
    left -= Math.max(0, (state.uncarried.get(other) ?? 0) - (own === other ? 1 : 0));
  }
  return left;
}

/** A piece of this release, which a rider has reserved, is among those that `piecesLeft` takes off the record. */
export const isTakenOff = (state: LineState, release: string, record: ReleaseRecord): boolean =>
  release === releaseKey(record) ||
  ((state.uncarried.get(release) ?? 0) > 0 && otherWindows(state.uncarried, record).includes(release));

export const ledgerIsFull = (state: LineState): boolean => state.ledger.length >= CAPS.ledgerEntries;

function add(state: LineState, release: string, delta: number): void {
  const sum = (state.uncarried.get(release) ?? 0) + delta;
  if (sum === 0) state.uncarried.delete(release);
  else state.uncarried.set(release, sum);
  windowSpent(state.uncarried, release);
}
