// Reports of a PLC that tracks: a parcel that came makes an item, the end that it had closes it.
import { raise } from "../alarms.ts";
import { unexpectedIn } from "../arrivals.ts";
import { partsOf } from "../belt-parts.ts";
import { positionAtStamp } from "../belt-position.ts";
import { lookUp, verdictOn } from "../decide.ts";
import { loseTrack } from "../devices.ts";
import type { EdgePlace } from "../edge-place.ts";
import { endItem } from "../ends.ts";
import { noteNotEmpty } from "../filled-container.ts";
import { takeGhost } from "../ghosts.ts";
import { inductionDark, inductionLight } from "../induction.ts";
import { errorUm, frontUm } from "../item-position.ts";
import { belongsElsewhere } from "../late-hold.ts";
import type { BeltLayout, ChuteLayout } from "../layout.ts";
import { doubtNameBehind } from "../name-behind.ts";
import { isRecalled } from "../recalled.ts";
import { releaseKey } from "../release.ts";
import type { Item, Permit } from "../state.ts";
import { activeSite, beltState, chuteState, count, itemById, type Turn } from "../turn.ts";
import { toldOf } from "./destination.ts";
import type { PlcReport } from "./report.ts";
import { noteMouth } from "./reported-mouth.ts";

export function plcReport(turn: Turn, beltId: string, report: PlcReport): void {
  const belt = activeSite(turn).belts.get(beltId);
  if (belt?.tracker === undefined) return count(turn, "unknownReport");
  switch (report.kind) {
    case "came":
      return came(turn, belt, report);
    case "passed":
      return passed(turn, belt, report);
    case "ended":
      return ended(turn, belt, report);
    case "forgot":
      count(turn, `forgot.${report.why}`);
      raise(turn, { code: "PLC_FORGOT_PARCELS", source: belt.id, detail: report.why });
      return loseTrack(turn, belt, "BELT_UNTRACKED");
    default:
      report satisfies never;
  }
}

type Report<Kind extends PlcReport["kind"]> = Extract<PlcReport, { kind: Kind }>;

function came(turn: Turn, belt: BeltLayout, { trackingId, count: at }: Report<"came">): void {
  const eye = partsOf(belt).induction;
  if (eye === undefined || itemOf(turn, belt, trackingId) !== undefined) return count(turn, "reportedTwice");
  const edge = placeOf(turn, belt, at);
  if (edge === null) return count(turn, "edgeWithoutPosition");
  inductionDark(turn, belt, eye, { ...edge, trackingId });
}

function passed(turn: Turn, belt: BeltLayout, { trackingId, count: at }: Report<"passed">): void {
  const eye = partsOf(belt).induction;
  const { openItemId } = beltState(turn, belt.id);
  // The tail of one whose front nobody was told of leaves a stretch unknown; any other one's comes too late.
  const isOthers = openItemId !== null && itemById(turn, openItemId).trackingId !== trackingId;
  const isMeasured = (itemOf(turn, belt, trackingId)?.lengthUm ?? null) !== null;
  if (eye === undefined || isOthers || isMeasured) return count(turn, "reportedLate");
  const edge = placeOf(turn, belt, at);
  if (edge === null) return count(turn, "edgeWithoutPosition");
  inductionLight(turn, belt, eye, edge);
}

/** The edge lay between the PLC's last two cycles; its counter was read in the second. */
function placeOf(turn: Turn, belt: BeltLayout, at: number): EdgePlace | null {
  const positionUm = positionAtStamp(beltState(turn, belt.id), belt, { atNs: turn.nowNs, count: at });
  const cycleNs = partsOf(belt).induction?.sampleNs ?? 0;
  const halfUm = Math.ceil((belt.speedUmPerS * cycleNs) / 2e9);
  const offUm = (belt.encoder?.umPerCount ?? 0) + halfUm;
  return positionUm === null ? null : { positionUm: positionUm - halfUm, errorUm: offUm };
}

function ended(turn: Turn, belt: BeltLayout, { trackingId, how, chuteId }: Report<"ended">): void {
  const chute = chuteId === null ? undefined : activeSite(turn).chutes.get(chuteId);
  const item = itemOf(turn, belt, trackingId);
  if (chute !== undefined) noteNotEmpty(turn, chuteState(turn, chute.id));
  noteMouth(turn, { chute, item, how });
  if (item === undefined) return strangerEnded(turn, belt, { trackingId, chute });
  noteEnd(turn, belt, { trackingId, chuteId: chute?.id ?? null });
  if (chute === undefined || how === "lost") {
    doubtNameBehind(turn, belt, { missing: item, eye: null });
    return endItem(turn, item, { end: "lost", chuteId: null, reason: "PLC_LOST_PARCEL" });
  }
  const permit = toldOf(turn, item);
  if (chute.id === belt.safeEnd.chuteId) return atSafeEnd(turn, item, permit);
  if (permit?.chuteId === chute.id && isStillDue(turn, item, permit))
    return endItem(turn, item, { end: how === "seen" ? "arrived" : "divertedUnseen", chuteId: chute.id });
  unexpectedIn(turn, { chute, straying: item, seen: null });
}

