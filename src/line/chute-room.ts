// Whether a chute has room: full by its sensor or its count, or jammed between gate and eye.
import type { LineFact } from "./entry.ts";
import type { ChuteLayout } from "./layout.ts";
import type { ChuteState } from "./state.ts";

/** One parcel may slip past an eye; two in a row do not come out of the gate any more, or the eye is blind. */
export const JAMMED_AFTER = 2;

/** Fail-safe: a sensor that nobody can read says full, and a count beyond the capacity does whatever the sensor says. */
export const isFull = (chute: ChuteLayout, state: ChuteState): boolean =>
  (chute.fullInputId !== null && state.sensedFull !== false) ||
  (chute.capacityItems !== null && state.sinceChange >= chute.capacityItems);

export const isJammed = (state: ChuteState): boolean => state.unseen >= JAMMED_AFTER;

/** What the journal is told of a chute whenever something about it changes. */
export const chuteFact = (state: ChuteState, why: string): Extract<LineFact, { kind: "chute" }> => {
  const { id, locked, enabled, full, isBlocked, isEmpty } = state;
  const room = { full, blocked: isBlocked, jammed: isJammed(state), empty: isEmpty };
  return { kind: "chute", chuteId: id, locked, enabled, ...room, why };
};
