// Gates on their way home: withdrawals, their confirmation, and the stop of the line when there is none in time.
import { clear, raise } from "./alarms.ts";
import { comesUnpermitted } from "./closing-in.ts";
import { busyGates, itemsNear } from "./due.ts";
import { isOffHome } from "./gate-turn.ts";
import { frontUm } from "./item-position.ts";
import type { BeltLayout, GateLayout } from "./layout.ts";
import { stop, unstop } from "./line-permits.ts";
import { recallAll } from "./plc-tracked/recall.ts";
import type { GateState } from "./state.ts";
import type { GatePosition, WithdrawalOutcome } from "./step.ts";
import { watchGate } from "./test-watch.ts";
import { activeSite, beltState, count, gateState, journal, type Turn, touchGate } from "./turn.ts";

/** A gate may be this much later home than its travel time says before anybody acts on it. */
export const HOME_SLACK_NS = 60_000_000;

/** Waits for nothing: the gate goes home, and nothing fired so far may move it any more. */
export function withdraw(turn: Turn, gateId: string, why: string): void {
  const gate = gateState(turn, gateId);
  if (gate.withdrawing !== null) return;
  const belt = activeSite(turn).gates.get(gateId)?.belt;
  const id = turn.state.nextEntry;
  const voidUpTo = gate.lastFired;
  turn.out.push({ kind: "withdraw", id, gateId, voidUpTo });
  journal(turn, { kind: "withdraw", id, gateId, voidUpTo, why });
  const sinceUm = belt === undefined ? 0 : beltState(turn, belt.id).positionUm;
  gate.withdrawing = { id, sinceUm, isAnswered: false };
  if (gate.lastMove !== null && gate.homeAtUm !== null) gate.lastMove.homeAtUm = sinceUm;
  gate.homeAtUm = null;
  touchGate(turn, gateId);
  watchGate(turn, gateId, "homewardNs");
  count(turn, "withdrawals");
}

/** Every gate of the belt that is out or may be: where the belt is, and so when they are to go home, is not known. */
export function withdrawAll(turn: Turn, belt: BeltLayout, why: string): void {
  if (belt.tracker !== undefined) return recallAll(turn, belt, why);
  for (const gate of belt.gates) if (gateState(turn, gate.id).homeAtUm !== null) withdraw(turn, gate.id, why);
}

/** The device's word on a withdrawal. Where the gate's home is seen, only that confirms it. */
export function withdrawalOutcome(turn: Turn, id: number, outcome: WithdrawalOutcome): void {
  journal(turn, { kind: "withdrawal", id, outcome });
  const gate = withdrawingAs(turn, id);
  if (gate === null || gate.withdrawing === null || outcome !== "done") return;
  gate.withdrawing.isAnswered = true;
  const layout = activeSite(turn).gates.get(gate.id)?.gate;
  if (layout?.hasHomeFeedback === true && gate.position !== "home") return;
  comeHome(turn, gate);
}

/**
 * The withdrawal is confirmed. A device that judges has voided what was in doubt; what a plain coil holds on another socket
 * it may still carry out: there only the device's new arming, after a read-back in order or a person's test, settles it.
 */
function comeHome(turn: Turn, gate: GateState): void {
  const layout = activeSite(turn).gates.get(gate.id)?.gate;
  if (!gate.inDoubt || layout?.lateCommand === "excluded") return confirmed(turn, gate);
  gate.withdrawing = null;
  touchGate(turn, gate.id);
  homeAgain(turn, gate);
}

function withdrawingAs(turn: Turn, id: number): GateState | null {
  for (const gate of turn.state.gates.values()) if (gate.withdrawing?.id === id) return gate;
  return null;
}

export function gateFeedback(turn: Turn, gateId: string, position: GatePosition): void {
  const gate = turn.state.gates.get(gateId);
  if (gate === undefined) return count(turn, "unknownGate");
  if (gate.position === position) return;
  gate.position = position;
  touchGate(turn, gateId);
  journal(turn, { kind: "gate", gateId, position });
  if (position === "out" || position === "home") watchGate(turn, gateId, position === "out" ? "outNs" : "homeNs");
  // A gate that is seen at home says nothing of a command in doubt, which may still be carried out (law 6).
  const isSettled = gate.withdrawing !== null && (!gate.inDoubt || gate.withdrawing.isAnswered);
  if (position === "home" && isSettled) comeHome(turn, gate);
  if (position === "home") clear(turn, { code: "GATE_NOT_HOME", source: gateId });
}

function confirmed(turn: Turn, gate: GateState): void {
  gate.withdrawing = null;
  homeAgain(turn, gate);
  settled(turn, gate);
}

