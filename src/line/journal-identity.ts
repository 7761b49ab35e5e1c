// Whether the store's mark of what it has carried over speaks of this journal; any other counts as nothing carried.
import type { Look } from "./release.ts";
import type { LineState } from "./state.ts";

type Own = Pick<LineState, "journalId" | "nextEntry">;
type Mark = Pick<Look, "result" | "carriedJournal" | "carriedEntry">;

/**
 * The identity a run goes on with. A mark beyond our own last entry says that this journal was put back to an earlier
 * state: its numbers will be given anew, under a new identity, so that none of them is taken for a carried one.
 * @param o.fresh used when the journal has no identity that can be kept
 */
export function identityAtStart(own: Own, o: { look: Mark; fresh: string }): string {
  return own.journalId === null || isPutBack(own, o.look) ? o.fresh : own.journalId;
}

/** The run's entry says the identity; nothing of a new one is carried yet, and nothing of it was dropped here. */
export function beginJournal(state: LineState, journalId: string): void {
  if (journalId === state.journalId) return;
  state.journalId = journalId;
  state.carriedEntry = 0;
}

/** The last entry of this journal whose spending is in the store; 0: none. */
export const ownCarried = (own: Own, mark: Mark): number =>
  isOwn(own, mark) && !isPutBack(own, mark) ? mark.carriedEntry : 0;

/** The store has carried more of this journal than the journal holds. */
export const isPutBack = (own: Own, mark: Mark): boolean => isOwn(own, mark) && mark.carriedEntry >= own.nextEntry;

const isOwn = (own: Own, mark: Mark): boolean =>
  mark.result !== "error" && own.journalId !== null && mark.carriedJournal === own.journalId;
