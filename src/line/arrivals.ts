// Chute mouths: which item an edge there belongs to, and what it means when there is none, or no edge.
import { raise } from "./alarms.ts";
import { noteUnseen, wasMouthRead } from "./chute-sensors.ts";
import { contest, enteredUnasked } from "./contested.ts";
import { dueItems, itemsAtGates, itemsNear } from "./due.ts";
import { endItem } from "./ends.ts";
import { checkExtended } from "./extended.ts";
import { noteNotEmpty } from "./filled-container.ts";
import { expectGhost, takeGhost, untilLateUm } from "./ghosts.ts";
import { frontUm } from "./item-position.ts";
import { lateHoldRiding } from "./late-hold.ts";
import type { BeltLayout, ChuteLayout } from "./layout.ts";
import { lastArrivalNs, passedUm } from "./passing.ts";
import { isRecalled } from "./recalled.ts";
import type { BeltState, Item } from "./state.ts";
import { activeSite, beltState, chuteState, siteOf, type Turn, touch } from "./turn.ts";

/** Samples and belt speed blur the window by about this much. */
export const ARRIVAL_SLACK_NS = 60_000_000;

export function chuteEyeDark(turn: Turn, chute: ChuteLayout, seen: SeenWithin): void {
  noteNotEmpty(turn, chuteState(turn, chute.id));
  const [expected, other] = expectedAt(turn, chute, seen);
  if (expected !== undefined) {
    // Where it may have been another one that nobody has seen so far, it is not said to have been this one.
    const isOnly = other === undefined && !turn.state.ghosts.has(chute.id);
    return endItem(turn, expected, { end: isOnly ? "arrived" : "divertedUnseen", chuteId: chute.id });
  }
  if (takeGhost(turn, chute.id)) return;
  unexpectedIn(turn, { chute, straying: rideThere(turn, chute), seen });
}

/**
 * Something is in a chute to which no permit has sent it.
 * @param o.straying null: nobody knows which parcel it is
 * @param o.seen by the chute's eye; null: its PLC says so
 */
export function unexpectedIn(
  turn: Turn,
  o: { chute: ChuteLayout; straying: Item | null; seen: SeenWithin | null },
): void {
  const { chute, straying, seen } = o;
  if (straying !== null && wasRecalledFrom(turn, straying, chute.id)) {
    // The hold came after the last look: whatever became of the recall, this is a late hold and no breach.
    if (chute.zone.kind === "outbound" && !straying.isLateHeld) lateHoldRiding(turn, straying, chute.id);
    return endItem(turn, straying, { end: "misdiverted", chuteId: chute.id, reason: "RECALLED" });
  }
  const belt = activeSite(turn).belts.get(chute.beltId);
  if (
    straying !== null &&
    seen !== null &&
    belt !== undefined &&
    mayBeContested(turn, straying, { chute, toNs: seen.toNs })
  )
    return contest(turn, { item: straying, belt, chute });
  enteredUnasked(turn, chute, straying?.id ?? 0);
  if (straying !== null)
    endItem(turn, straying, {
      end: "misdiverted",
      chuteId: chute.id,
      reason: "MISDIVERTED",
    });
}

/** What an eye behind its gate has seen was not this one: the next eye has not, and its chute's eye had. */
export function hasArrivedAfterAll(turn: Turn, item: Item, chuteId: string): void {
  Object.assign(item, { alsoIn: null, missedGate: false });
  endItem(turn, item, { end: "arrived", chuteId });
}

/** The two samples between which the beam changed, ns of the run. */
export interface SeenWithin {
  fromNs: number;
  toNs: number;
}

/** Items sent into this chute whose sliding time fits, in the order of the belt. */
function expectedAt(turn: Turn, chute: ChuteLayout, { fromNs, toNs }: SeenWithin): Item[] {
  return itemsAtGates(turn, chute.beltId).filter((item) => {
    if (item.atGateNs === null || item.missedGate || sentTo(turn, item) !== chute.id) return false;
    return !isTooEarly(item, chute, toNs) && fromNs <= untilNs(turn, item, chute);
  });
}

const isTooEarly = ({ atGateNs }: Item, chute: ChuteLayout, toNs: number): boolean =>
  atGateNs === null || toNs - atGateNs < chute.slideMinNs - ARRIVAL_SLACK_NS;

/** It was let go into this chute, and one eye behind the gate says that it rode on; of two such arrivals one is too many. */
const mayBeContested = (turn: Turn, item: Item, { chute, toNs }: { chute: ChuteLayout; toNs: number }): boolean =>
  item.missedGate && item.alsoIn === null && sentTo(turn, item) === chute.id && !isTooEarly(item, chute, toNs);

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
      item.atGateNs = turn.nowNs - sinceNs(belt, frontUm(item, state.positionUm) - gate.atUm);
      touch(turn, item);
      const permit = turn.state.permits.get(item.permitId ?? -1);
      if (permit !== undefined) checkExtended(turn, { gate, item, permit });
    }
    if (item.atGateNs === null || item.missedGate) continue;
    if (item.passedGateNs === null && state.positionUm >= passedUm(item, belt, gate)) {
      item.passedGateNs = turn.nowNs;
      touch(turn, item);
    }
    const untilNs = lastArrivalNs(item, { belt, gate, chute, slackNs: ARRIVAL_SLACK_NS });
    if (watchedNs(turn, state) <= untilNs || !(item.leftBelt || item.eyesAhead.length === 0)) continue;
    const hasEye = chute.eyeId !== null;
    if (hasEye) {
      raise(turn, { code: "CHUTE_EYE_SILENT", source: chuteId, detail: `item ${item.id}` });
      if (wasMouthRead(turn, chute, item)) noteUnseen(turn, chute);
    }
    const zone = turn.state.permits.get(item.permitId ?? -1)?.zone ?? null;
    endItem(turn, item, { end: "divertedUnseen", chuteId, mayStand: hasEye, isAwaited: hasEye });
    expectGhost(turn.state, {
      ...{ chuteId, zone },
      itemId: item.id,
      untilUm: untilLateUm(belt, state.positionUm),
      sinceNs: turn.nowNs,
    });
  }
}

/** A front that is beyond its gate by now was there a little before, or, after a pause of the samples, a good deal. */
const sinceNs = (belt: BeltLayout, pastUm: number): number => Math.round((pastUm / belt.speedUmPerS) * 1e9);

/** Until when the eyes have been asked: what a sample says of them comes right after what it says of the belt. */
const watchedNs = (turn: Turn, { samples }: BeltState): number =>
  Math.min(turn.nowNs, samples[samples.length - 2]?.atNs ?? turn.nowNs);
