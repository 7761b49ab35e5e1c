// What the PLC answers to a recall, and the stop of the line when it does not answer in time.
import { decide } from "../decide.ts";
import type { WithdrawalOutcome } from "../device-words.ts";
import { errorUm, frontUm } from "../item-position.ts";
import type { BeltLayout, GateLayout } from "../layout.ts";
import { stop, unstop } from "../line-permits.ts";
import type { Item, Permit } from "../state.ts";
import { beltState, siteOf, type Turn, touch } from "../turn.ts";

export function recallOutcome(turn: Turn, id: number, outcome: WithdrawalOutcome): void {
  const permit = recalledBy(turn, id);
  const recall = permit?.destination?.recall;
  // In doubt: the device says it again by itself.
  if (permit === undefined || recall == null || outcome === "inDoubt" || recall.answer !== null) return;
  recall.answer = outcome;
  const item = turn.state.items.get(permit.itemId);
  if (item === undefined) return;
  touch(turn, item);
  if (item.decision === null) return;
  if (outcome === "tooLate") {
    // It goes on into its chute: whether that is a late hold is decided by what was a recall until now.
    item.decision = { ...item.decision, chuteId: permit.chuteId, refusals: [] };
    return decide(turn, item);
  }
  // A PLC that does not know the parcel does not know either where it has sent it.
  if (outcome === "unknownParcel" || item.decision.chuteId === null) return;
  const refusals = [{ clause: 0, code: recall.why, chuteId: permit.chuteId, detail: "recalled" }];
  item.decision = { ...item.decision, chuteId: null, refusals };
}

function recalledBy(turn: Turn, id: number): Permit | undefined {
  for (const permit of turn.state.permits.values()) if (permit.destination?.recall?.id === id) return permit;
  return undefined;
}

const stopOf = (itemId: number): string => `RECALL_UNCONFIRMED:${itemId}`;

/** Longest time for which an answer that comes late is none that stays out. */
const ANSWER_NS = 150_000_000;

/**
 * The law has called a parcel back, and the PLC has not said that it heard: the belt stops while it can still stop before
 * the PLC's last word. A PLC that cannot be reached drops its destinations by its own watchdog.
 */
export function checkRecall(turn: Turn, belt: BeltLayout, o: { item: Item; permit: Permit }): void {
  const { item, permit } = o;
  const recall = permit.destination?.recall;
  if (recall == null || recall.answer !== null || permit.zone.kind !== "outbound") return;
  if (item.decision?.chuteId !== null) return;
  const gate = siteOf(turn, item.layoutHash).gates.get(permit.gateId)?.gate;
  if (gate === undefined || isLeftToItself(turn, gate)) return;
  const line = beltState(turn, belt.id);
  const graceUm = (belt.speedUmPerS * (gate.busNs + ANSWER_NS)) / 1e9;
  if (line.positionUm < recall.sinceUm + graceUm) return;
  const reachUm = frontUm(item, line.positionUm) + errorUm(item, belt, line.positionUm);
  if (reachUm >= gate.atUm - (gate.finalUm ?? 0) - belt.coastUm) stop(turn, belt.id, stopOf(item.id));
}

const isLeftToItself = (turn: Turn, { deviceId, fallsByItself }: GateLayout): boolean =>
  fallsByItself && turn.state.devices.get(deviceId)?.armed !== true;

/** Stops whose parcel has its answer, or its end. */
export function endRecallStops(turn: Turn, belt: BeltLayout): void {
  const line = beltState(turn, belt.id);
  if (line.stops.length === 0) return;
  const waiting = new Set<string>();
  for (const { beltId, itemId, destination } of turn.state.permits.values())
    if (beltId === belt.id && destination?.recall?.answer === null && turn.state.items.has(itemId))
      waiting.add(stopOf(itemId));
  for (const why of [...line.stops])
    if (why.startsWith("RECALL_UNCONFIRMED:") && !waiting.has(why)) unstop(turn, belt.id, why);
}
