// The end of an item: exactly one, with its reason; what it means for its piece, its chute and its belt.
import { settleFull } from "./chute-sensors.ts";
import { wasAnother } from "./contested.ts";
import { remember } from "./departed.ts";
import { mayBeAnother } from "./doubt.ts";
import type { EndKind } from "./entry.ts";
import { noteFilling } from "./filling.ts";
import { noteLost } from "./lost-outbound.ts";
import { leftUnseen } from "./passages.ts";
import { giveBack } from "./permits.ts";
import { isTakenBack } from "./plc-tracked/destination.ts";
import { noteRound } from "./rounds.ts";
import { removeId } from "./sorted-ids.ts";
import type { Item, Permit } from "./state.ts";
import { testEnded } from "./test-parcel.ts";
import { activeSite, beltState, chuteState, count, journal, siteOf, type Turn, touch } from "./turn.ts";

export interface End {
  end: EndKind;
  /** Where it is now; null: nobody knows. */
  chuteId: string | null;
  /** A reason of the fault table; left out: the reason of the item's last decision. */
  reason?: string;
  /** Its chute has an eye, which did not see it: it may stand before the gate, for the next one into the same chute too. */
  mayStand?: boolean;
  /** It is waited for in a chute all the same, see `ghosts.ts`. */
  isAwaited?: boolean;
}

export function endItem(turn: Turn, item: Item, end: End): void {
  const permit = item.permitId === null ? undefined : turn.state.permits.get(item.permitId);
  const { belt } = safeEndOf(turn, item);
  const atSafeEnd = end.chuteId === belt.safeEnd.chuteId;
  const kind = kindOf(item, end.end, atSafeEnd);
  const reason = end.reason ?? reasonOf(item, { end, kind, atSafeEnd });
  const sentOut = permit !== undefined && permit.zone.kind === "outbound" && permit.state !== "reserved";
  if (item.alsoIn !== null) wasAnother(turn, item);
  if (permit !== undefined && atSafeEnd && isSurelyHere(item, permit)) giveBack(turn, permit, "safeEnd");
  if (permit !== undefined && end.chuteId === null) noteLost(turn, item, permit);
  const waybill = item.identity?.kind === "code" ? item.identity.waybill : null;
  journal(turn, {
    kind: "end",
    itemId: item.id,
    end: kind,
    chuteId: end.chuteId,
    possiblyOutbound: end.chuteId === null ? sentOut : zoneKind(turn, item, end.chuteId) === "outbound",
    reason,
    waybill,
    ...(end.isAwaited === true ? { awaited: true } : {}),
  });
  count(turn, `end.${kind}`);
  if (turn.state.commissioning.guard !== null) testEnded(turn, item, { end: kind, endedIn: end.chuteId, why: reason });
  const isSent = end.end === "divertedUnseen" && end.mayStand !== true;
  if (end.end !== "arrived") leftUnseen(turn, item, isSent ? end.chuteId : null);
  if (end.chuteId !== null) arrivedAt(turn, item, { chuteId: end.chuteId, permit });
  if (sentOut && permit.release !== null && !item.isLateHeld)
    remember(turn.state, { release: permit.release, itemId: item.id, chuteId: end.chuteId ?? permit.chuteId });
  noteRound(turn.state, { waybill, chuteId: end.chuteId, permit });
  leave(turn, item, permit);
  // Only now: whoever wants to go there is decided anew, and this one is gone.
  if (end.chuteId !== null) noteCount(turn, end.chuteId);
}

/** What came to the safe end and may have been another parcel was not this one seen to arrive. */
function kindOf(item: Item, end: EndKind, atSafeEnd: boolean): EndKind {
  if (end !== "arrived" || !atSafeEnd) return end;
  if (mayBeAnother(item)) return "divertedUnseen";
  return item.missedGate ? "misdiverted" : end;
}

/**
 * What a gate was moved for comes to the safe end for certain only where the first eye behind that gate has seen it: what else
 * comes in its place may be another one, and its piece stays spent. Where the PLC tracks, it has to have taken back what it was told.
 */
const isSurelyHere = (item: Item, { state, destination }: Permit): boolean =>
  state === "reserved" ||
  state === "queued" ||
  (destination === undefined ? item.seenPastGate && !mayBeAnother(item) : isTakenBack(destination));

/** Why it is where it is: what is in doubt about it, the law's or the plant's first refusal, else what customs said. */
function reasonOf(item: Item, { end, kind, atSafeEnd }: { end: End; kind: EndKind; atSafeEnd: boolean }): string {
  if (item.missedGate) return "GATE_MISSED_ITEM";
  // That customs had released it says nothing of where it is.
  if (kind === "lost") return item.doubt ?? "ITEM_NOT_SEEN";
  if (end.mayStand === true) return "CHUTE_EYE_SILENT";
  if (item.decision === null) return item.doubt ?? "NOT_DECIDED";
  if (!atSafeEnd) return item.decision.why;
  const [refusal] = item.decision.refusals;
  // What the doubt is says more than that there is one.
  if (refusal?.code === "LAW_ITEM_IN_DOUBT") return item.doubt ?? refusal.code;
  if (refusal !== undefined) return refusal.code;
  if (item.decision.why !== "RELEASED") return item.decision.why;
  return item.doubt ?? (item.decision.ruleId === null ? "NO_ROUTE" : "RELEASED");
}

function arrivedAt(turn: Turn, item: Item, { chuteId, permit }: { chuteId: string; permit: Permit | undefined }): void {
  const chute = chuteState(turn, chuteId);
  chute.arrived++;
  chute.sinceChange++;
  noteFilling(turn, chute);
  chute.isEmpty = false;
  if (permit?.chuteId === chuteId) chute.holds ??= permit.zone;
  const { belt } = safeEndOf(turn, item);
  if (belt.safeEnd.chuteId === chuteId) beltState(turn, belt.id).arrivedSinceFull++;
}

/** By the map that is active now: the container stands under today's chute. */
function noteCount(turn: Turn, chuteId: string): void {
  const chute = activeSite(turn).chutes.get(chuteId);
  if (chute !== undefined && chute.capacityItems !== null) settleFull(turn, chute, "CAPACITY");
}

function leave(turn: Turn, item: Item, permit: Permit | undefined): void {
  const belt = beltState(turn, item.beltId);
  removeId(belt.itemIds, item.id);
  if (belt.openItemId === item.id) belt.openItemId = null;
  turn.state.items.delete(item.id);
  touch(turn, item);
  if (permit === undefined) return;
  if (permit.state === "queued") turn.out.push({ kind: "cancel", id: permit.id });
  // The bus still owes its word on a fired one: a doubt about the gate is one without the parcel too.
  const isOwed = permit.state === "fired" && permit.destination?.isUnderWay !== false;
  if (!isOwed) turn.state.permits.delete(permit.id);
}

const safeEndOf = (turn: Turn, item: Item) => {
  const belt = siteOf(turn, item.layoutHash).belts.get(item.beltId);
  if (belt === undefined) throw new Error(`line core: item ${item.id} rides on no belt of its layout`);
  return { belt };
};

const zoneKind = (turn: Turn, item: Item, chuteId: string): string | undefined =>
  siteOf(turn, item.layoutHash).chutes.get(chuteId)?.zone.kind;
