// The bounds themselves: where and when something of an item, a gate or the belt can become due at the earliest.
import type { Agenda, Slacks } from "./agenda.ts";
import { partsOf } from "./belt-parts.ts";
import { driveBlurUm } from "./belt-position.ts";
import { isOffHome } from "./gate-turn.ts";
import { errorUm, lengthUm, positionWhenFrontAt } from "./item-position.ts";
import type { BeltLayout, GateLayout } from "./layout.ts";
import { lastArrivalNs, passedUm } from "./passing.ts";
import { destinationDue } from "./plc-tracked/destination-due.ts";
import type { BeltState, GateState, Item } from "./state.ts";
import { activeSite, beltState, gateState, itemById, siteOf, type Turn } from "./turn.ts";
import { readEndUm, waitsUntilUm } from "./waiting.ts";

/** Bounds in time are turned into belt travel at this multiple of the nominal speed; a faster belt is looked at in full. */
const FASTEST = 1.1;
/** Positions are rounded up at several places on the way to a bound. */
export const ROUNDING_UM = 20;

const NEVER = Number.POSITIVE_INFINITY;

const fastestUmPerS = (belt: BeltLayout): number => belt.speedUmPerS * FASTEST;

export const isTooFast = (belt: BeltLayout, state: BeltState): boolean => state.speedUmPerS > fastestUmPerS(belt);

export interface ItemBounds {
  seenUm: number;
  handOverUm: number;
  lateUm: number;
  arrivalNs: number;
}

export function itemBounds(turn: Turn, o: { belt: BeltLayout; item: Item; slacks: Slacks }): ItemBounds {
  const { belt, item, slacks } = o;
  const bounds: ItemBounds = {
    seenUm: Math.min(nextEyeDueUm(belt, item, slacks), readDueUm(belt, item)),
    handOverUm: NEVER,
    lateUm: NEVER,
    arrivalNs: NEVER,
  };
  if (item.permitId !== null) permitDue(turn, bounds, o);
  return bounds;
}

/** When its station must have said what it is called. */
function readDueUm(belt: BeltLayout, item: Item): number {
  const read = belt.stations[belt.stations.length - 1];
  if (read === undefined || item.identity !== null) return NEVER;
  return item.originUm + readEndUm(belt, read) + item.errorUm;
}

/** When the next eye, or the belt's end, must have seen it. */
function nextEyeDueUm(belt: BeltLayout, item: Item, slacks: Slacks): number {
  const next = item.eyesAhead[0];
  const eye = next === undefined ? undefined : partsOf(belt).eyes.get(next);
  if (eye === undefined) return item.originUm + lengthUm(item, belt) + item.errorUm + belt.lengthUm;
  return item.originUm + eye.atUm + item.errorUm + slacks.edgeUm;
}

function permitDue(turn: Turn, bounds: ItemBounds, o: { belt: BeltLayout; item: Item; slacks: Slacks }): void {
  const { belt, item, slacks } = o;
  const permit = turn.state.permits.get(item.permitId ?? -1);
  if (permit === undefined) return;
  const site = siteOf(turn, item.layoutHash);
  const gate = site.gates.get(permit.gateId)?.gate;
  const chute = site.chutes.get(permit.chuteId);
  if (gate === undefined || chute === undefined) {
    bounds.seenUm = 0;
    return;
  }
  const atGateUm = positionWhenFrontAt(item, gate.atUm);
  const travelUm = (ns: number): number => (fastestUmPerS(belt) * ns) / 1e9 + ROUNDING_UM + driveBlurUm(belt);
  const commandLeadNs = Math.max(gate.busNs + slacks.loopNs, gateState(turn, gate.id).tookNs);
  if (belt.tracker !== undefined)
    return destinationDue(bounds, { ...o, tracker: belt.tracker, gate, permit, commandLeadNs, travelUm });
  switch (permit.state) {
    case "reserved":
      bounds.handOverUm =
        atGateUm - errorUm(item, belt, atGateUm) - travelUm(gate.travelNs + commandLeadNs + slacks.leadNs);
      return;
    case "queued":
      bounds.lateUm = atGateUm - errorUm(item, belt, atGateUm) - travelUm(gate.travelNs);
      return;
    case "fired":
    case "done":
      if (item.decision?.chuteId === null) return;
      if (item.atGateNs === null) {
        bounds.seenUm = Math.min(bounds.seenUm, atGateUm);
        return;
      }
      if (item.missedGate) return;
      if (item.passedGateNs === null) bounds.seenUm = Math.min(bounds.seenUm, passedUm(item, belt, gate));
      if (!(item.leftBelt || item.eyesAhead.length === 0)) return;
      bounds.arrivalNs = lastArrivalNs(item, { belt, gate, chute, slackNs: slacks.arrivalNs });
      return;
    default:
      permit.state satisfies never;
  }
}

/** Of the belt itself: stretches, the end eye, what is late from runs before, the item in the induction eye, its gates. */
export function beltDueUm(turn: Turn, belt: BeltLayout, o: { agenda: Agenda; slacks: Slacks }): number {
  const state = beltState(turn, belt.id);
  let dueUm = Math.min(stretchesDueUm(belt, state), endEyeDueUm(belt, state), ghostsDueUm(turn, belt));
  for (const beam of state.beams) dueUm = Math.min(dueUm, beam.dueUm);
  if (state.openItemId !== null)
    dueUm = Math.min(dueUm, openItemDueUm(belt, itemById(turn, state.openItemId), o.slacks));
  for (const telegram of state.waiting) dueUm = Math.min(dueUm, waitsUntilUm(belt, telegram));
  for (const gateId of o.agenda.busyGates) {
    const gate = activeSite(turn).gates.get(gateId)?.gate;
    if (gate !== undefined) dueUm = Math.min(dueUm, gateDueUm(turn, { belt, gate, state, ...o }));
  }
  return dueUm;
}

