// When a container is not empty any more, whether somebody has seen what came into it or not (law 4).
import { chuteFact } from "./chute-room.ts";
import type { ChuteState, Permit } from "./state.ts";
import { journal, type Turn } from "./turn.ts";

/** Whatever it is that comes down, the container is not empty any more, after a restart neither. */
export function noteNotEmpty(turn: Turn, chute: ChuteState): void {
  if (!chute.isEmpty) return;
  chute.isEmpty = false;
  journal(turn, chuteFact(chute, "ARRIVAL"));
}

/** A parcel was let go into it, and nobody has seen where it went. */
export function noteMaybeIn(turn: Turn, { chuteId, zone }: Pick<Permit, "chuteId" | "zone">): void {
  const chute = turn.state.chutes.get(chuteId);
  if (chute === undefined) return;
  chute.holds ??= zone;
  noteNotEmpty(turn, chute);
}
