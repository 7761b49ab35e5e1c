// A destination is changed to the safe end, by a sequence of its own; the device says it until the PLC has answered.
import type { BeltLayout } from "../layout.ts";
import type { Permit } from "../state.ts";
import { beltState, count, journal, type Turn, touch } from "../turn.ts";

/** Waits for nothing. `why` is a reason of the fault table. */
export function recall(turn: Turn, permit: Permit, why: string): void {
  const { destination, gateId } = permit;
  if (destination === undefined || destination.recall !== null) return;
  const { trackingId } = destination;
  // A copy that has not gone out yet is not wanted any more.
  if (destination.isUnderWay) turn.out.push({ kind: "cancel", id: permit.id });
  const id = turn.state.nextEntry;
  const voidUpTo = permit.id;
  turn.out.push({ kind: "withdraw", id, gateId, voidUpTo, trackingId });
  journal(turn, { kind: "withdraw", id, gateId, voidUpTo, why, trackingId });
  destination.recall = { id, sinceUm: beltState(turn, permit.beltId).positionUm, why, answer: null };
  touch(turn, { id: permit.itemId, beltId: permit.beltId });
  count(turn, "destinationsRecalled");
}

/** Everything that the PLC may have been told of this belt's parcels. */
export function recallAll(turn: Turn, belt: BeltLayout, why: string): void {
  for (const permit of turn.state.permits.values())
    if (permit.beltId === belt.id && (permit.destination?.copies ?? 0) > 0) recall(turn, permit, why);
}
