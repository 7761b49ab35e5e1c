// A chute of which nothing is known yet but its name.
import { isJammed } from "./chute-room.ts";
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
  isMouthUnread: false,
  blockedDueNs: null,
  unseen: 0,
  sentNs: [],
  isEmpty: false,
  serves: null,
  holds: null,
  mayBe: [],
});

/**
 * A chute as a new run finds it: what was counted and said stays, what was timed is void. A jam and a blocked mouth stay until
 * the eye or a person says otherwise: the process has begun anew, and what lies in the chute has not.
 */
export const carriedChute = (known: ChuteState): ChuteState => ({
  ...emptyChute(known.id),
  ...known,
  ...{ sensedFull: null, sensedDueNs: null, blockedDueNs: null, sentNs: [] },
  ...{ isMouthUnread: known.isBlocked, unseen: isJammed(known) ? known.unseen : 0 },
});
