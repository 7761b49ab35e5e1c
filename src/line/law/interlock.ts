// The law: all clauses, run after the integrator's rules; no configuration switches one off.
import type { Refusal } from "../entry.ts";
import { nothingLeavesUnreleased } from "./clause-1-released.ts";
import { anyHoldBeatsAnyRelease } from "./clause-2-hold.ts";
import { aReleaseIsSpentOnce } from "./clause-3-spent-once.ts";
import { streamsStayApart } from "./clause-4-streams.ts";
import { onlyASafeGateMoves } from "./clause-5-safe-gate.ts";
import { lateIsNever } from "./clause-6-late.ts";
import { writtenBeforeMoved } from "./clause-7-written.ts";
import { knownPositionOrNone } from "./clause-8-position.ts";
import { exactlyOneEnd } from "./clause-9-one-end.ts";
import { onlyAProvedLineLetsGo } from "./clause-10-commissioned.ts";
import type { Clause, Question } from "./question.ts";

export const CLAUSES: readonly Clause[] = [
  nothingLeavesUnreleased,
  anyHoldBeatsAnyRelease,
  aReleaseIsSpentOnce,
  streamsStayApart,
  onlyASafeGateMoves,
  lateIsNever,
  writtenBeforeMoved,
  knownPositionOrNone,
  exactlyOneEnd,
  onlyAProvedLineLetsGo,
];

/** Every refusal, in the order of the clauses; empty: the item may go. */
export function interlock(question: Question): Refusal[] {
  const refusals: Refusal[] = [];
  for (const clause of CLAUSES) {
    const refusal = clause(question);
    if (refusal !== null) refusals.push(refusal);
  }
  return refusals;
}
