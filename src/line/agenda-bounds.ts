// Until where and when nothing on a belt can become due, found from all that is on it and at it.
import type { Agenda } from "./agenda.ts";
import { driveBlurUm } from "./belt-position.ts";
import { errorUm, lengthUm, positionWhenFrontAt } from "./item-position.ts";
import type { BeltLayout, EyeLayout, GateLayout } from "./layout.ts";
import type { BeltState, GateState, Item } from "./state.ts";
import { beltState, gateState, itemById, siteOf, type Turn } from "./turn.ts";
import { readEndUm, waitsUntilUm } from "./waiting.ts";

/** Bounds in time are turned into belt travel at this multiple of the nominal speed; a faster belt has no agenda. */
const FASTEST = 1.1;
/** Positions are rounded up at several places on the way to a bound. */
const ROUNDING_UM = 20;

export interface Slacks {
  edgeUm: number;
  lengthUm: number;
  arrivalNs: number;
  homeNs: number;
  leadNs: number;
  loopNs: number;
}

const fastestUmPerS = (belt: BeltLayout): number => belt.speedUmPerS * FASTEST;

export const isTooFast = (belt: BeltLayout, state: BeltState): boolean => state.speedUmPerS > fastestUmPerS(belt);

export function agendaOf(turn: Turn, belt: BeltLayout, slacks: Slacks): Agenda {
  const state = beltState(turn, belt.id);
  const agenda: Agenda = {
    um: Math.min(stretchesDueUm(belt, state), endEyeDueUm(belt, state), ghostsDueUm(turn, belt)),
    aheadUm: Number.POSITIVE_INFINITY,
    atNs: Number.POSITIVE_INFINITY,
    handOverUm: Number.POSITIVE_INFINITY,
  };
  const read = belt.stations[belt.stations.length - 1];
  for (const id of state.itemIds) {
    const item = itemById(turn, id);
    if (read !== undefined && item.identity === null)
      dueAt(agenda, item.originUm + readEndUm(belt, read) + item.errorUm);
    dueAt(agenda, nextEyeDueUm(belt, item, slacks));
    if (item.permitId !== null) permitDue(turn, agenda, { belt, item, slacks });
  }
  for (const telegram of state.waiting) dueAt(agenda, waitsUntilUm(belt, telegram));
  for (const eye of belt.eyes) beamDue(turn, agenda, { belt, eye, state });
  if (state.openItemId !== null) openItemDue(agenda, { belt, item: itemById(turn, state.openItemId), slacks });
  for (const gate of belt.gates) gateDue(turn, agenda, { belt, gate, state, slacks });
  return agenda;
}

function dueAt(agenda: Agenda, um: number): void {
  if (um < agenda.um) agenda.um = um;
}

/** Stretches leave the belt, and come to and leave the induction eye. */
function stretchesDueUm(belt: BeltLayout, state: BeltState): number {
  let dueUm = Number.POSITIVE_INFINITY;
  const eyeUm = belt.eyes.find((eye) => eye.role === "induction")?.atUm ?? 0;
  for (const { frontOriginUm, tailOriginUm } of state.stretches) {
    dueUm = Math.min(dueUm, tailOriginUm + belt.lengthUm + belt.maxItemUm);
    for (const um of [frontOriginUm + eyeUm, tailOriginUm + eyeUm + belt.provedGapUm])
      if (um >= state.positionUm) dueUm = Math.min(dueUm, um);
  }
  return dueUm;
}

const endEyeDueUm = (belt: BeltLayout, state: BeltState): number =>
  state.endDarkSinceUm === null ? Number.POSITIVE_INFINITY : state.endDarkSinceUm + 3 * belt.maxItemUm;

function ghostsDueUm(turn: Turn, belt: BeltLayout): number {
  let dueUm = Number.POSITIVE_INFINITY;
  if (turn.state.ghosts.size === 0) return dueUm;
  for (const [chuteId, ghosts] of turn.state.ghosts) {
    const chute = turn.state.layout?.chutes.find(({ id }) => id === chuteId);
    if (chute?.beltId === belt.id) for (const { untilUm } of ghosts) dueUm = Math.min(dueUm, untilUm);
  }
  return dueUm;
}

/** When the next eye, or the belt's end, must have seen it. */
function nextEyeDueUm(belt: BeltLayout, item: Item, slacks: Slacks): number {
  const next = item.eyesAhead[0];
  const eye = next === undefined ? undefined : belt.eyes.find(({ id }) => id === next);
  if (eye === undefined) return item.originUm + lengthUm(item, belt) + item.errorUm + belt.lengthUm;
  return item.originUm + eye.atUm + item.errorUm + slacks.edgeUm;
}

