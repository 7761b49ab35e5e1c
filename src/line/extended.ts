// A gate that is still at home when its parcel is there has failed to extend: people hear of it before an eye shows it.
import { raise } from "./alarms.ts";
import type { GateLayout } from "./layout.ts";
import type { Item, Permit } from "./state.ts";
import { gateState, type Turn } from "./turn.ts";

/**
 * Asked once, when the item's front comes to the gate: the home switch opens at the beginning of the travel, which the
 * command's window has ended before. The parcel rides on and comes to its end like one that was missed.
 */
export function checkExtended(turn: Turn, o: { gate: GateLayout; item: Item; permit: Permit }): void {
  const { gate, item, permit } = o;
  if (permit.state !== "done" || !gate.hasHomeFeedback || gateState(turn, gate.id).position !== "home") return;
  raise(turn, { code: "GATE_NOT_OUT", source: gate.id, detail: `item ${item.id}` });
}
