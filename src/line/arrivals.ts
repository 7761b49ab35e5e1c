// Chute mouths: which item an edge there belongs to, and what it means when there is none, or no edge.
import { raise } from "./alarms.ts";
import { breach } from "./breach.ts";
import { chuteFact } from "./chute-room.ts";
import { noteUnseen, wasMouthRead } from "./chute-sensors.ts";
import { dueItems, itemsAtGates, itemsNear } from "./due.ts";
import { endItem } from "./ends.ts";
import { checkExtended } from "./extended.ts";
import { frontUm } from "./item-position.ts";
import { lateHoldRiding } from "./late-hold.ts";
import type { BeltLayout, ChuteLayout } from "./layout.ts";
import { lastArrivalNs, passedUm } from "./passing.ts";
import { isRecalled } from "./recalled.ts";
import type { Item } from "./state.ts";
import { activeSite, beltState, chuteState, count, journal, siteOf, type Turn, touch } from "./turn.ts";

/** Samples and belt speed blur the window by about this much. */
export const ARRIVAL_SLACK_NS = 60_000_000;

export function chuteEyeDark(turn: Turn, chute: ChuteLayout): void {
  noteNotEmpty(turn, chute);
  const expected = expectedAt(turn, chute);
  if (expected !== null) return endItem(turn, expected, { end: "arrived", chuteId: chute.id });
  if (takeGhost(turn, chute.id)) return count(turn, "ghostArrivals");
  unexpectedIn(turn, chute, rideThere(turn, chute));
}

/** Something is in a chute to which no permit has sent it. @param straying null: nobody knows which parcel it is */
export function unexpectedIn(turn: Turn, chute: ChuteLayout, straying: Item | null): void {
  if (straying !== null && wasRecalledFrom(turn, straying, chute.id)) {
    // The hold came after the last look: whatever became of the recall, this is a late hold and no breach.
    if (chute.zone.kind === "outbound" && !straying.isLateHeld) lateHoldRiding(turn, straying, chute.id);
    return endItem(turn, straying, { end: "misdiverted", chuteId: chute.id, reason: "RECALLED" });
  }
  count(turn, "unexpectedArrivals");
  journal(turn, {
    kind: "stray",
    eyeId: chute.eyeId ?? chute.id,
    detail: `chute ${chute.id}: nothing was sent there`,
  });
  raise(turn, { code: "CHUTE_UNEXPECTED_ITEM", source: chute.id });
  if (chute.zone.kind === "outbound") {
    breach(turn, {
      chute,
      itemId: straying?.id ?? 0,
      detail: "a parcel entered without a permit",
    });
  }
  if (straying !== null)
    endItem(turn, straying, {
      end: "misdiverted",
      chuteId: chute.id,
      reason: "MISDIVERTED",
    });
}

/** Whatever it is that comes down, the container is not empty any more, after a restart neither (law 4). */
export function noteNotEmpty(turn: Turn, chute: ChuteLayout): void {
  const state = chuteState(turn, chute.id);
  if (!state.isEmpty) return;
  state.isEmpty = false;
  journal(turn, chuteFact(state, "ARRIVAL"));
}

/** Of the items sent into this chute, the one whose sliding time fits best. */
function expectedAt(turn: Turn, chute: ChuteLayout): Item | null {
  const middleNs = (chute.slideMinNs + chute.slideMaxNs) / 2;
  let best: Item | null = null;
  let bestOffNs = Number.POSITIVE_INFINITY;
  for (const item of itemsAtGates(turn, chute.beltId)) {
    if (item.atGateNs === null || item.missedGate || sentTo(turn, item) !== chute.id) continue;
    const slidNs = turn.nowNs - item.atGateNs;
    if (slidNs < chute.slideMinNs - ARRIVAL_SLACK_NS || turn.nowNs > untilNs(turn, item, chute)) continue;
    const offNs = Math.abs(slidNs - middleNs);
    if (offNs < bestOffNs) [best, bestOffNs] = [item, offNs];
  }
  return best;
}

function untilNs(turn: Turn, item: Item, chute: ChuteLayout): number {
  const site = siteOf(turn, item.layoutHash);
  const belt = site.belts.get(item.beltId);
  const gate = site.gates.get(chute.gateId ?? "")?.gate;
  if (belt === undefined || gate === undefined) return Number.NEGATIVE_INFINITY;
  return lastArrivalNs(item, { belt, gate, chute, slackNs: ARRIVAL_SLACK_NS });
}

function wasRecalledFrom(turn: Turn, item: Item, chuteId: string): boolean {
  const permit = item.permitId === null ? undefined : turn.state.permits.get(item.permitId);
  return permit !== undefined && permit.chuteId === chuteId && isRecalled(item, permit);
}

