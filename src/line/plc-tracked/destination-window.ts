// When a destination may go to the PLC, in belt positions: early enough for copies of it, not after the PLC's last word.
import type { FireWindow } from "../fire-window.ts";
import { errorUm, positionWhenFrontAt } from "../item-position.ts";
import type { BeltLayout, GateLayout, TrackerLayout } from "../layout.ts";
import type { Neighbours } from "../neighbours.ts";
import type { Item } from "../state.ts";
import { readEndUm } from "../waiting.ts";

/** The plan is reckoned from the belt's speed, the last look from its position: the two may differ by so much. */
const PLAN_BLUR_NS = 50_000_000;

/**
 * @param o.speedUmPerS the faster of measured and nominal
 * @param o.leadNs it goes out so long before the PLC's last word
 */
export function destinationWindow(o: {
  item: Item;
  belt: BeltLayout;
  gate: GateLayout;
  near: Neighbours;
  speedUmPerS: number;
  leadNs: number;
}): FireWindow {
  const { item, belt, gate } = o;
  const travelUm = (ns: number): number => Math.ceil((o.speedUmPerS * ns) / 1e9);
  const untilUm = lastWordUm(item, belt, gate);
  const fireUm = untilUm - travelUm(o.leadNs);
  const isUnknownBeside = o.near.aheadTailOriginUm === Number.POSITIVE_INFINITY;
  return {
    fromUm: isUnknownBeside ? Number.POSITIVE_INFINITY : fireUm - travelUm(PLAN_BLUR_NS),
    fireUm,
    untilUm,
    homeAtUm: untilUm,
    errorUm: namingErrorUm(item, belt, gate),
  };
}

/** As the site says, or as long as a telegram and its verdict took lately, if that is more. */
export const destinationLeadNs = (tracker: TrackerLayout, commandLeadNs: number): number =>
  Math.max(tracker.aheadNs, commandLeadNs);

/** Position of the belt at which, our error counted, the PLC's word on the item can be final. */
export function lastWordUm(item: Item, belt: BeltLayout, gate: GateLayout): number {
  const finalUm = positionWhenFrontAt(item, gate.atUm - (gate.finalUm ?? 0));
  return finalUm - errorUm(item, belt, finalUm);
}

/**
 * Our own position has to tell neighbours apart where a code is given to one of them; from there on the number stands for
 * the parcel, and the PLC's eyes for its place.
 */
function namingErrorUm(item: Item, belt: BeltLayout, gate: GateLayout): number {
  const before = belt.stations.filter(({ atUm }) => atUm <= gate.atUm);
  const placeUm = Math.max(0, ...before.map((station) => readEndUm(belt, station)));
  return errorUm(item, belt, positionWhenFrontAt(item, placeUm));
}
