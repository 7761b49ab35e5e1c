// A test parcel: it may go to the one chute at which a person stands, once, and nothing else may go there on its account.
import { prove } from "./commissioning.ts";
import { type Guard, nothingSeen, type TestEnd } from "./commissioning-state.ts";
import { lengthUm } from "./item-position.ts";
import type { Item } from "./state.ts";
import { activeSite, journal, siteOf, type Turn } from "./turn.ts";

/** The guard under which this item may go into this chute; null: it is no test parcel, or nobody stands there for it. */
export function guardOf(turn: Turn, item: Item, chuteId: string): Guard | null {
  const { guard } = turn.state.commissioning;
  if (guard === null || item.identity?.kind !== "test") return null;
  const isMeant = guard.chuteId === chuteId && guard.code === item.identity.code;
  const isThisOne = guard.itemId === null || guard.itemId === item.id;
  return isMeant && isThisOne && turn.nowNs <= guard.untilNs ? guard : null;
}

/** It is the only test parcel of the line: of two, nobody knows which the person waits for. */
export const isGuardedTest = (turn: Turn, item: Item, chuteId: string): boolean =>
  guardOf(turn, item, chuteId) !== null && isAlone(turn, item);

function isAlone(turn: Turn, item: Item): boolean {
  for (const other of turn.state.items.values()) if (other !== item && other.identity?.kind === "test") return false;
  return true;
}

/** The chute in which this item is awaited; null: it goes where the chute map sends it. */
export function awaitedIn(turn: Turn, item: Item): string | null {
  const chuteId = turn.state.commissioning.guard?.chuteId;
  if (chuteId === undefined || !siteOf(turn, item.layoutHash).chutes.has(chuteId)) return null;
  return guardOf(turn, item, chuteId) === null ? null : chuteId;
}

/** The first that is on its way there is the one; whatever becomes of it, no other is sent on this guard. */
export function bindGuard(turn: Turn, item: Item, chuteId: string): void {
  const guard = guardOf(turn, item, chuteId);
  if (guard !== null) guard.itemId = item.id;
}

/** One of its belt ends: so does the guard, with what was seen. */
export function testEnded(
  turn: Turn,
  item: Item,
  o: { end: Exclude<TestEnd, "noParcel" | "calledOff">; endedIn: string | null; why: string },
): void {
  const { guard } = turn.state.commissioning;
  if (guard === null || guard.itemId !== item.id) return;
  const chute = activeSite(turn).chutes.get(guard.chuteId);
  const isThere = o.endedIn === guard.chuteId && item.doubt === null;
  const isProved = isThere && o.end === "arrived";
  const awaitsPerson = isThere && o.end === "divertedUnseen" && chute?.eyeId === null;
  const belt = siteOf(turn, item.layoutHash).belts.get(item.beltId);
  const lies = belt === undefined ? null : lengthUm(item, belt);
  finish(turn, guard, { ...o, isProved, awaitsPerson, atGateNs: item.atGateNs, lengthUm: lies });
  if (isProved) proveBy(turn, guard, "eye");
}

/** Nobody stands there any more. */
export function endGuard(turn: Turn, end: "noParcel" | "calledOff", why: string): void {
  const { guard } = turn.state.commissioning;
  if (guard === null) return;
  const nothing = { endedIn: null, isProved: false, awaitsPerson: false, atGateNs: null, lengthUm: null };
  finish(turn, guard, { end, why, ...nothing });
}

type Found = Pick<
  NonNullable<Turn["state"]["commissioning"]["lastTest"]>,
  "end" | "endedIn" | "why" | "isProved" | "awaitsPerson" | "atGateNs" | "lengthUm"
>;

function finish(turn: Turn, guard: Guard, found: Found): void {
  const { command, chuteId, code, who, itemId, seen } = guard;
  const result = { command, chuteId, code, who, itemId, ...found, ...seen };
  journal(turn, { kind: "testEnd", ...result });
  turn.state.commissioning.lastTest = { ...result, endedNs: turn.nowNs };
  turn.state.commissioning.guard = null;
}

/** @param o of a test parcel that ended there */
export function proveBy(
  turn: Turn,
  { chuteId, command, who, itemId }: Pick<Guard, "chuteId" | "command" | "who" | "itemId">,
  by: "eye" | "person",
): void {
  prove(turn, { chuteId, command, by, who, itemId: itemId ?? 0 });
}

/** After each input, while somebody stands at a chute: nobody waits longer than was said. */
export function tickGuard(turn: Turn): void {
  const { guard } = turn.state.commissioning;
  if (guard === null || guard.itemId !== null || turn.nowNs <= guard.untilNs) return;
  endGuard(turn, "noParcel", "GUARD_OVER");
}

/** When it is over although nothing comes; Infinity: nothing is awaited, or its end is that of its parcel. */
export function guardDueNs({ state }: Turn): number {
  const { guard } = state.commissioning;
  return guard === null || guard.itemId !== null ? Number.POSITIVE_INFINITY : guard.untilNs + 1;
}

export const freshGuard = (o: Omit<Guard, "itemId" | "seen">): Guard => ({ ...o, itemId: null, seen: nothingSeen() });
