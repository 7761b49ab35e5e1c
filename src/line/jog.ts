// A gate that is moved by hand: out to one of its chutes and home again, while its belt stands empty and people are at it.
import type { CommandRequest, LineCommand } from "./command.ts";
import type { CommandHandler, CommandRefusal } from "./command-handler.ts";
import { doubtGate } from "./gate-doubt.ts";
import type { BeltLayout, GateLayout } from "./layout.ts";
import { windowCounts } from "./permit-counts.ts";
import type { Jog, JogEnd } from "./plant-state.ts";
import type { CommandOutcome } from "./step.ts";
import { isStillEmpty, stands } from "./still-belt.ts";
import { activeSite, beltState, count, gateState, journal, must, type Turn, touchGate } from "./turn.ts";
import { withdraw } from "./withdrawals.ts";

/** An entry that is not durable and a bus that is not free within this time: nobody waits for that gate any more. */
const WITHIN_NS = 2_000_000_000;
/** It stays out for its travel and this long, so that a person sees it. */
const SHOWN_NS = 700_000_000;
/** Of the device's own end, should Coline's be lost: so much later. */
const DEVICE_SLACK_NS = 300_000_000;
/** A gate that is not home this long after its travel is `GATE_NOT_HOME`'s matter. */
const HOME_WITHIN_NS = 1_000_000_000;
/** The command is true while the belt stands here, give or take this much; moved further, the gate goes home by itself. */
const STANDS_WITHIN_UM = 20_000;

type JogCommand = Extract<LineCommand, { command: "jogGate" }>;

export const jogCommand: CommandHandler = {
  judge(turn, request) {
    const { gateId, chuteId } = request.what as JogCommand;
    const found = activeSite(turn).gates.get(gateId);
    if (found === undefined) return { code: "COMMAND_TARGET_UNKNOWN", detail: gateId };
    if (!found.gate.chuteIds.includes(chuteId)) return { code: "COMMAND_TARGET_UNKNOWN", detail: chuteId };
    // A PLC that tracks is told parcels' destinations, and moves its gates itself.
    if (found.belt.tracker !== undefined)
      return { code: "COMMAND_GATE_NOT_READY", detail: `${gateId}: its PLC moves it` };
    const { jog } = turn.state;
    if (jog !== null) return { code: "COMMAND_JOG_RUNS", detail: jog.gateId };
    return notNow(turn, found.belt) ?? gateNotReady(turn, found.gate);
  },
  carryOut(turn, request) {
    begin(turn, request, request.what as JogCommand);
  },
};

/** What has to hold from the command to the gate's way home: in manual mode, held down, still, and empty. */
function notNow(turn: Turn, belt: BeltLayout): CommandRefusal {
  const state = beltState(turn, belt.id);
  if (state.mode.mode !== "manual") return { code: "COMMAND_NOT_MANUAL", detail: state.mode.mode };
  if (state.runPermit) return { code: "COMMAND_RUN_PERMIT_ON", detail: belt.id };
  if (!stands(belt, state)) return { code: "COMMAND_BELT_MOVES", detail: belt.id };
  return isStillEmpty(belt, state) ? null : { code: "COMMAND_BELT_NOT_EMPTY", detail: belt.id };
}

function gateNotReady(turn: Turn, gate: GateLayout): CommandRefusal {
  const { inDoubt, withdrawing, position } = gateState(turn, gate.id);
  const isArmed = turn.state.devices.get(gate.deviceId)?.armed === true;
  const isElsewhere = gate.hasHomeFeedback && position !== "home";
  const why = inDoubt ? "in doubt" : withdrawing !== null || isElsewhere ? "not home" : isArmed ? null : "not armed";
  return why === null ? null : { code: "COMMAND_GATE_NOT_READY", detail: `${gate.id}: ${why}` };
}

