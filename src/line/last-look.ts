// The last look: in the turn in which the command is written, the release and the law are asked once more.
import { noteBusTime } from "./bus-time.ts";
import { noteSent } from "./chute-rate.ts";
import { decide, lookUp, plantRefusal, verdictOn } from "./decide.ts";
import { markDuplicates } from "./duplicates.ts";
import { doubtGate } from "./gate-doubt.ts";
import { jogLook, jogOutcome } from "./jog.ts";
import { interlock } from "./law/interlock.ts";
import { dropPermit } from "./permits.ts";
import { questionOf, wayTo } from "./question-of.ts";
import type { CommandOutcome } from "./step.ts";
import { watchAnswered, watchFired } from "./test-watch.ts";
import { count, gateState, itemById, journal, type Turn, touch, touchGate } from "./turn.ts";

export function lastLook(turn: Turn, id: number): void {
  const { jog } = turn.state;
  if (jog?.id === id) return jogLook(turn, jog);
  const permit = turn.state.permits.get(id);
  if (permit === undefined || permit.state !== "queued") {
    turn.out.push({ kind: "withhold", id });
    return;
  }
  const item = itemById(turn, permit.itemId);
  const way = wayTo(turn, item, permit.chuteId);
  const looks = lookUp(turn, item);
  const doubted = markDuplicates(turn, item, looks);
  const verdict = verdictOn(turn, item, looks, permit);
  const plant = plantRefusal(turn, { item, chuteId: permit.chuteId, phase: "lastLook" });
  const refusals = interlock(questionOf(turn, { item, way, verdict, permit, phase: "lastLook" }));
  if (plant !== null) refusals.push(plant);
  const go = refusals.length === 0;
  turn.out.push({ kind: go ? "go" : "withhold", id });
  const plannedNs = permit.plannedNs ?? turn.nowNs;
  journal(turn, {
    kind: "lastLook",
    permit: id,
    go,
    looks,
    refusals,
    plannedNs,
  });
  count(turn, go ? "fired" : "withheld");
  if (!go) {
    if (item.decision !== null) item.decision = { ...item.decision, chuteId: null, refusals };
    item.withheldFrom.push(permit.chuteId);
    // The bus drops it by our answer: nothing is left to cancel.
    permit.state = "reserved";
    dropPermit(turn, permit, "withheld");
    for (const other of [item, ...doubted.filter((each) => each !== item)]) decide(turn, other);
    return;
  }
  permit.state = "fired";
  watchFired(turn, permit.itemId);
  noteSent(turn, permit.chuteId);
  touch(turn, item);
  permit.homeAtUm = way.window.homeAtUm;
  const gate = gateState(turn, permit.gateId);
  gate.lastFired = id;
  gate.homeAtUm = Math.max(gate.homeAtUm ?? way.window.homeAtUm, way.window.homeAtUm);
  gate.lastMove = { chuteId: permit.chuteId, homeAtUm: gate.homeAtUm };
  touchGate(turn, gate.id);
}

export function commandOutcome(turn: Turn, id: number, outcome: CommandOutcome): void {
  const { jog } = turn.state;
  if (jog?.id === id) return jogOutcome(turn, jog, outcome);
  const permit = turn.state.permits.get(id);
  // Cancelled, withheld or expired before: the bus only says that it did not send it.
  if (permit === undefined) return;
  journal(turn, { kind: "command", permit: id, outcome });
  count(turn, `command.${outcome}`);
  const item = turn.state.items.get(permit.itemId);
  switch (outcome) {
    case "done":
      permit.state = "done";
      noteBusTime(turn, permit);
      watchAnswered(turn, permit.itemId);
      if (item === undefined) turn.state.permits.delete(id);
      return;
    case "inDoubt":
      if (item === undefined) turn.state.permits.delete(id);
      return doubtGate(turn, { gateId: permit.gateId, id });
    case "notSent":
    case "refused":
    case "tooLate":
    case "unknownParcel": {
      if (outcome === "notSent") count(turn, "lateDropped");
      if (outcome === "notSent") count(turn, "lateDropped.busLate");
      if (item === undefined) {
        turn.state.permits.delete(id);
        return;
      }
      permit.state = "reserved";
      dropPermit(turn, permit, outcome === "notSent" ? "notSent" : "refused");
      const gate = gateState(turn, permit.gateId);
      if (gate.lastFired === id && gate.position === "home") gate.homeAtUm = null;
      touchGate(turn, gate.id);
      item.atGateNs = null;
      item.passedGateNs = null;
      noteRefusal(item, { chuteId: permit.chuteId, outcome: outcome === "notSent" ? "notSent" : "refused" });
      return;
    }
    default:
      outcome satisfies never;
  }
}

function noteRefusal(
  item: ReturnType<typeof itemById>,
  what: { chuteId: string; outcome: "notSent" | "refused" },
): void {
  if (item.decision === null) return;
  const code = what.outcome === "notSent" ? "LAW_LATE" : "GATE_REFUSED";
  const clause = what.outcome === "notSent" ? 6 : 0;
  item.decision = {
    ...item.decision,
    chuteId: null,
    refusals: [{ clause, code, chuteId: what.chuteId, detail: what.outcome }],
  };
}
