// The life of a permit: reserved in the journal, handed to the bus when durable and due, dropped or given back.
import { dueItems, itemsBehind, nextToHandOver } from "./due.ts";
import type { LineFact } from "./entry.ts";
import type { BeltLayout } from "./layout.ts";
import { enterLedger } from "./ledger.ts";
import { windowCounts } from "./permit-counts.ts";
import { destinationFor } from "./plc-tracked/destination.ts";
import { type Way, wayTo } from "./question-of.ts";
import type { Item, Permit } from "./state.ts";
import type { PermitOutput } from "./step.ts";
import { beltState, count, itemById, journal, type Turn, touch } from "./turn.ts";

/** A permit goes to the bus this long before it is due, so that no poll is in its way. */
export const LEAD_NS = 40_000_000;

/** Writes the permit: from here on one piece of the release is spoken for. */
export function reserve(turn: Turn, o: { item: Item; way: Way; release: string | null; decision: number }): void {
  const { item, way } = o;
  const id = journal(turn, {
    kind: "permit",
    itemId: item.id,
    gateId: way.gate.id,
    chuteId: way.chute.id,
    zone: way.chute.zone,
    release: o.release,
    decision: o.decision,
  });
  turn.state.permits.set(id, {
    id,
    itemId: item.id,
    beltId: way.belt.id,
    gateId: way.gate.id,
    chuteId: way.chute.id,
    zone: way.chute.zone,
    release: o.release,
    state: "reserved",
    plannedNs: null,
    homeAtUm: null,
    ...destinationFor(item),
  });
  item.permitId = id;
  item.seenPastGate = false;
  touch(turn, item);
  if (o.release !== null) enterLedger(turn.state, { n: id, release: o.release, delta: 1 });
  renewBehind(turn, { item, gateId: way.gate.id, id });
}

/**
 * A judging device takes only growing numbers, and parcels come to a gate in the order of the belt: whoever rides behind
 * with an older number for the same gate gets a newer one, or its command would be refused as stale.
 */
function renewBehind(turn: Turn, ahead: { item: Item; gateId: string; id: number }): void {
  for (const item of itemsBehind(turn, ahead.item, ahead.gateId)) {
    const permit = item.permitId === null ? undefined : turn.state.permits.get(item.permitId);
    if (permit === undefined || permit.gateId !== ahead.gateId || permit.id > ahead.id) continue;
    if (permit.state !== "reserved" && permit.state !== "queued") continue;
    const { release, chuteId } = permit;
    dropPermit(turn, permit, "withheld");
    // Which renews whoever rides behind that one.
    return reserve(turn, { item, way: wayTo(turn, item, chuteId), release, decision: item.decision?.version ?? 0 });
  }
}

/** Takes the permit from its item; a piece that it reserved is given back by an entry of its own. */
export function dropPermit(turn: Turn, permit: Permit, why: Extract<LineFact, { kind: "giveBack" }>["why"]): void {
  if (permit.state === "queued") turn.out.push({ kind: "cancel", id: permit.id });
  turn.state.permits.delete(permit.id);
  const item = turn.state.items.get(permit.itemId);
  if (item !== undefined && item.permitId === permit.id) item.permitId = null;
  if (item !== undefined) touch(turn, item);
  giveBack(turn, permit, why);
}

export function giveBack(turn: Turn, permit: Permit, why: Extract<LineFact, { kind: "giveBack" }>["why"]): void {
  if (permit.release === null) return;
  const n = journal(turn, {
    kind: "giveBack",
    permit: permit.id,
    release: permit.release,
    why,
  });
  enterLedger(turn.state, { n, release: permit.release, delta: -1 });
  permit.release = null;
}

/**
 * Hands the item's permit to the bus when its entry is durable and its instant is near; drops it when that is past.
 * @param known its way, where it was found in this turn
 */
