// Which of a waybill's declarations speaks for it at an instant: of several that are valid, the most restrictive.
import type { Hold, ReleaseRecord } from "../line/release.ts";
import { restriction } from "./event.ts";
import type { Ledger } from "./ledger.ts";
import { asCorrected, spentOn } from "./ledger.ts";
import type { Declaration, HoldMark } from "./waybill.ts";
import { currentUse, stands } from "./waybill.ts";

/**
 * The record that is valid at `nowMs`, or null.
 *
 * Events of one (authority, reference) were settled by their times already. What is left side by side are words of
 * different declarations, whose clocks must not be compared: the most restrictive status wins, then the fewest pieces.
 * Declarations that disagree on stream or direction cannot both be right, so nothing among them is better than unknown.
 */
export function recordAt(o: {
  company: string;
  waybill: string;
  declarations: readonly Declaration[];
  ledger: Ledger;
  version: number;
  nowMs: number;
}): ReleaseRecord | null {
  const valid = o.declarations.filter((d) => d.validFromMs <= o.nowMs && o.nowMs < d.validToMs);
  const ruling = valid.reduce<Declaration | undefined>(
    (a, b) => (a === undefined || isStricter(b, a) ? b : a),
    undefined,
  );
  if (ruling === undefined) return null;
  const agreed = valid.every((d) => d.stream === ruling.stream && d.direction === ruling.direction);
  const status = agreed || restriction(ruling.status) > restriction("unknown") ? ruling.status : "unknown";
  return {
    company: o.company,
    waybill: o.waybill,
    validFromMs: ruling.validFromMs,
    validToMs: ruling.validToMs,
    stream: ruling.stream,
    direction: ruling.direction,
    status,
    pieces: ruling.pieces,
    spent: spentOn(asCorrected(o.ledger, o.declarations), currentUse(ruling)),
    version: o.version,
    authority: ruling.authority,
    reference: ruling.reference,
    eventAtMs: ruling.eventAtMs,
  };
}

export const standingHolds = (marks: readonly HoldMark[]): readonly Hold[] =>
  marks.filter(stands).map((mark) => ({
    authority: mark.authority,
    kind: mark.kind,
    reference: mark.reference,
    placedAtMs: mark.placedAtMs ?? 0,
  }));

/** Equal ones keep their place in the list, which is sorted by name: the outcome is the same on every look. */
function isStricter(a: Declaration, b: Declaration): boolean {
  const byStatus = restriction(a.status) - restriction(b.status);
  return byStatus !== 0 ? byStatus > 0 : a.pieces < b.pieces;
}