/** Stretches leave the belt, and come to and leave the induction eye. */
function stretchesDueUm(belt: BeltLayout, state: BeltState): number {
  let dueUm = NEVER;
  const eyeUm = partsOf(belt).induction?.atUm ?? 0;
  for (const { frontOriginUm, tailOriginUm } of state.stretches) {
    dueUm = Math.min(dueUm, tailOriginUm + belt.lengthUm + belt.maxItemUm);
    for (const um of [frontOriginUm + eyeUm, tailOriginUm + eyeUm + belt.provedGapUm])
      if (um >= state.positionUm) dueUm = Math.min(dueUm, um);
  }
  return dueUm;
}

const endEyeDueUm = (belt: BeltLayout, state: BeltState): number =>
  state.endDarkSinceUm === null ? NEVER : state.endDarkSinceUm + 3 * belt.maxItemUm;

function ghostsDueUm(turn: Turn, belt: BeltLayout): number {
  let dueUm = NEVER;
  if (turn.state.ghosts.size === 0) return dueUm;
  const { chutes } = activeSite(turn);
  for (const [chuteId, ghosts] of turn.state.ghosts)
    if (chutes.get(chuteId)?.beltId === belt.id) for (const { untilUm } of ghosts) dueUm = Math.min(dueUm, untilUm);
  return dueUm;
}

function openItemDueUm(belt: BeltLayout, item: Item, slacks: Slacks): number {
  const eye = partsOf(belt).induction;
  if (eye === undefined || item.doubt !== null) return NEVER;
  return item.originUm + lengthUm(item, belt) + eye.atUm + slacks.lengthUm + item.errorUm;
}

interface GateAsked {
  belt: BeltLayout;
  gate: GateLayout;
  state: BeltState;
  agenda: Agenda;
  slacks: Slacks;
}

function gateDueUm(turn: Turn, o: GateAsked): number {
  const { belt, gate, state, slacks } = o;
  const own = gateState(turn, gate.id);
  if (own.withdrawing !== null) return canBeLeft(gate, own) ? NEVER : 0;
  if (own.homeAtUm === null) return isOffHome(gate, own) ? 0 : NEVER;
  if (state.positionUm < own.homeAtUm) return Math.min(own.homeAtUm, comersDueUm(turn, o));
  const waitsForHome = gate.lateCommand !== "bounded" && gate.hasHomeFeedback && own.position !== "home";
  const allowedUm = (belt.speedUmPerS * (gate.travelNs + slacks.homeNs)) / 1e9;
  return waitsForHome ? own.homeAtUm + allowedUm : 0;
}

const canBeLeft = (gate: GateLayout, { position }: GateState): boolean =>
  gate.fallsByItself && position !== "out" && position !== "between";

/** What comes towards a gate that is out, without a permit for it: the first of them, and whoever rides behind is later. */
function comersDueUm(turn: Turn, { belt, gate, state, agenda }: GateAsked): number {
  const closeUm = (fastestUmPerS(belt) * (gate.busNs + gate.travelNs)) / 1e9 + ROUNDING_UM;
  const { places } = agenda;
  const passedUm = state.positionUm - widestErrorUm(agenda, belt, state.positionUm) - gate.atUm - gate.sweptUm;
  let dueUm = NEVER;
  for (let index = places.indexFrom(passedUm); ; index += 1) {
    const id = places.idAt(index);
    if (id === undefined) break;
    const item = itemById(turn, id);
    const permit = item.permitId === null ? undefined : turn.state.permits.get(item.permitId);
    if (permit?.gateId === gate.id && (permit.state === "fired" || permit.state === "done")) continue;
    const atGateUm = positionWhenFrontAt(item, gate.atUm);
    const isPast = state.positionUm - errorUm(item, belt, state.positionUm) > atGateUm + gate.sweptUm;
    if (isPast) continue;
    dueUm = atGateUm - closeUm - widestErrorUm(agenda, belt, Math.max(atGateUm, state.positionUm));
    break;
  }
  for (const { frontOriginUm, tailOriginUm } of state.stretches)
    if (state.positionUm - tailOriginUm < gate.atUm) dueUm = Math.min(dueUm, frontOriginUm + gate.atUm - closeUm);
  return dueUm;
}

/** What `errorUm` of no item exceeds, now and at any position after. */
export const widestErrorUm = (agenda: Agenda, belt: BeltLayout, positionUm: number): number =>
  agenda.errorUm.first === null ? 0 : (positionUm / 1_000_000) * belt.driftUmPerM - agenda.errorUm.lowest + 2;

/** An item's part in `widestErrorUm`: all errors grow by the same drift. */
export const errorBoundUm = (item: Item, belt: BeltLayout, positionUm: number): number =>
  (Math.min(item.syncedAtUm, positionUm) / 1_000_000) * belt.driftUmPerM - item.errorUm;