/** Ends of a belt that are known again when they are reported twice; loser: the oldest. */
const REPORTED_ENDS = 64;

function noteEnd(turn: Turn, belt: BeltLayout, end: { trackingId: number; chuteId: string | null }): void {
  const state = beltState(turn, belt.id);
  state.reportedEnds = [...(state.reportedEnds ?? []).slice(1 - REPORTED_ENDS), end];
}

/** Told once more; but what is said to be in one chute after it was in another is something else that nobody has named. */
function isToldAgain(turn: Turn, belt: BeltLayout, o: { trackingId: number; chute: ChuteLayout | undefined }): boolean {
  const told = beltState(turn, belt.id).reportedEnds?.findLast(({ trackingId }) => trackingId === o.trackingId);
  if (told === undefined) return false;
  return told.chuteId === null || o.chute === undefined || o.chute.id === told.chuteId;
}

/**
 * It was called back for a lost connection or a lost track alone, and the PLC had sent it all the same: customs has it
 * released as it was, so that it is where it was permitted to go.
 */
function isStillDue(turn: Turn, item: Item, permit: Permit): boolean {
  if (!isRecalled(item, permit)) return true;
  if (item.doubt !== null && item.doubt !== "ITEM_BELT_UNKNOWN") return false;
  const verdict = verdictOn(turn, item, lookUp(turn, item), permit);
  const { record, holds } = verdict;
  if (record?.status !== "released" || holds.length > 0 || belongsElsewhere(verdict, permit)) return false;
  return releaseKey(record) === permit.release;
}

/** A parcel whose destination the PLC had taken, and nobody had recalled, has missed its gate. */
function atSafeEnd(turn: Turn, item: Item, permit: Permit | undefined): void {
  const { safeEnd } = activeSite(turn).belts.get(item.beltId) as BeltLayout;
  if (permit !== undefined && !isRecalled(item, permit)) {
    if (permit.state === "done") {
      item.missedGate = true;
      count(turn, "missedGate");
      raise(turn, { code: "GATE_MISSED_ITEM", source: permit.chuteId, detail: `item ${item.id}` });
    } else if (item.decision !== null) {
      const code = permit.destination?.recall?.why ?? "DESTINATION_UNANSWERED";
      const refusals = [{ clause: 0, code, chuteId: permit.chuteId, detail: "" }];
      item.decision = { ...item.decision, chuteId: null, refusals };
    }
  }
  endItem(turn, item, { end: "arrived", chuteId: safeEnd.chuteId });
}

/** One of a run before, one that was given up, or one that the PLC itself does not know. */
function strangerEnded(
  turn: Turn,
  belt: BeltLayout,
  { trackingId, chute }: { trackingId: number; chute: ChuteLayout | undefined },
): void {
  if (isToldAgain(turn, belt, { trackingId, chute })) return count(turn, "reportedTwice");
  if (chute === undefined || chute.id === belt.safeEnd.chuteId) return count(turn, "strangersReported");
  if (takeGhost(turn, chute.id)) return;
  const told = trackingId === 0 ? toldInto(turn, belt, chute) : null;
  const permit = told === null ? undefined : toldOf(turn, told);
  if (told !== null && permit !== undefined && isStillDue(turn, told, permit))
    return endItem(turn, told, { end: "arrived", chuteId: chute.id });
  unexpectedIn(turn, { chute, straying: told, seen: null });
}

/**
 * The PLC has forgotten whom it sent there: of the parcels that it was told to, the one that was at the gate when this one
 * must have been. A second one that comes finds none.
 */
function toldInto(turn: Turn, belt: BeltLayout, chute: ChuteLayout): Item | null {
  const gate = belt.gates.find(({ id }) => id === chute.gateId);
  if (gate === undefined) return null;
  const { positionUm, itemIds } = beltState(turn, belt.id);
  const travelUm = (ns: number): number => Math.ceil((belt.speedUmPerS * ns) / 1e9);
  let best: Item | null = null;
  let bestOffUm = Number.POSITIVE_INFINITY;
  for (const id of itemIds) {
    const item = itemById(turn, id);
    if (toldOf(turn, item)?.chuteId !== chute.id) continue;
    const pastUm = frontUm(item, positionUm) - gate.atUm;
    const slackUm = errorUm(item, belt, positionUm) + gate.sweptUm;
    if (pastUm < travelUm(chute.slideMinNs) - slackUm || pastUm > travelUm(chute.slideMaxNs) + slackUm) continue;
    const offUm = Math.abs(pastUm - travelUm((chute.slideMinNs + chute.slideMaxNs) / 2));
    if (offUm < bestOffUm) [best, bestOffUm] = [item, offUm];
  }
  return best;
}

function itemOf(turn: Turn, belt: BeltLayout, trackingId: number): Item | undefined {
  for (const id of beltState(turn, belt.id).itemIds) {
    const item = turn.state.items.get(id);
    if (item?.trackingId === trackingId) return item;
  }
  return undefined;
}