/** No command of it is in doubt any more. */
function settled(turn: Turn, gate: GateState): void {
  gate.inDoubt = false;
  touchGate(turn, gate.id);
  clear(turn, { code: "GATE_IN_DOUBT", source: gate.id });
  const belt = activeSite(turn).gates.get(gate.id)?.belt;
  if (belt !== undefined) unstop(turn, belt.id, `GATE_IN_DOUBT:${gate.id}`);
}

function homeAgain(turn: Turn, gate: GateState): void {
  clear(turn, { code: "GATE_NOT_HOME", source: gate.id });
  const belt = activeSite(turn).gates.get(gate.id)?.belt;
  if (belt !== undefined) unstop(turn, belt.id, `GATE_NOT_HOME:${gate.id}`);
}

/** What a device's new arming settles: its outputs are known, so nothing of before is in doubt. */
export function gatesOfDeviceArmed(turn: Turn, deviceId: string): void {
  for (const { gate } of activeSite(turn).gates.values()) {
    const state = gateState(turn, gate.id);
    if (gate.deviceId !== deviceId || (!state.inDoubt && state.withdrawing === null)) continue;
    // Where its home is seen, only that says that it is there: it may hang on its way, whatever its device is told.
    const isAwaited = state.withdrawing !== null && gate.hasHomeFeedback && state.position !== "home";
    if (isAwaited) settled(turn, state);
    else confirmed(turn, state);
  }
}

/** Every gate of a belt that should be home by now, or is out without a reason. */
export function checkGates(turn: Turn, belt: BeltLayout): void {
  const positionUm = beltState(turn, belt.id).positionUm;
  for (const gate of busyGates(turn, belt)) {
    const state = gateState(turn, gate.id);
    // One that is moved by hand over an empty belt that stands is looked after where that is; see `jog.ts`.
    if (turn.state.jog?.gateId === gate.id) continue;
    if (state.homeAtUm !== null && positionUm >= state.homeAtUm) goHome(turn, belt, gate, state);
    else if (state.homeAtUm === null && state.withdrawing === null && isOffHome(gate, state))
      callHome(turn, gate, state);
    else if (comesUnpermitted(turn, belt, gate, state)) withdraw(turn, gate.id, "UNPERMITTED_ITEM_COMES");
    if (state.withdrawing !== null) checkUnconfirmed(turn, belt, gate, state);
  }
}

function goHome(turn: Turn, belt: BeltLayout, gate: GateLayout, state: GateState): void {
  if (gate.lateCommand === "bounded") return withdraw(turn, gate.id, "ITEM_HAS_PASSED");
  if (!gate.hasHomeFeedback || state.position === "home") {
    state.homeAtUm = null;
    touchGate(turn, gate.id);
    return;
  }
  const allowedUm = (belt.speedUmPerS * (gate.travelNs + HOME_SLACK_NS)) / 1e9;
  if (beltState(turn, belt.id).positionUm < (state.homeAtUm ?? 0) + allowedUm) return;
  astray(turn, gate);
}

/** One that is out is told at once; one that hangs on its way may just be coming home, and stops the line if it does not. */
function callHome(turn: Turn, gate: GateLayout, { position }: GateState): void {
  if (position === "out") return astray(turn, gate);
  withdraw(turn, gate.id, "GATE_NOT_HOME");
}

function astray(turn: Turn, gate: GateLayout): void {
  raise(turn, { code: "GATE_NOT_HOME", source: gate.id });
  withdraw(turn, gate.id, "GATE_NOT_HOME");
}

/**
 * An unconfirmed withdrawal stops the line when the next item could only just still be stopped before the gate, its
 * coast counted; a gate that provably falls by itself and does not report the contrary is left to do so.
 */
function checkUnconfirmed(turn: Turn, belt: BeltLayout, gate: GateLayout, state: GateState): void {
  const line = beltState(turn, belt.id);
  const stillOut = state.position === "out" || state.position === "between";
  if (gate.fallsByItself && !stillOut) return;
  const graceUm = (belt.speedUmPerS * (gate.busNs + gate.travelNs + HOME_SLACK_NS)) / 1e9;
  if (line.positionUm < (state.withdrawing?.sinceUm ?? 0) + graceUm && line.moving) return;
  const fromUm = gate.atUm - belt.coastUm - graceUm;
  const now = { lowUm: line.positionUm, highUm: line.positionUm };
  const isComing = itemsNear(turn, belt.id, { ...now, fromPlaceUm: fromUm, toPlaceUm: gate.atUm })
    .map((item) => frontUm(item, line.positionUm))
    .some((front) => front < gate.atUm && front >= fromUm);
  const mayCome = line.stretches.some(
    (stretch) =>
      line.positionUm - stretch.frontOriginUm >= fromUm && line.positionUm - stretch.tailOriginUm < gate.atUm,
  );
  if (isComing || mayCome) stop(turn, belt.id, `GATE_NOT_HOME:${gate.id}`);
}
