// A chute of which nothing is known yet but its name.
import type { ChuteState } from "./state.ts";

export const emptyChute = (id: string): ChuteState => ({
  id,
  arrived: 0,
  sinceChange: 0,
  locked: false,
  enabled: true,
  full: false,
  sensedFull: null,
  sensedDueNs: null,
  isBlocked: false,
  blockedDueNs: null,
  unseen: 0,
  sentNs: [],
  isEmpty: false,
  serves: null,
});

/** A chute as a new run finds it: what was counted and said stays, what was sensed and timed is void. */
export const carriedChute = (known: ChuteState): ChuteState => ({
  ...emptyChute(known.id),
  ...known,
  ...{ sensedFull: null, sensedDueNs: null, isBlocked: false, blockedDueNs: null, unseen: 0, sentNs: [] },
});
