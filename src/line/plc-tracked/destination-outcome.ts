// What became of a copy of a destination: taken, refused, or unanswered, so that another copy of the same number is due.
import { noteBusTime } from "../bus-time.ts";
import type { CommandOutcome } from "../device-words.ts";
import { dropPermit } from "../permits.ts";
import type { Item, Permit } from "../state.ts";
import { watchAnswered } from "../test-watch.ts";
import { count, journal, type Turn, touch } from "../turn.ts";
import type { Destination } from "./destination-state.ts";

export function destinationOutcome(turn: Turn, id: number, outcome: CommandOutcome): void {
  const permit = turn.state.permits.get(id);
  const destination = permit?.destination;
  if (permit === undefined || destination === undefined) return;
  journal(turn, { kind: "command", permit: id, outcome });
  count(turn, `command.${outcome}`);
  destination.isUnderWay = false;
  const item = turn.state.items.get(permit.itemId);
  if (item === undefined) {
    // It had its end before the bus had said its word.
    turn.state.permits.delete(id);
    return;
  }
  touch(turn, item);
  switch (outcome) {
    case "done":
      permit.state = "done";
      noteBusTime(turn, permit);
      watchAnswered(turn, item.id);
      return;
    case "inDoubt":
      return;
    case "notSent":
      count(turn, "lateDropped");
      count(turn, "lateDropped.busLate");
      if (destination.copies === 0) notTaken(turn, { item, permit, outcome });
      return;
    case "refused":
    case "tooLate":
    case "unknownParcel":
      if (isSettledBy(outcome, destination)) return notTaken(turn, { item, permit, outcome });
      // There is nothing left to say to the PLC about it.
      destination.recall ??= { id: 0, sinceUm: 0, why: CODES[outcome].code, answer: "unknownParcel" };
      return;
    default:
      outcome satisfies never;
  }
}

/**
 * The PLC answers every copy of one number alike, so that its no is the no to all of them. But of a parcel that it does not
 * know any more it does not know either what it had answered before: only the parcel's end tells then.
 */
const isSettledBy = (outcome: CommandOutcome, { copies }: Destination): boolean =>
  outcome !== "unknownParcel" || copies === 1;

const CODES = {
  notSent: { clause: 6, code: "LAW_LATE" },
  refused: { clause: 0, code: "DESTINATION_REFUSED" },
  tooLate: { clause: 6, code: "DESTINATION_TOO_LATE" },
  unknownParcel: { clause: 0, code: "DESTINATION_UNKNOWN_PARCEL" },
} as const;

/** The PLC never will act on it: the parcel rides to the safe end, and its piece is free again. */
function notTaken(turn: Turn, o: { item: Item; permit: Permit; outcome: keyof typeof CODES }): void {
  const { item, permit, outcome } = o;
  const { chuteId } = permit;
  permit.state = "reserved";
  dropPermit(turn, permit, outcome === "notSent" ? "notSent" : "refused");
  if (outcome !== "notSent") item.withheldFrom.push(chuteId);
  if (item.decision === null) return;
  item.decision = {
    ...item.decision,
    chuteId: null,
    refusals: [{ ...CODES[outcome], chuteId, detail: outcome }],
  };
}