export function handOver(turn: Turn, item: Item, known?: Way): void {
  const permit = item.permitId === null ? undefined : turn.state.permits.get(item.permitId);
  if (permit === undefined || (permit.state !== "reserved" && permit.state !== "queued")) return;
  const way = known ?? wayTo(turn, item, permit.chuteId);
  if (way.positionUm > way.window.untilUm) return expire(turn, permit, way);
  const belt = beltState(turn, way.belt.id);
  if (permit.state === "queued" || permit.id > turn.state.durableEntry || !belt.moving) return;
  const fromNs = nsUntil(turn, way, way.window.fireUm);
  if (fromNs > turn.nowNs + LEAD_NS) return;
  permit.state = "queued";
  touch(turn, item);
  permit.homeAtUm = way.window.homeAtUm;
  permit.plannedNs = Math.max(turn.nowNs, fromNs);
  turn.out.push(permitWindow(turn, permit, way));
}

/** The permit as its device gets it. */
export function permitWindow(turn: Turn, permit: Permit, way: Way): PermitOutput {
  const { id, gateId, chuteId, plannedNs, destination } = permit;
  return {
    kind: "permit",
    ...{ id, gateId, chuteId },
    fromNs: plannedNs ?? turn.nowNs,
    untilNs: nsUntil(turn, way, way.window.untilUm),
    window: windowCounts(beltState(turn, way.belt.id), way.belt, way.window),
    maxOutMs: Math.ceil(way.gate.maxOutNs / 1e6),
    ...(destination === undefined ? {} : { trackingId: destination.trackingId }),
  };
}

/** The time at which the belt will be at a position, at its present speed. */
export function nsUntil(turn: Turn, way: Way, positionUm: number): number {
  const speed = Math.max(1, beltState(turn, way.belt.id).speedUmPerS);
  return turn.nowNs + Math.round(((positionUm - way.positionUm) / speed) * 1e9);
}

/** The last moment has gone by: dropped, never sent late (law 6). What nobody else was in the way of is counted as late. */
function expire(turn: Turn, permit: Permit, way: Way): void {
  const [clause, code, detail] = whyNotSent(turn, permit, way);
  if (code === "LAW_LATE" || code === "LAW_NOT_WRITTEN") {
    count(turn, "lateDropped");
    count(turn, `lateDropped.${detail}`);
  }
  const item = itemById(turn, permit.itemId);
  if (item.decision !== null) {
    const refusals = [{ clause, code, chuteId: permit.chuteId, detail }];
    item.decision = { ...item.decision, chuteId: null, refusals };
  }
  dropPermit(turn, permit, "notSent");
}

/** @returns clause, code and detail of what kept the command from its gate until it was too late */
function whyNotSent(turn: Turn, permit: Permit, { window, gateFreeUm }: Way): [number, string, string] {
  if (gateFreeUm > window.untilUm) return [5, "LAW_GATE_TURNING", "late"];
  if (permit.id > turn.state.durableEntry) return [7, "LAW_NOT_WRITTEN", "notDurable"];
  if (window.fromUm > window.untilUm) return [8, "LAW_SWEPT_ZONE", "never free in time"];
  return [6, "LAW_LATE", permit.state === "queued" ? "busLate" : "late"];
}

/** Everything that is due on a belt: permits to hand over, and those whose time has gone. */
export function pumpPermits(turn: Turn, beltId: string): void {
  for (const item of dueItems(turn, beltId)) handOver(turn, item);
}

/** The next time at which a reserved permit wants to be handed over, for a belt that moves; Infinity: none. */
export function nextHandOverNs(turn: Turn, belt: BeltLayout): number {
  if (!beltState(turn, belt.id).moving) return Number.POSITIVE_INFINITY;
  let nextNs = Number.POSITIVE_INFINITY;
  for (const item of nextToHandOver(turn, belt, (first) => handOverNs(turn, first)))
    nextNs = Math.min(nextNs, handOverNs(turn, item));
  return nextNs;
}

function handOverNs(turn: Turn, item: Item): number {
  const permit = item.permitId === null ? undefined : turn.state.permits.get(item.permitId);
  if (permit === undefined || permit.state !== "reserved") return Number.POSITIVE_INFINITY;
  const way = wayTo(turn, item, permit.chuteId);
  return Math.max(turn.nowNs + 1_000_000, nsUntil(turn, way, way.window.fireUm) - LEAD_NS);
}