/** The entry's number is the command's, as a permit's is (law 7). */
function begin(turn: Turn, request: CommandRequest, { gateId, chuteId }: JogCommand): void {
  const id = journal(turn, { kind: "jog", gateId, chuteId, command: request.id, who: request.who });
  const untilNs = turn.nowNs + WITHIN_NS;
  const times = { untilNs, firedNs: null, answeredNs: null, outNs: null, homewardNs: null };
  turn.state.jog = { id, command: request.id, gateId, chuteId, step: "written", ...times };
  turn.state.lastJog = null;
}

/** After each input, while a gate is being moved: what is due of it. */
export function tickJog(turn: Turn): void {
  const { jog } = turn.state;
  if (jog === null) return;
  const found = activeSite(turn).gates.get(jog.gateId);
  // Another chute map without this gate: its device has a watchdog, and the map a restart behind it.
  if (found === undefined) return end(turn, "brokenOff", "COMMAND_TARGET_UNKNOWN");
  const { gate, belt } = found;
  const refusal = notNow(turn, belt);
  switch (jog.step) {
    case "written":
      if (refusal !== null) return end(turn, "withheld", refusal.code);
      if (turn.nowNs > jog.untilNs) return end(turn, "notSent", "LAW_NOT_WRITTEN");
      if (jog.id <= turn.state.durableEntry) handOver(turn, jog, gate, belt);
      return;
    case "queued":
      // The bus asks once more before it sends, and says what became of it when its time is over.
      return;
    case "out":
      return whileOut(turn, jog, gate, refusal?.code ?? null);
    case "homeward":
      return whileHomeward(turn, jog, gate);
    default:
      jog.step satisfies never;
  }
}

function handOver(turn: Turn, jog: Jog, gate: GateLayout, belt: BeltLayout): void {
  const state = beltState(turn, belt.id);
  const { positionUm } = state;
  const outUm = positionUm + STANDS_WITHIN_UM;
  jog.step = "queued";
  turn.out.push({
    kind: "permit",
    id: jog.id,
    gateId: gate.id,
    chuteId: jog.chuteId,
    fromNs: turn.nowNs,
    untilNs: jog.untilNs,
    window: windowCounts(state, belt, {
      ...{ fromUm: positionUm - STANDS_WITHIN_UM, untilUm: outUm, homeAtUm: outUm },
      ...{ fireUm: positionUm, errorUm: 0 },
    }),
    maxOutMs: Math.ceil((gate.travelNs + SHOWN_NS + DEVICE_SLACK_NS) / 1e6),
  });
}

/** The bus is free for it: everything is asked once more, in the turn in which it is sent. */
export function jogLook(turn: Turn, jog: Jog): void {
  if (jog.step !== "queued") {
    turn.out.push({ kind: "withhold", id: jog.id });
    return;
  }
  const found = activeSite(turn).gates.get(jog.gateId);
  const refusal = found === undefined ? null : (notNow(turn, found.belt) ?? gateNotReady(turn, found.gate));
  const go = found !== undefined && refusal === null;
  turn.out.push({ kind: go ? "go" : "withhold", id: jog.id });
  if (!go) return end(turn, "withheld", refusal?.code ?? null);
  const { gate, belt } = found;
  jog.step = "out";
  jog.firedNs = turn.nowNs;
  const state = gateState(turn, gate.id);
  state.lastFired = jog.id;
  // Whatever the belt moves from here on, the gate has no business being out.
  state.homeAtUm = beltState(turn, belt.id).positionUm + 1;
  touchGate(turn, gate.id);
  count(turn, "jogs");
}

