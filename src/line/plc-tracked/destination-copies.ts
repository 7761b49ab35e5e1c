// A destination that the PLC has not acknowledged goes out again with its number, as long as it can still be true.
import { permitWindow } from "../permits.ts";
import { wayTo } from "../question-of.ts";
import type { Item, Permit } from "../state.ts";
import { beltState, count, type Turn, touch } from "../turn.ts";
import { recall } from "./recall.ts";

export function repeatDestination(turn: Turn, item: Item, permit: Permit): void {
  const { destination } = permit;
  if (destination === undefined || permit.state !== "fired") return;
  if (destination.isUnderWay || destination.recall !== null) return;
  const way = wayTo(turn, item, permit.chuteId);
  if (way.positionUm > way.window.untilUm) {
    // Nobody knows whether the PLC has it: the parcel is called back, and its end tells what became of it.
    count(turn, "destinationsUnanswered");
    return recall(turn, permit, "DESTINATION_UNANSWERED");
  }
  const isArmed = turn.state.devices.get(way.gate.deviceId)?.armed === true;
  if (!isArmed || !beltState(turn, way.belt.id).moving) return;
  destination.isUnderWay = true;
  touch(turn, item);
  count(turn, "destinationsRepeated");
  permit.plannedNs = turn.nowNs;
  turn.out.push(permitWindow(turn, permit, way));
}
