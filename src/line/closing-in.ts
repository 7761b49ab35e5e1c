// A gate that is out, and what comes towards it without a permit for it: withdrawn before that can reach it (law 5).
import { itemsNear } from "./due.ts";
import { errorUm, frontUm } from "./item-position.ts";
import type { BeltLayout, GateLayout } from "./layout.ts";
import type { BeltState, GateState, Item } from "./state.ts";
import { beltState, type Turn } from "./turn.ts";

/**
 * The gaps behind permitted items are proved, so that this finds only what came since: a parcel that was put on the
 * belt, slipped or lost its permit. Whoever is in the gate at that moment may bounce; the law comes first.
 */
export function comesUnpermitted(turn: Turn, belt: BeltLayout, gate: GateLayout, state: GateState): boolean {
  const line = beltState(turn, belt.id);
  // From `homeAtUm` on it is on its way home already.
  if (state.homeAtUm === null || state.withdrawing !== null || line.positionUm >= state.homeAtUm) return false;
  const near = itemsNear(turn, belt.id, {
    ...{ lowUm: line.positionUm, highUm: line.positionUm },
    fromPlaceUm: gate.atUm - closeUm(belt, line, gate.travelNs + gate.busNs),
    toPlaceUm: gate.atUm + gate.sweptUm,
  });
  return (
    near.some((item) => isUnpermitted(turn, item, { belt, gate, line })) ||
    line.stretches.some(
      (stretch) =>
        line.positionUm - stretch.frontOriginUm >= gate.atUm - closeUm(belt, line, gate.busNs + gate.travelNs) &&
        line.positionUm - stretch.tailOriginUm < gate.atUm,
    )
  );
}

function isUnpermitted(
  turn: Turn,
  item: Item,
  { belt, gate, line }: { belt: BeltLayout; gate: GateLayout; line: BeltState },
): boolean {
  const permit = item.permitId === null ? undefined : turn.state.permits.get(item.permitId);
  const isForThisGate = permit?.gateId === gate.id;
  if (isForThisGate && (permit.state === "fired" || permit.state === "done")) return false;
  // One that waits for its own command here has time until the gate could not come out for it any more.
  const ns = isForThisGate ? gate.travelNs : gate.travelNs + gate.busNs;
  const front = frontUm(item, line.positionUm);
  const error = errorUm(item, belt, line.positionUm);
  return front + error >= gate.atUm - closeUm(belt, line, ns) && front - error <= gate.atUm + gate.sweptUm;
}

const closeUm = (belt: BeltLayout, line: BeltState, ns: number): number =>
  Math.ceil((Math.max(line.speedUmPerS, belt.speedUmPerS) * ns) / 1e9);