export function jogOutcome(turn: Turn, jog: Jog, outcome: CommandOutcome): void {
  journal(turn, { kind: "command", permit: jog.id, outcome });
  switch (outcome) {
    case "done":
      jog.answeredNs = turn.nowNs;
      return;
    case "notSent":
    case "refused":
    case "tooLate":
    case "unknownParcel": {
      const state = gateState(turn, jog.gateId);
      if (state.lastFired === jog.id) state.homeAtUm = null;
      touchGate(turn, jog.gateId);
      const isSent = outcome !== "notSent";
      return end(turn, isSent ? "refused" : "notSent", isSent ? "GATE_REFUSED" : "LAW_LATE");
    }
    case "inDoubt":
      // The belt stands, and could be started before anybody has settled it.
      doubtGate(turn, jog);
      goHome(turn, jog, "GATE_IN_DOUBT");
      return end(turn, "inDoubt", "GATE_IN_DOUBT");
    default:
      outcome satisfies never;
  }
}

function whileOut(turn: Turn, jog: Jog, gate: GateLayout, why: string | null): void {
  const state = gateState(turn, gate.id);
  if (jog.outNs === null && state.position === "out") jog.outNs = turn.nowNs;
  // Somebody else has called it home: an emergency stop, a device that is away.
  if (state.withdrawing !== null || state.homeAtUm === null) return goHome(turn, jog, why);
  const isOver = turn.nowNs >= (jog.firedNs ?? 0) + gate.travelNs + SHOWN_NS;
  if (isOver || why !== null) goHome(turn, jog, why);
}

function goHome(turn: Turn, jog: Jog, why: string | null): void {
  jog.step = "homeward";
  jog.homewardNs = turn.nowNs;
  jog.why = why;
  withdraw(turn, jog.gateId, why ?? "JOG_OVER");
  gateState(turn, jog.gateId).homeAtUm = null;
  touchGate(turn, jog.gateId);
}

function whileHomeward(turn: Turn, jog: Jog, gate: GateLayout): void {
  // The device's word always comes, and may be that nobody knows: until then it is not over.
  if (jog.answeredNs === null) return;
  const { withdrawing, position } = gateState(turn, gate.id);
  const isHome = withdrawing === null && (!gate.hasHomeFeedback || position === "home");
  if (isHome) return end(turn, jog.why == null ? "done" : "brokenOff", jog.why ?? null);
  if (turn.nowNs > (jog.homewardNs ?? 0) + gate.travelNs + HOME_WITHIN_NS) end(turn, "notHome", "GATE_NOT_HOME");
}

/** When something of it is due although nothing happens; Infinity: nothing. */
export function jogDueNs(turn: Turn): number {
  const { jog } = turn.state;
  // What the bus is asked for it answers, and nothing is gained by asking the time meanwhile.
  const awaitsBus = jog?.step === "queued" || (jog?.step === "homeward" && jog.answeredNs === null);
  if (jog === null || awaitsBus) return Number.POSITIVE_INFINITY;
  const travelNs = activeSite(turn).gates.get(jog.gateId)?.gate.travelNs ?? 0;
  if (jog.step === "out") return (jog.firedNs ?? 0) + travelNs + SHOWN_NS;
  if (jog.step === "homeward") return (jog.homewardNs ?? 0) + travelNs + HOME_WITHIN_NS + 1;
  return jog.untilNs + 1;
}

function end(turn: Turn, how: JogEnd, why: string | null): void {
  const jog = must(turn.state.jog, "jog", "that ends");
  const { firedNs, answeredNs, outNs, homewardNs } = jog;
  const took = (fromNs: number | null, toNs: number | null): number | null =>
    fromNs === null || toNs === null ? null : toNs - fromNs;
  const isHomeSeen = how === "done" && activeSite(turn).gates.get(jog.gateId)?.gate.hasHomeFeedback === true;
  const found = {
    ...{ jog: jog.id, end: how, why },
    answeredNs: took(firedNs, answeredNs),
    outNs: took(firedNs, outNs),
    homeNs: isHomeSeen ? took(homewardNs, turn.nowNs) : null,
  };
  journal(turn, { kind: "jogEnd", ...found });
  turn.state.lastJog = { ...found, command: jog.command, gateId: jog.gateId, chuteId: jog.chuteId };
  turn.state.jog = null;
}
