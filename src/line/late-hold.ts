// A release that falls after its permit was fired: recalled while the gate can still be home in time, else a late hold.
import { raise } from "./alarms.ts";
import { positionAt } from "./belt-position.ts";
import { lockChute } from "./breach.ts";
import type { Verdict } from "./disposition.ts";
import { LABEL_DUPLICATED } from "./duplicates.ts";
import type { Identity } from "./entry.ts";
import { recallLimitUm } from "./fire-window.ts";
import { errorUm, frontUm } from "./item-position.ts";
import { isOwned } from "./layout.ts";
import { callBack } from "./passages.ts";
import { recall } from "./plc-tracked/recall.ts";
import { isRecalled } from "./recalled.ts";
import { releaseKey } from "./release.ts";
import type { Item, Permit } from "./state.ts";
import { guardOf } from "./test-parcel.ts";
import { beltState, count, journal, must, siteOf, type Turn, touch } from "./turn.ts";
import { withdraw } from "./withdrawals.ts";

export function recallOrLateHold(turn: Turn, o: { item: Item; permit: Permit; verdict: Verdict }): void {
  const { item, permit, verdict } = o;
  if (isRecalled(item, permit) || item.isLateHeld) return;
  const isOthers = bearsOthersName(item, permit);
  const isElsewhere = belongsElsewhere(verdict, permit);
  // Into supervised storage nothing has to be called back but what belongs to others there (law 4).
  const isOutbound = permit.zone.kind === "outbound";
  if (!isOutbound && !isElsewhere) return;
  const isLeftAlone = item.identity?.kind === "test" && guardOf(turn, item, permit.chuteId) === null;
  const isUnfounded = permit.release !== null && isUnvouched(verdict, permit);
  const isFine = !isRevoked(verdict) && !isElsewhere && !isOthers && !isLeftAlone && !isUnfounded;
  if (isFine && item.doubt === null) return;
  if (canRecall(turn, item, permit)) {
    count(turn, "recalls");
    permit.state = "done";
    touch(turn, item);
    if (item.decision !== null) {
      const refusals = [
        {
          ...recallReason(item, { isUnreleased: isOthers || isUnfounded, isElsewhere }),
          chuteId: permit.chuteId,
        },
      ];
      item.decision = {
        ...item.decision,
        disposition: verdict.disposition,
        why: verdict.why,
        chuteId: null,
        refusals,
      };
    }
    if (permit.destination === undefined) withdraw(turn, permit.gateId, item.doubt ?? "RECALLED");
    else recall(turn, permit, item.doubt ?? "RECALLED");
    return;
  }
  if (!isOutbound) return;
  if (item.identity?.kind === "conflict" || isOthers) {
    raise(turn, {
      code: "READ_AFTER_NO_RETURN",
      source: permit.chuteId,
      detail: `item ${item.id}`,
    });
    return lockChute(turn, permit.chuteId, "READ_AFTER_NO_RETURN");
  }
  if (item.doubt === LABEL_DUPLICATED) return lockChute(turn, permit.chuteId, LABEL_DUPLICATED);
  // A position in doubt says nothing of customs: what its gate has taken is in its chute.
  if (isRevoked(verdict) || isElsewhere) lateHoldRiding(turn, item, permit.chuteId);
}

/** A code of a stronger rank was read since: it was let go on a waybill that is not its own (law 1). */
const bearsOthersName = (item: Item, permit: Permit): boolean =>
  permit.release !== null && item.identity?.kind === "code" && !isReleaseOf(permit.release, item.identity);

const isReleaseOf = (release: string, { companies, waybill }: Extract<Identity, { kind: "code" }>): boolean =>
  companies.some((company) => release.startsWith(`${company}/${waybill}/`));

/** Customs has moved it to another stream or direction since: it is not for this container any more (law 4). */
export function belongsElsewhere({ record }: Pick<Verdict, "record">, { zone }: Permit): boolean {
  return record !== null && isOwned(zone) && (record.stream !== zone.stream || record.direction !== zone.direction);
}

function recallReason(
  item: Item,
  o: { isUnreleased: boolean; isElsewhere: boolean },
): { clause: number; code: string; detail: string } {
  if (item.doubt !== null) return { clause: 8, code: "LAW_ITEM_IN_DOUBT", detail: item.doubt };
  if (item.identity?.kind === "test") return { clause: 1, code: "LAW_UNRELEASED", detail: "nobody stands there" };
  if (o.isElsewhere && !o.isUnreleased) return { clause: 4, code: "LAW_STREAM", detail: "recalled" };
  return o.isUnreleased
    ? { clause: 1, code: "LAW_UNRELEASED", detail: "recalled" }
    : { clause: 2, code: "LAW_HELD", detail: "recalled" };
}

export function lateHoldRiding(turn: Turn, item: Item, chuteId: string): void {
  item.isLateHeld = true;
  lateHold(turn, { itemId: item.id, chuteId, waybill: waybillOf(item) });
}

/** A hold for a parcel that has left by a sound last look: the container is kept, retrieval asked for, the line runs. */
export function lateHold(turn: Turn, o: { itemId: number; chuteId: string; waybill: string }): void {
  count(turn, "lateHolds");
  callBack(turn, { itemId: o.itemId });
  journal(turn, { kind: "lateHold", ...o });
  raise(turn, {
    code: "LATE_HOLD",
    source: o.chuteId,
    detail: `parcel ${o.waybill}`,
  });
  lockChute(turn, o.chuteId, "LATE_HOLD");
}

/**
 * Nobody vouches for it any more, or two companies do: its declaration was withdrawn, or another one came. In time it is called
 * back; beyond that it has left by a sound last look, and nobody has asked for it.
 */
const UNFOUNDED: readonly string[] = ["RELEASE_NOT_FOUND", "RELEASE_AMBIGUOUS"];

/** So it is, too, when customs has taken pieces off the very release by which it was let go: this one is too many (law 3). */
const isUnvouched = ({ why, record }: Verdict, { release }: Permit): boolean =>
  UNFOUNDED.includes(why) || (why === "RELEASE_SPENT" && record !== null && releaseKey(record) === release);

/** Customs took it back; a feed gone stale or a piece spent since (by this very permit) did not. */
function isRevoked(verdict: Verdict): boolean {
  if (verdict.holds.length > 0) return true;
  if (verdict.why === "READ_CONFLICT") return true;
  return verdict.record !== null && verdict.record.status !== "released";
}

/** Its gate, though told to move for it, could still be home before its front is there. */
export function canRecall(turn: Turn, item: Item, permit: Permit): boolean {
  // A PLC that tracks is always asked: it alone knows whether its word is final.
  if (permit.destination !== undefined) return permit.destination.recall?.answer !== "tooLate";
  const { gate, belt } = must(siteOf(turn, item.layoutHash).gates.get(permit.gateId), "gate", permit.gateId);
  const state = beltState(turn, belt.id);
  const positionUm = positionAt(state, belt, turn.nowNs);
  const speed = Math.max(state.speedUmPerS, belt.speedUmPerS);
  return frontUm(item, positionUm) <= recallLimitUm(gate, speed, errorUm(item, belt, positionUm));
}

const waybillOf = (item: Item): string => (item.identity?.kind === "code" ? item.identity.waybill : "?");
