// What is due on a belt, and what is near a place, at a gate or called so: found by its agenda, or by looking at everything.
import { type Agenda, type Agendas, type Entered, emptyAgenda } from "./agenda.ts";
import { beltDueUm, errorBoundUm, isTooFast, itemBounds, ROUNDING_UM, widestErrorUm } from "./agenda-bounds.ts";
import { partsOf } from "./belt-parts.ts";
import { positionAt } from "./belt-position.ts";
import { isOffHome } from "./gate-turn.ts";
import type { BeltLayout, GateLayout } from "./layout.ts";
import { byNumber, insertId, placeOf, removeId } from "./sorted-ids.ts";
import type { BeltState, Item } from "./state.ts";
import { activeSite, beltState, gateState, itemById, type Turn } from "./turn.ts";

/** Something is due, or somebody has to look because something has happened. */
export function isAnythingDue(turn: Turn, belt: BeltLayout): boolean {
  const agenda = agendaOf(turn, belt);
  const state = beltState(turn, belt.id);
  if (turn.agendas.looksAtAll || agenda.isStirred || isTooFast(belt, state)) return true;
  const aheadUm = positionAt(state, belt, turn.nowNs);
  return (
    state.positionUm >= agenda.seenUm.lowest ||
    state.positionUm >= agenda.beltUm ||
    aheadUm >= agenda.handOverUm.lowest ||
    aheadUm >= agenda.lateUm.lowest ||
    turn.nowNs > agenda.arrivalNs.lowest
  );
}

/** Everything that was due has been looked at: until where nothing is now. */
export function settle(turn: Turn, belt: BeltLayout): void {
  const agenda = agendaOf(turn, belt);
  agenda.beltUm = beltDueUm(turn, belt, { agenda, slacks: turn.agendas.slacks });
  agenda.isStirred = false;
}

/** Items that a check may find something about, in the order of the belt. */
export function dueItems(turn: Turn, beltId: string): Item[] {
  const state = beltState(turn, beltId);
  const agenda = agendaFor(turn, beltId);
  const belt = activeSite(turn).belts.get(beltId);
  if (agenda === null || belt === undefined || isTooFast(belt, state)) return everybody(turn, state);
  const aheadUm = positionAt(state, belt, turn.nowNs);
  // Each sample that somebody has to look at asks several times, and mostly nobody is due.
  if (!isItemDue(agenda, { positionUm: state.positionUm, aheadUm, nowNs: turn.nowNs })) return [];
  const due = new Set<number>();
  agenda.seenUm.upTo(state.positionUm, due);
  agenda.handOverUm.upTo(aheadUm, due);
  agenda.lateUm.upTo(aheadUm, due);
  agenda.arrivalNs.upTo(turn.nowNs, due);
  return inOrder(turn, [...due]);
}

const isItemDue = (agenda: Agenda, at: { positionUm: number; aheadUm: number; nowNs: number }): boolean =>
  agenda.seenUm.lowest <= at.positionUm ||
  agenda.handOverUm.lowest <= at.aheadUm ||
  agenda.lateUm.lowest <= at.aheadUm ||
  agenda.arrivalNs.lowest <= at.nowNs;

/**
 * Items whose front can lie between two places while the belt is between two positions, their errors counted; others may
 * be among them. In the order of the belt.
 */
export function itemsNear(
  turn: Turn,
  beltId: string,
  o: { lowUm: number; highUm: number; fromPlaceUm: number; toPlaceUm: number },
): Item[] {
  const state = beltState(turn, beltId);
  const agenda = agendaFor(turn, beltId);
  const belt = activeSite(turn).belts.get(beltId);
  if (agenda === null || belt === undefined) return everybody(turn, state);
  const aroundUm = widestErrorUm(agenda, belt, Math.max(state.positionUm, o.highUm));
  return inOrder(turn, agenda.places.between(o.lowUm - o.toPlaceUm - aroundUm, o.highUm - o.fromPlaceUm + aroundUm));
}

/** Items that have come to the gate of their permit; others may be among them. */
export function itemsAtGates(turn: Turn, beltId: string): Item[] {
  const agenda = agendaFor(turn, beltId);
  return agenda === null ? everybody(turn, beltState(turn, beltId)) : inOrder(turn, agenda.atGate);
}

