// The last look before each copy of a destination: the release and the law are asked in the turn in which it is written.
import { noteSent } from "../chute-rate.ts";
import { decide, lookUp, plantRefusal, verdictOn } from "../decide.ts";
import { markDuplicates } from "../duplicates.ts";
import type { Refusal } from "../entry.ts";
import { interlock } from "../law/interlock.ts";
import { dropPermit } from "../permits.ts";
import { questionOf, wayTo } from "../question-of.ts";
import type { Item, Permit } from "../state.ts";
import { watchFired } from "../test-watch.ts";
import { count, itemById, journal, type Turn, touch } from "../turn.ts";
import type { Destination } from "./destination-state.ts";
import { recall } from "./recall.ts";

export function destinationLook(turn: Turn, id: number): void {
  const permit = turn.state.permits.get(id);
  const destination = permit?.destination;
  if (permit === undefined || destination === undefined || !isAwaited(permit, destination)) {
    turn.out.push({ kind: "withhold", id });
    return;
  }
  const item = itemById(turn, permit.itemId);
  const looks = lookUp(turn, item);
  const doubted = markDuplicates(turn, item, looks);
  const verdict = verdictOn(turn, item, looks, permit);
  const way = wayTo(turn, item, permit.chuteId);
  const refusals = interlock(questionOf(turn, { item, way, verdict, permit, phase: "lastLook" }));
  const isCopy = destination.copies > 0;
  const plant = plantRefusal(turn, { item, chuteId: permit.chuteId, phase: isCopy ? "copy" : "lastLook" });
  if (plant !== null) refusals.push(plant);
  const go = refusals.length === 0;
  turn.out.push({ kind: go ? "go" : "withhold", id });
  journal(turn, { kind: "lastLook", permit: id, go, looks, refusals, plannedNs: permit.plannedNs ?? turn.nowNs });
  count(turn, go ? "fired" : "withheld");
  touch(turn, item);
  if (go) {
    permit.state = "fired";
    watchFired(turn, item.id);
    if (!isCopy) noteSent(turn, permit.chuteId);
    destination.copies += 1;
    destination.isUnderWay = true;
    return;
  }
  withheld(turn, { item, permit, destination, refusals });
  for (const other of [item, ...doubted.filter((each) => each !== item)]) decide(turn, other);
}

/** The bus has been handed a copy that is still wanted; none is wanted once the destination was recalled. */
const isAwaited = ({ state }: Permit, { recall: recalled, isUnderWay }: Destination): boolean =>
  recalled === null && (state === "queued" || (state === "fired" && isUnderWay));

function withheld(
  turn: Turn,
  o: { item: Item; permit: Permit; destination: Destination; refusals: readonly Refusal[] },
): void {
  const { item, permit, destination, refusals } = o;
  destination.isUnderWay = false;
  // A copy before it may have reached the PLC: what was said has to be taken back.
  if (destination.copies > 0) return recall(turn, permit, refusals[0]?.code ?? "RECALLED");
  item.withheldFrom.push(permit.chuteId);
  if (item.decision !== null) item.decision = { ...item.decision, chuteId: null, refusals };
  // The bus drops it by our answer: nothing is left to cancel.
  permit.state = "reserved";
  dropPermit(turn, permit, "withheld");
}