function openItemDue(agenda: Agenda, o: { belt: BeltLayout; item: Item; slacks: Slacks }): void {
  const { belt, item, slacks } = o;
  const eye = belt.eyes.find(({ role }) => role === "induction");
  if (eye === undefined || item.doubt !== null) return;
  dueAt(agenda, item.originUm + lengthUm(item, belt) + eye.atUm + slacks.lengthUm + item.errorUm);
}

/** When its tail should have left the beam. */
function beamDue(turn: Turn, agenda: Agenda, o: { belt: BeltLayout; eye: EyeLayout; state: BeltState }): void {
  const item = turn.state.items.get(o.state.beams[o.eye.id] ?? -1);
  if (item !== undefined && item.doubt === null) dueAt(agenda, item.originUm + lengthUm(item, o.belt) + o.eye.atUm);
}

function permitDue(turn: Turn, agenda: Agenda, o: { belt: BeltLayout; item: Item; slacks: Slacks }): void {
  const { belt, item, slacks } = o;
  const permit = turn.state.permits.get(item.permitId ?? -1);
  if (permit === undefined) return;
  const site = siteOf(turn, item.layoutHash);
  const gate = site.gates.get(permit.gateId)?.gate;
  const chute = site.chutes.get(permit.chuteId);
  if (gate === undefined || chute === undefined) return dueAt(agenda, 0);
  const atGateUm = positionWhenFrontAt(item, gate.atUm);
  const travelUm = (ns: number): number => (fastestUmPerS(belt) * ns) / 1e9 + ROUNDING_UM + driveBlurUm(belt);
  switch (permit.state) {
    case "reserved": {
      const leadNs = gate.travelNs + gate.busNs + slacks.loopNs + slacks.leadNs;
      const dueUm = atGateUm - errorUm(item, belt, atGateUm) - travelUm(leadNs);
      if (dueUm < agenda.aheadUm) agenda.aheadUm = dueUm;
      if (dueUm < agenda.handOverUm) agenda.handOverUm = dueUm;
      return;
    }
    case "queued": {
      const dueUm = atGateUm - errorUm(item, belt, atGateUm) - travelUm(gate.travelNs);
      if (dueUm < agenda.aheadUm) agenda.aheadUm = dueUm;
      return;
    }
    case "fired":
    case "done":
      if (item.decision?.chuteId === null) return;
      if (item.atGateNs === null) return dueAt(agenda, atGateUm);
      if (item.missedGate || !(item.leftBelt || item.eyesAhead.length === 0)) return;
      agenda.atNs = Math.min(agenda.atNs, item.atGateNs + chute.slideMaxNs + slacks.arrivalNs);
      return;
    default:
      permit.state satisfies never;
  }
}

function gateDue(
  turn: Turn,
  agenda: Agenda,
  o: { belt: BeltLayout; gate: GateLayout; state: BeltState; slacks: Slacks },
): void {
  const { belt, gate, state, slacks } = o;
  const own = gateState(turn, gate.id);
  const isOut = own.position === "out";
  if (own.withdrawing !== null) {
    if (!(gate.fallsByItself && !isOut && own.position !== "between")) dueAt(agenda, 0);
    return;
  }
  if (own.homeAtUm === null) {
    if (isOut) dueAt(agenda, 0);
    return;
  }
  if (state.positionUm >= own.homeAtUm) {
    const waitsForHome = gate.lateCommand !== "bounded" && gate.hasHomeFeedback && own.position !== "home";
    const allowedUm = (belt.speedUmPerS * (gate.travelNs + slacks.homeNs)) / 1e9;
    return dueAt(agenda, waitsForHome ? own.homeAtUm + allowedUm : 0);
  }
  dueAt(agenda, own.homeAtUm);
  comersDue(turn, agenda, { belt, gate, state, own });
}

/** What comes towards a gate that is out, without a permit for it. */
function comersDue(
  turn: Turn,
  agenda: Agenda,
  o: { belt: BeltLayout; gate: GateLayout; state: BeltState; own: GateState },
): void {
  const { belt, gate, state } = o;
  const closeUm = (fastestUmPerS(belt) * (gate.busNs + gate.travelNs)) / 1e9 + ROUNDING_UM;
  for (const id of state.itemIds) {
    const item = itemById(turn, id);
    const permit = item.permitId === null ? undefined : turn.state.permits.get(item.permitId);
    if (permit?.gateId === gate.id && (permit.state === "fired" || permit.state === "done")) continue;
    const atGateUm = positionWhenFrontAt(item, gate.atUm);
    const isPast = state.positionUm - errorUm(item, belt, state.positionUm) > atGateUm + gate.sweptUm;
    if (!isPast) dueAt(agenda, atGateUm - closeUm - errorUm(item, belt, Math.max(atGateUm, state.positionUm)));
  }
  for (const { frontOriginUm, tailOriginUm } of state.stretches)
    if (state.positionUm - tailOriginUm < gate.atUm) dueAt(agenda, frontOriginUm + gate.atUm - closeUm);
}