/**
 * Items whose reserved permit can be the next to be handed over; others may be among them. A bound in belt travel is one
 * in time too: no permit is due before the belt, at its present speed, has come to its bound.
 * @param atNs when an item's permit is due
 */
export function nextToHandOver(turn: Turn, belt: BeltLayout, atNs: (item: Item) => number): Item[] {
  const state = beltState(turn, belt.id);
  const agenda = agendaFor(turn, belt.id);
  if (agenda === null || isTooFast(belt, state)) return everybody(turn, state);
  const { first } = agenda.handOverUm;
  if (first === null) return [];
  const waitNs = atNs(itemById(turn, first)) - turn.nowNs;
  const travelUm = (Math.max(1, state.speedUmPerS) * waitNs) / 1e9 + ROUNDING_UM;
  const found = new Set<number>();
  agenda.handOverUm.upTo(positionAt(state, belt, turn.nowNs) + travelUm, found);
  return inOrder(turn, [...found]);
}

/** Items upstream of `ahead` that have a permit for a gate; others may be among them. */
export function itemsBehind(turn: Turn, ahead: Item, gateId: string): Item[] {
  const agenda = agendaFor(turn, ahead.beltId);
  const ids = agenda === null ? beltState(turn, ahead.beltId).itemIds : (agenda.byGate.get(gateId) ?? []);
  return ids.slice(placeOf(ids, ahead.id + 1)).map((id) => itemById(turn, id));
}

/** Items of a belt that have a permit for a gate; others may be among them. */
export function itemsOfGate(turn: Turn, beltId: string, gateId: string): Item[] {
  const agenda = agendaFor(turn, beltId);
  return agenda === null ? everybody(turn, beltState(turn, beltId)) : inOrder(turn, agenda.byGate.get(gateId) ?? []);
}

/** Items of all belts that are called so; others may be among them. */
export function itemsNamed(turn: Turn, waybills: ReadonlySet<string>): Item[] {
  const ids: number[] = [];
  for (const state of turn.state.belts.values()) {
    const agenda = agendaFor(turn, state.id);
    if (agenda === null) ids.push(...state.itemIds);
    else for (const waybill of waybills) ids.push(...(agenda.named.get(waybill) ?? []));
  }
  return inOrder(turn, ids);
}

/** Gates that a check may find something about, in the order of the layout. */
export function busyGates(turn: Turn, belt: BeltLayout): readonly GateLayout[] {
  const agenda = agendaFor(turn, belt.id);
  if (agenda === null) return belt.gates;
  if (agenda.busyGates.size === 0) return [];
  const { gateOrder } = partsOf(belt);
  const indexes: number[] = [];
  for (const id of agenda.busyGates) {
    const index = gateOrder.get(id);
    if (index !== undefined) indexes.push(index);
  }
  if (indexes.length > 1) indexes.sort(byNumber);
  return indexes.map((index) => belt.gates[index] as GateLayout);
}

/** The belt's agenda as things stand; it is made when there is none. */
export function agendaOf(turn: Turn, belt: BeltLayout): Agenda {
  const { byBelt, looksAtAll } = turn.agendas;
  let agenda = byBelt.get(belt.id);
  if (agenda === undefined || looksAtAll) {
    agenda = emptyAgenda();
    byBelt.set(belt.id, agenda);
    for (const id of beltState(turn, belt.id).itemIds) agenda.touched.add(id);
    for (const gate of belt.gates) agenda.touchedGates.add(gate.id);
  }
  if (agenda.touched.size > 0) {
    for (const id of agenda.touched) enter(turn, belt, { agenda, id });
    agenda.touched.clear();
  }
  if (agenda.touchedGates.size > 0) {
    for (const id of agenda.touchedGates) enterGate(turn, agenda, id);
    agenda.touchedGates.clear();
  }
  return agenda;
}

/** null: everything has to be looked at, since that is wanted, or the active layout does not know the belt any more. */
function agendaFor(turn: Turn, beltId: string): Agenda | null {
  if (turn.agendas.looksAtAll) return null;
  const belt = activeSite(turn).belts.get(beltId);
  return belt === undefined ? null : agendaOf(turn, belt);
}

