// What an officer at the line says of a waybill, as the store takes it; from the command itself, or from its journal entry.
import { type LineCommand, readCommand } from "../line/command.ts";
import type { LineEntry } from "../line/entry.ts";
import type { HoldEvent } from "../releases/event.ts";

/**
 * @param eventAtMs of the first giving: a hold that is sent again after its lift stays lifted
 * @returns null: the command is about something else
 */
export function officersHold(what: LineCommand, who: string, eventAtMs: number): HoldEvent | null {
  if (what.command !== "holdCode" && what.command !== "liftCode") return null;
  const { company, waybill, reference } = what;
  const kind = what.command === "holdCode" ? "hold" : "lift";
  return {
    kind,
    company,
    waybill,
    authority: `officer:${what.officer ?? who}`,
    holdKind: "officer",
    reference,
    eventAtMs,
  };
}

/**
 * The line has taken it and its entry is durable: it stands, whatever became of the gateway that had asked. A lift does not:
 * the gateway that knows whose token it was writes it, and no entry of the journal lets a parcel go.
 */
export function officersHoldOf(entry: LineEntry): HoldEvent | null {
  if (entry.kind !== "operator" || entry.command !== "holdCode" || !entry.accepted || entry.asked === undefined)
    return null;
  const [who, said] = JSON.parse(entry.asked) as [string, Record<string, unknown>];
  const what = readCommand(said);
  return typeof what === "string" ? null : officersHold(what, who, entry.eventAtMs);
}
