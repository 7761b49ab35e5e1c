// When a gate may be moved for an item, in belt positions: not before the swept zone is free, not after it is too late.
import { partsOf } from "./belt-parts.ts";
import { driveBlurUm } from "./belt-position.ts";
import { errorUm, positionWhenFrontAt, positionWhenTailAt } from "./item-position.ts";
import type { BeltLayout, GateLayout } from "./layout.ts";
import type { Neighbours } from "./neighbours.ts";
import { plannedLeadNs } from "./planned-lead.ts";
import type { Item } from "./state.ts";
import { nearestUm, shownUm } from "./zone-eye.ts";

export interface FireWindow {
  /** The swept zone is free of what rides ahead from here on. */
  fromUm: number;
  /** Planned: as late as bus and loop allow, so that the decision stays open; not before the eye behind the zone shows it free. */
  fireUm: number;
  /** The last belt position at which the command may be at the device. */
  untilUm: number;
  /** The item's tail has left the swept zone: the gate goes home. */
  homeAtUm: number;
  /** Position error of the item when its front is at the gate. */
  errorUm: number;
}

/** A gate is not moved earlier than this before its last moment, however free the belt: it would be out for nothing. */
export const EARLIEST_NS = 150_000_000;

/**
 * Our position is a sample's, taken somewhere between a request and its reply; the device judges by its own count. Asked
 * on the very edge of the window it would see the belt just short of it.
 */
const SAMPLE_BLUR_NS = 5_000_000;

/** So much later than usual an eye may say what the command waits for, where the window has room for that. */
const LATE_POLL_NS = 20_000_000;

/** @param o.speedUmPerS the faster of measured and nominal, so that a belt that catches up is still in time. */
export function fireWindow(o: {
  item: Item;
  belt: BeltLayout;
  gate: GateLayout;
  near: Neighbours;
  speedUmPerS: number;
  /** The gate is still busy with its last move before. */
  gateFreeUm: number;
  /** From here on its last withdrawal is surely confirmed, -Infinity: it is; planned for where the window has room for it. */
  gateSeenUm: number;
  /** The command is planned so long before its last moment. */
  leadNs: number;
}): FireWindow {
  const { item, belt, gate } = o;
  const travelUm = (ns: number) => Math.ceil((o.speedUmPerS * ns) / 1e9);
  const atGateUm = positionWhenFrontAt(item, gate.atUm);
  const error = errorUm(item, belt, atGateUm);
  const blurUm = driveBlurUm(belt);
  const untilUm = atGateUm - travelUm(gate.travelNs) - error - blurUm;
  const clearUm = o.near.aheadTailOriginUm + gate.atUm + gate.sweptUm + blurUm;
  const { zoneEyes, tailEyes, followerEyes } = partsOf(belt);
  const eye = zoneEyes.get(gate.id);
  const before = tailEyes.get(gate.id);
  // An eye says so with its next sample, which is read a moment later.
  const lateUm = blurUm + travelUm(SAMPLE_BLUR_NS);
  // Where that would be too late, what is ahead may have been let go itself, and nobody waits for it.
  const seenUm = eye === undefined ? Number.NEGATIVE_INFINITY : o.near.aheadTailOriginUm + shownUm(belt, eye) + lateUm;
  const ownUm =
    before === undefined
      ? Number.NEGATIVE_INFINITY
      : positionWhenTailAt(item, belt, shownUm(belt, before)) + error + lateUm;
  const homeAtUm = positionWhenTailAt(item, belt, gate.atUm + gate.sweptUm) + error + blurUm;
  const follower = followerEyes.get(gate.id);
  const followedUm =
    follower === undefined
      ? Number.NEGATIVE_INFINITY
      : homeAtUm + nearestUm(belt, gate, follower) + travelUm(follower.sampleNs) + lateUm;
  const lastUm = untilUm - travelUm(gate.busNs);
  const lastShownUm = Math.max(
    ...[Number.NEGATIVE_INFINITY, seenUm, ownUm, followedUm].filter((each) => each <= lastUm).map(Math.ceil),
  );
  // What is kept beyond the usual lead, for a bus that was slow lately, is worth less than one poll that comes late.
  const waitedUm = Math.min(lastShownUm + travelUm(LATE_POLL_NS), untilUm - travelUm(plannedLeadNs(gate)));
  const fromUm = Math.max(
    o.gateFreeUm,
    untilUm - travelUm(EARLIEST_NS),
    Number.isFinite(clearUm) ? clearUm : untilUm - travelUm(EARLIEST_NS),
  );
  return {
    fromUm: o.near.aheadTailOriginUm === Number.POSITIVE_INFINITY ? Number.POSITIVE_INFINITY : Math.ceil(fromUm),
    fireUm: Math.min(
      Math.max(
        Math.ceil(fromUm) + travelUm(SAMPLE_BLUR_NS),
        lastShownUm,
        waitedUm,
        untilUm - travelUm(o.leadNs),
        Math.min(o.gateSeenUm, lastUm),
      ),
      Math.max(Math.ceil(fromUm), untilUm),
    ),
    untilUm,
    homeAtUm,
    errorUm: error,
  };
}

/** Where the front is when the gate must at the latest be asked to go home again, so that the item passes. */
export const recallLimitUm = (gate: GateLayout, speedUmPerS: number, itemErrorUm: number): number =>
  gate.atUm - Math.ceil((speedUmPerS * (gate.busNs + gate.travelNs)) / 1e9) - itemErrorUm;
