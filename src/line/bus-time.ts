// How long before its last moment a command is planned: what the plan allows for the bus, or what it took lately if more.
import { raise } from "./alarms.ts";
import { itemsOfGate } from "./due.ts";
import { EARLIEST_NS } from "./fire-window.ts";
import type { GateLayout } from "./layout.ts";
import { plannedLeadNs } from "./planned-lead.ts";
import { destinationLeadNs } from "./plc-tracked/destination-window.ts";
import type { GateState, Permit } from "./state.ts";
import { activeSite, gateState, type Turn, touch } from "./turn.ts";

/** More lead moves no gate earlier, and one long stall is forgotten after a good twenty commands, whatever it took. */
const MOST_NS = EARLIEST_NS;
/** A shorter time takes this part of the difference off. */
const FORGETS = 16;

export const commandLeadNs = (gate: GateLayout, state: GateState): number =>
  Math.max(plannedLeadNs(gate), state.tookNs);

/** The device has answered: from the planned instant until now nothing but loop, bus and device was in the way. */
export function noteBusTime(turn: Turn, permit: Permit): void {
  const found = activeSite(turn).gates.get(permit.gateId);
  if (found === undefined || permit.plannedNs === null) return;
  const { gate, belt } = found;
  const state = gateState(turn, gate.id);
  const tookNs = Math.max(0, turn.nowNs - permit.plannedNs);
  const before = commandLeadNs(gate, state);
  const leadNs = plannedLeadNs(gate);
  const allowedNs = belt.tracker === undefined ? leadNs : destinationLeadNs(belt.tracker, leadNs);
  const mostNs = belt.tracker === undefined ? MOST_NS : 2 * belt.tracker.aheadNs;
  state.tookNs =
    tookNs >= state.tookNs ? Math.min(tookNs, mostNs) : state.tookNs - Math.ceil((state.tookNs - tookNs) / FORGETS);
  if (tookNs > allowedNs)
    raise(turn, { code: "GATE_BUS_SLOW", source: gate.id, detail: `${Math.round(tookNs / 1e6)} ms` });
  // Whoever waits for this gate is due at another time now.
  if (commandLeadNs(gate, state) !== before)
    for (const item of itemsOfGate(turn, permit.beltId, gate.id)) touch(turn, item);
}