function sentTo(turn: Turn, item: Item): string | null {
  const permit = item.permitId === null ? undefined : turn.state.permits.get(item.permitId);
  return permit !== undefined && (permit.state === "fired" || permit.state === "done") ? permit.chuteId : null;
}

/** How long after its time a parcel that nobody saw may still show up, as belt travel at nominal speed, ns. */
const GHOST_NS = 3_000_000_000;

/** A chute of the belt that has ghosts: those whose time is over go. */
export function forgetGhosts(turn: Turn, beltId: string): void {
  if (turn.state.ghosts.size === 0) return;
  const { positionUm } = beltState(turn, beltId);
  for (const [chuteId, ghosts] of [...turn.state.ghosts]) {
    if (activeSite(turn).chutes.get(chuteId)?.beltId !== beltId) continue;
    const left = ghosts.filter((ghost) => positionUm < ghost.untilUm);
    if (left.length === 0) turn.state.ghosts.delete(chuteId);
    else turn.state.ghosts.set(chuteId, left);
  }
}

/** A parcel of a run before, or one that was given up, is in there after all; false: none is left. */
export function takeGhost(turn: Turn, chuteId: string): boolean {
  const ghosts = turn.state.ghosts.get(chuteId);
  if (ghosts === undefined) return false;
  ghosts.shift();
  if (ghosts.length === 0) turn.state.ghosts.delete(chuteId);
  return true;
}

/** The one item that was at the chute's gate a sliding time ago, whatever it was meant to do there. */
function rideThere(turn: Turn, chute: ChuteLayout): Item | null {
  const gate = chute.gateId === null ? undefined : activeSite(turn).gates.get(chute.gateId)?.gate;
  if (gate === undefined) return null;
  const belt = beltState(turn, chute.beltId);
  const travelUm = (ns: number) => (belt.speedUmPerS * ns) / 1e9;
  const leastUm = travelUm(chute.slideMinNs) - gate.sweptUm;
  const mostUm = travelUm(chute.slideMaxNs) + gate.sweptUm;
  const near = itemsNear(turn, belt.id, {
    ...{ lowUm: belt.positionUm, highUm: belt.positionUm },
    ...{ fromPlaceUm: gate.atUm + leastUm, toPlaceUm: gate.atUm + mostUm },
  });
  const fits = near.filter((item) => {
    const pastUm = frontUm(item, belt.positionUm) - gate.atUm;
    return pastUm >= leastUm && pastUm <= mostUm;
  });
  return fits.length === 1 ? (fits[0] ?? null) : null;
}

/** Notes the items whose front has come to their gate, and ends those that their chute's eye should have seen by now. */
export function checkArrivals(turn: Turn, belt: BeltLayout): void {
  const state = beltState(turn, belt.id);
  for (const item of dueItems(turn, belt.id)) {
    const chuteId = item.permitId === null ? null : sentTo(turn, item);
    if (chuteId === null) continue;
    const site = siteOf(turn, item.layoutHash);
    const chute = site.chutes.get(chuteId);
    const gate = site.gates.get(chute?.gateId ?? "")?.gate;
    if (chute === undefined || gate === undefined) continue;
    // A recalled item rides past its gate.
    if (item.decision?.chuteId === null) continue;
    if (item.atGateNs === null && frontUm(item, state.positionUm) >= gate.atUm) {
      item.atGateNs = turn.nowNs;
      touch(turn, item);
      const permit = turn.state.permits.get(item.permitId ?? -1);
      if (permit !== undefined) checkExtended(turn, { gate, item, permit });
    }
    if (item.atGateNs === null || item.missedGate) continue;
    if (item.passedGateNs === null && state.positionUm >= passedUm(item, belt, gate)) {
      item.passedGateNs = turn.nowNs;
      touch(turn, item);
    }
    const isOverdue = turn.nowNs > lastArrivalNs(item, { belt, gate, chute, slackNs: ARRIVAL_SLACK_NS });
    if (!isOverdue || !(item.leftBelt || item.eyesAhead.length === 0)) continue;
    if (chute.eyeId !== null) {
      raise(turn, { code: "CHUTE_EYE_SILENT", source: chuteId, detail: `item ${item.id}` });
      if (wasMouthRead(turn, chute, item)) noteUnseen(turn, chute);
    }
    endItem(turn, item, { end: "divertedUnseen", chuteId });
    const untilUm = state.positionUm + Math.round((belt.speedUmPerS * GHOST_NS) / 1e9);
    turn.state.ghosts.set(chuteId, [...(turn.state.ghosts.get(chuteId) ?? []), { itemId: item.id, untilUm }]);
  }
}
