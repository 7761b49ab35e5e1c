// Recirculation: a parcel goes round only by its name, and only so often; then the rule's next chute has it, or the safe end.
import { CAPS } from "./caps.ts";
import type { Zone } from "./layout.ts";
import type { Item, LineState, Permit } from "./state.ts";

/** Why it may not be sent back to the infeed, a code of the reason table; null: it may. */
export function roundRefused(state: LineState, item: Item, zone: Zone): string | null {
  if (zone.kind !== "recirculation") return null;
  // Without a name nobody could count, and it would go round for ever.
  if (item.identity?.kind !== "code") return "RECIRCULATION_NO_NAME";
  return (state.rounds.get(item.identity.waybill) ?? 0) >= zone.maxRounds ? "RECIRCULATION_MAX" : null;
}

/**
 * A parcel has come to its end: in the recirculating chute that it was sent to, that is one more round; in any other chute
 * its rounds are over. Pieces of one waybill share the count, which only sends them to a person sooner.
 */
export function noteRound(
  state: LineState,
  o: { waybill: string | null; chuteId: string | null; permit: Permit | undefined },
): void {
  const { waybill, chuteId, permit } = o;
  if (waybill === null || chuteId === null) return;
  const before = state.rounds.get(waybill) ?? 0;
  state.rounds.remove(waybill);
  if (permit?.zone.kind !== "recirculation" || permit.chuteId !== chuteId) return;
  state.rounds.put(waybill, before + 1);
  if (state.rounds.size > CAPS.rounds) state.rounds.removeOldest();
}
