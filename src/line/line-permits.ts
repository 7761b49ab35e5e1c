// Run and infeed permit: what stops the belt (latched outside Coline), and what only stops the infeed.
import { clear, raise } from "./alarms.ts";
import { partsOf } from "./belt-parts.ts";
import type { BeltLayout } from "./layout.ts";
import { infeedHeldBy } from "./mode.ts";
import type { BeltState } from "./state.ts";
import { activeSite, beltState, chuteState, journal, type Turn } from "./turn.ts";

/** The run permit falls, or stays down, for this reason (`CODE:source`). */
export function stop(turn: Turn, beltId: string, why: string): void {
  const belt = beltState(turn, beltId);
  if (belt.stops.includes(why)) return;
  belt.stops.push(why);
  raise(turn, { code: "LINE_STOPPED", source: beltId, detail: why });
  setRunPermit(turn, beltId, why);
}

/** This reason is gone; the permit comes back when none is left, and a person starts the belt at the line. */
export function unstop(turn: Turn, beltId: string, why: string): void {
  const belt = beltState(turn, beltId);
  if (!belt.stops.includes(why)) return;
  belt.stops = belt.stops.filter((reason) => reason !== why);
  if (belt.stops.length === 0) clear(turn, { code: "LINE_STOPPED", source: beltId });
  setRunPermit(turn, beltId, why);
}

/** A person's stop by command: taken away by `resumeReady` only, whatever else comes and goes. */
export const OPERATOR_STOP = "OPERATOR_STOP";

/** The run permit falls by a person's word, and stays down over restarts until somebody is ready to resume. */
export function haltBelt(turn: Turn, beltId: string): void {
  if (!turn.state.haltedBelts.includes(beltId)) {
    turn.state.haltedBelts.push(beltId);
    journal(turn, { kind: "halt", beltId, halted: true });
  }
  stop(turn, beltId, OPERATOR_STOP);
}

/** Only the person's own reason goes; the permit is offered when no other stands. */
export function endHalt(turn: Turn, beltId: string): void {
  turn.state.haltedBelts = turn.state.haltedBelts.filter((id) => id !== beltId);
  journal(turn, { kind: "halt", beltId, halted: false });
  if (turn.state.belts.has(beltId)) unstop(turn, beltId, OPERATOR_STOP);
}

/** Says the permits of every belt as they are; the first word of a run. */
export function sayPermits(turn: Turn): void {
  for (const belt of turn.state.belts.values()) {
    belt.runPermit = belt.stops.length === 0;
    turn.out.push({
      kind: "runPermit",
      beltId: belt.id,
      allowed: belt.runPermit,
    });
    turn.out.push({
      kind: "infeedPermit",
      beltId: belt.id,
      allowed: belt.infeedPermit,
    });
  }
}

function setRunPermit(turn: Turn, beltId: string, why: string): void {
  const belt = beltState(turn, beltId);
  const allowed = belt.stops.length === 0;
  if (allowed === belt.runPermit) return;
  belt.runPermit = allowed;
  journal(turn, { kind: "linePermit", beltId, permit: "run", allowed, why });
  turn.out.push({ kind: "runPermit", beltId, allowed });
}

/**
 * The infeed stops while the safe end could not take what rides; it comes back by itself. The belt itself stops when
 * the safe end is blocked: what stands in its eye does not move on while the belt does.
 */
export function checkSafeEnd(turn: Turn, belt: BeltLayout): void {
  const state = beltState(turn, belt.id);
  const full = chuteState(turn, belt.safeEnd.chuteId).full;
  if (!full) state.arrivedSinceFull = 0;
  const reserveLeft = belt.safeEnd.reserveItems - state.arrivedSinceFull - state.itemIds.length;
  const trouble =
    full && reserveLeft <= 0
      ? "SAFE_END_FULL"
      : turn.state.storage === "full"
        ? "STORAGE_FULL"
        : (infeedHeldBy(state.mode.mode) ?? (isNextReady(turn, belt) ? null : "SIGNAL_DOWNSTREAM"));
  setInfeedPermit(turn, belt.id, trouble ?? (isUnknownAtInduction(belt, state) ? UNKNOWN_AHEAD : null));
  const darkUm = state.endDarkSinceUm === null ? 0 : state.positionUm - state.endDarkSinceUm;
  const blocked = darkUm > 3 * belt.maxItemUm;
  if (blocked) stop(turn, belt.id, "SAFE_END_BLOCKED");
  else if (state.endDarkSinceUm === null) unstop(turn, belt.id, "SAFE_END_BLOCKED");
}

/** What takes the safe end's parcels on, where it says so; fail-safe like every signal. */
function isNextReady(turn: Turn, belt: BeltLayout): boolean {
  const signal = belt.signals.downstreamReady;
  return signal === undefined || turn.state.signals.get(signal.inputId) === true;
}

/** What may hold anything lies so close ahead of the induction eye that a parcel coming in now could not be sorted. */
const UNKNOWN_AHEAD = "UNKNOWN_AHEAD";

function isUnknownAtInduction(belt: BeltLayout, state: BeltState): boolean {
  const eye = partsOf(belt).induction;
  if (eye === undefined) return false;
  return state.stretches.some((stretch) => {
    const tailUm = state.positionUm - stretch.tailOriginUm;
    return tailUm < eye.atUm + belt.provedGapUm && state.positionUm - stretch.frontOriginUm > eye.atUm;
  });
}

function setInfeedPermit(turn: Turn, beltId: string, why: string | null): void {
  const belt = beltState(turn, beltId);
  const allowed = why === null;
  if (allowed === belt.infeedPermit) return;
  belt.infeedPermit = allowed;
  journal(turn, {
    kind: "linePermit",
    beltId,
    permit: "infeed",
    allowed,
    why: why ?? "SAFE_END_FREE",
  });
  turn.out.push({ kind: "infeedPermit", beltId, allowed });
  // The first metre after a start is no trouble that anybody should look at.
  if (why !== null && why !== UNKNOWN_AHEAD) raise(turn, { code: "LINE_INFEED_STOPPED", source: beltId, detail: why });
  else clear(turn, { code: "LINE_INFEED_STOPPED", source: beltId });
}

/** The belt of a gate, in the active layout. */
export const beltOfGate = (turn: Turn, gateId: string): BeltLayout | undefined =>
  activeSite(turn).gates.get(gateId)?.belt;
