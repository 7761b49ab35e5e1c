// What the travel of a belt that its PLC tracks makes due: copies, unanswered recalls, parcels that nobody reports.
import { raise } from "../alarms.ts";
import { partsOf } from "../belt-parts.ts";
import { spoil } from "../doubt.ts";
import { dueItems } from "../due.ts";
import { endItem } from "../ends.ts";
import { LENGTH_SLACK_UM } from "../eye-error.ts";
import { expectGivenUp, untilLateUm } from "../ghosts.ts";
import { errorUm, tailUm } from "../item-position.ts";
import type { BeltLayout } from "../layout.ts";
import type { Item, Permit } from "../state.ts";
import { beltState, count, itemById, type Turn } from "../turn.ts";
import { repeatDestination } from "./destination-copies.ts";
import { checkRecall, endRecallStops } from "./recall-outcome.ts";

/** A report is read this much after what it tells of, at the latest, or it is taken for missing. */
const REPORT_NS = 150_000_000;
/** An end is reported within this travel past the belt's end, at nominal speed: the longest slide and some slack. */
const END_REPORT_NS = 3_000_000_000;

export function followReported(turn: Turn, belt: BeltLayout): void {
  checkTail(turn, belt);
  endRecallStops(turn, belt);
  for (const item of dueItems(turn, belt.id)) {
    const permit = item.permitId === null ? undefined : turn.state.permits.get(item.permitId);
    if (permit !== undefined) {
      repeatDestination(turn, item, permit);
      checkRecall(turn, belt, { item, permit });
    }
    if (isOverdue(turn, belt, item)) endUnreported(turn, belt, item, permit);
  }
}

/** Longer than any parcel, and no tail was reported: two that touch, or a blocked eye. */
function checkTail(turn: Turn, belt: BeltLayout): void {
  const state = beltState(turn, belt.id);
  const eye = partsOf(belt).induction;
  if (state.openItemId === null || eye === undefined) return;
  const item = itemById(turn, state.openItemId);
  const pastUm = tailUm(item, belt, state.positionUm) - eye.atUm;
  if (pastUm > LENGTH_SLACK_UM + item.errorUm + travelUm(belt, REPORT_NS) && item.doubt === null)
    spoil(turn, item, "ITEM_TOO_LONG");
}

function isOverdue(turn: Turn, belt: BeltLayout, item: Item): boolean {
  const { positionUm } = beltState(turn, belt.id);
  const goneUm = tailUm(item, belt, positionUm) - errorUm(item, belt, positionUm) - belt.lengthUm;
  return goneUm > travelUm(belt, END_REPORT_NS);
}

/** Wherever it is, nobody says; what was sent for it is spent, and that it is in its chute all the same is no breach. */
function endUnreported(turn: Turn, belt: BeltLayout, item: Item, permit: Permit | undefined): void {
  count(turn, "unreported");
  raise(turn, { code: "PLC_REPORT_MISSING", source: belt.id, detail: `item ${item.id}` });
  const untilUm = untilLateUm(belt, beltState(turn, belt.id).positionUm);
  const isAwaited = expectGivenUp(turn, { item, permit, untilUm });
  endItem(turn, item, { end: "lost", chuteId: null, reason: "NOT_REPORTED", isAwaited });
}

const travelUm = (belt: BeltLayout, ns: number): number => Math.ceil((belt.speedUmPerS * ns) / 1e9);
