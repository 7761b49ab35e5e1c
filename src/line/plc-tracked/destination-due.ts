// Where something of a destination can become due at the earliest: handed over, late, repeated, or its recall unanswered.
import type { Slacks } from "../agenda.ts";
import type { BeltLayout, GateLayout, TrackerLayout } from "../layout.ts";
import type { Item, Permit } from "../state.ts";
import { destinationLeadNs, lastWordUm } from "./destination-window.ts";

/** @param o.travelUm the longest travel in a time, rounding included */
export function destinationDue(
  bounds: { seenUm: number; handOverUm: number; lateUm: number },
  o: {
    belt: BeltLayout;
    item: Item;
    gate: GateLayout;
    permit: Permit;
    tracker: TrackerLayout;
    /** As measured at this gate. */
    commandLeadNs: number;
    slacks: Slacks;
    travelUm: (ns: number) => number;
  },
): void {
  const { belt, item, gate, permit, slacks } = o;
  const lastUm = lastWordUm(item, belt, gate);
  switch (permit.state) {
    case "reserved":
      bounds.handOverUm = lastUm - o.travelUm(destinationLeadNs(o.tracker, o.commandLeadNs) + slacks.leadNs);
      return;
    case "queued":
      bounds.lateUm = lastUm - o.travelUm(0);
      return;
    case "fired":
    case "done":
      if (isUnsettled(permit)) bounds.seenUm = 0;
      return;
    default:
      permit.state satisfies never;
  }
}

/** It waits for another copy, or for the answer to its recall; both are short. */
function isUnsettled({ state, destination }: Permit): boolean {
  if (destination === undefined) return false;
  const { recall, isUnderWay } = destination;
  return recall === null ? state === "fired" && !isUnderWay : recall.answer === null;
}
