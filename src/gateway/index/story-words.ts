// Says in plain words what an entry of a parcel's story means; the entry itself stands beside it as evidence.
import type { LineEntry, Refusal } from "../../line/entry.ts";
import type { Zone } from "../../line/layout.ts";
import type { Look } from "../../line/release.ts";

export function storyWords(entry: LineEntry): string {
  switch (entry.kind) {
    case "item":
      return `came onto ${entry.beltId} at the eye ${entry.eyeId} as item ${entry.itemId}`;
    case "length":
      return `is ${entry.lengthUm / 1000} mm long`;
    case "telegram": {
      const read = entry.result === "noRead" ? "no code" : entry.codes.join(", ");
      const spoiled = entry.spoiled.length > 0 ? "; the telegram fits more than one item and spoils them all" : "";
      return `scanner ${entry.scannerId} read ${read}${spoiled}`;
    }
    case "decision": {
      const to = entry.chuteId === null ? "the safe end" : entry.chuteId;
      const looked = entry.looks.map(lookWords).join("; ");
      const refused = refusalWords(entry.refusals);
      const because = `${entry.why}${looked === "" ? "" : `; ${looked}`}`;
      return `decision ${entry.version}: ${entry.disposition} (${because}), to ${to}${refused}`;
    }
    case "permit": {
      const piece = entry.release === null ? "" : `; one piece of ${entry.release} is reserved`;
      return `permit ${entry.n} for gate ${entry.gateId} to ${entry.chuteId} (${zoneWords(entry.zone)})${piece}`;
    }
    case "lastLook":
      return entry.go
        ? `last look for permit ${entry.permit}: go`
        : `last look for permit ${entry.permit}: withheld${refusalWords(entry.refusals)}`;
    case "command":
      return `command of permit ${entry.permit}: ${OUTCOMES[entry.outcome]}`;
    case "giveBack":
      return `the piece reserved by permit ${entry.permit} is free again (${entry.why})`;
    case "end":
      return `${endWords(entry)} (${entry.reason})`;
    case "breach":
      return `BREACH: it left into ${entry.chuteId} unreleased: ${entry.detail}`;
    case "lateHold":
      return `a hold came after it had left into ${entry.chuteId}: the chute is locked, it has to be fetched back`;
    default:
      return entry.kind;
  }
}

const OUTCOMES = {
  notSent: "never sent",
  done: "the device has carried it out",
  refused: "the device refused it",
  inDoubt: "in doubt: sent, no answer",
} as const;

function endWords(entry: Extract<LineEntry, { kind: "end" }>): string {
  const chute = entry.chuteId ?? "the safe end";
  switch (entry.end) {
    case "arrived":
      return `arrived in ${chute}, seen by its eye`;
    case "divertedUnseen":
      return `diverted into ${chute}, not seen arriving`;
    case "misdiverted":
      return `ended in ${chute}, where it was not sent`;
    case "removed":
      return "taken off the belt by a person";
    case "lost":
      return entry.possiblyOutbound ? "lost, possibly outbound" : "lost, not outbound";
  }
}

function lookWords(look: Look): string {
  const holds = look.holds.length === 0 ? "" : `, held by ${look.holds.map((hold) => hold.authority).join(", ")}`;
  if (look.result === "error") return `${look.company}: the cache could not be read`;
  if (look.record === null) return `${look.company}: not in the cache${holds}`;
  const { status, spent, pieces, authority, reference } = look.record;
  return `${look.company}: ${status} by ${authority} ${reference}, ${spent} of ${pieces} spent${holds}`;
}

const refusalWords = (refusals: readonly Refusal[]): string =>
  refusals.length === 0
    ? ""
    : `; refused: ${refusals.map((r) => `${r.chuteId} by ${r.code}${r.clause > 0 ? ` (law ${r.clause})` : ""}`).join(", ")}`;

const zoneWords = (zone: Zone): string =>
  zone.kind === "outbound" || zone.kind === "storage" ? `${zone.kind}, ${zone.stream} ${zone.direction}` : zone.kind;