/** Something besides the belts' travel has happened. */
export function stir(agendas: Agendas): void {
  for (const agenda of agendas.byBelt.values()) agenda.isStirred = true;
  agendas.isLookedAt = true;
}

/** Whatever it was that happened: everything is reckoned anew when it is asked for. */
export function forget(agendas: Agendas): void {
  agendas.byBelt.clear();
  agendas.fillings.clear();
  agendas.isLookedAt = true;
}

const everybody = (turn: Turn, state: BeltState): Item[] => state.itemIds.map((id) => itemById(turn, id));

const inOrder = (turn: Turn, ids: readonly number[]): Item[] =>
  (ids.length > 1 ? [...ids].sort(byNumber) : ids).map((id) => itemById(turn, id));

function enter(turn: Turn, belt: BeltLayout, { agenda, id }: { agenda: Agenda; id: number }): void {
  const before = agenda.entered.get(id);
  const item = turn.state.items.get(id);
  const now = item === undefined || item.beltId !== belt.id ? null : enteredAs(turn, item);
  moveIn(agenda, id, { before, now });
  const bounds =
    item === undefined || now === null ? null : itemBounds(turn, { belt, item, slacks: turn.agendas.slacks });
  agenda.seenUm.set(id, bounds?.seenUm ?? Number.POSITIVE_INFINITY);
  agenda.handOverUm.set(id, bounds?.handOverUm ?? Number.POSITIVE_INFINITY);
  agenda.lateUm.set(id, bounds?.lateUm ?? Number.POSITIVE_INFINITY);
  agenda.arrivalNs.set(id, bounds?.arrivalNs ?? Number.POSITIVE_INFINITY);
  const errorUm =
    item === undefined || now === null ? null : errorBoundUm(item, belt, beltState(turn, belt.id).positionUm);
  agenda.errorUm.set(id, errorUm ?? Number.POSITIVE_INFINITY);
}

function enteredAs(turn: Turn, item: Item): Entered {
  const permit = item.permitId === null ? undefined : turn.state.permits.get(item.permitId);
  return {
    originUm: item.originUm,
    isAtGate: item.atGateNs !== null && !item.missedGate,
    gateId: permit?.gateId ?? null,
    waybill: item.identity?.kind === "code" ? item.identity.waybill : null,
  };
}

function moveIn(agenda: Agenda, id: number, o: { before: Entered | undefined; now: Entered | null }): void {
  const { before, now } = o;
  if (before !== undefined && now !== null) agenda.places.move(id, before.originUm, now.originUm);
  else if (before !== undefined) agenda.places.remove(id, before.originUm);
  else if (now !== null) agenda.places.add(id, now.originUm);
  if (before?.isAtGate === true && now?.isAtGate !== true) removeId(agenda.atGate, id);
  if (now?.isAtGate === true) insertId(agenda.atGate, id);
  list(agenda.byGate, id, [before?.gateId ?? null, now?.gateId ?? null]);
  list(agenda.named, id, [before?.waybill ?? null, now?.waybill ?? null]);
  if (now === null) agenda.entered.delete(id);
  else agenda.entered.set(id, now);
}

/** Moves an id from one list to another. */
function list(lists: Map<string, number[]>, id: number, [before, now]: readonly [string | null, string | null]): void {
  if (before === now) return;
  const left = before === null ? undefined : lists.get(before);
  if (left !== undefined) removeId(left, id);
  if (before !== null && left?.length === 0) lists.delete(before);
  if (now === null) return;
  const ids = lists.get(now);
  if (ids === undefined) lists.set(now, [id]);
  else insertId(ids, id);
}

function enterGate(turn: Turn, agenda: Agenda, gateId: string): void {
  const state = gateState(turn, gateId);
  const gate = activeSite(turn).gates.get(gateId)?.gate;
  const isAway = gate !== undefined && isOffHome(gate, state);
  if (state.homeAtUm !== null || state.withdrawing !== null || isAway) agenda.busyGates.add(gateId);
  else agenda.busyGates.delete(gateId);
}
