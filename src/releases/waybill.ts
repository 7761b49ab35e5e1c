// What is known of one waybill, and how an event changes it: the same events in any order, repeated or not, end alike.
import type { DeclarationEvent, HoldEvent, ReleaseEvent } from "./event.ts";
import { restriction } from "./event.ts";
import { joined, overlap, type Window } from "./windows.ts";

/** More names than this and the waybill is `saturated`: no longer counted, and never released. */
export const maxDeclarations = 64;
export const maxHolds = 64;

type Said = Omit<DeclarationEvent, "kind" | "company" | "waybill">;

/** The newest event of one declaration, and what its validity has been. */
export interface Declaration extends Said {
  /** Every validity that was ever said of it, by older events too, joined into uses of the number; left out: only its own. */
  uses?: readonly Window[];
}

/** One hold's name with the newest placing and the newest lift seen of it, in whatever order they came. */
export interface HoldMark {
  authority: string;
  kind: string;
  reference: string;
  /** null: a lift came for a hold that was not seen yet. */
  placedAtMs: number | null;
  liftedAtMs: number | null;
}

/** "saturated" absorbs every further event, so that it too does not depend on their order. */
export type Declarations = readonly Declaration[] | "saturated";
export type HoldMarks = readonly HoldMark[] | "saturated";

export interface WaybillState {
  /** Sorted by (authority, reference), each name once. */
  declarations: Declarations;
  /** Sorted by (authority, kind, reference), each name once. */
  holds: HoldMarks;
}

export const emptyWaybill: WaybillState = { declarations: [], holds: [] };

/** The state after the event; the very same object when the event says nothing new. */
export function applyEvent(state: WaybillState, event: ReleaseEvent): WaybillState {
  if (event.kind === "release") {
    const declarations = applyDeclaration(state.declarations, event);
    return declarations === state.declarations ? state : { ...state, declarations };
  }
  const holds = applyHold(state.holds, event);
  return holds === state.holds ? state : { ...state, holds };
}

export function applyDeclaration(known: Declarations, event: DeclarationEvent): Declarations {
  if (known === "saturated") return known;
  const { kind: _kind, company: _company, waybill: _waybill, ...said } = event;
  const before = known.find((d) => d.authority === said.authority && d.reference === said.reference);
  const usesBefore = before === undefined ? [] : usesOf(before);
  const uses = joined(usesBefore, said);
  const newest = before === undefined || supersedes(said, before) ? said : before;
  if (newest === before && uses === usesBefore) return known;
  const next = [...known.filter((d) => d !== before), withUses(newest, uses)].sort(byName);
  return next.length > maxDeclarations ? "saturated" : next;
}

export function applyHold(known: HoldMarks, event: HoldEvent): HoldMarks {
  if (known === "saturated") return known;
  const name = { authority: event.authority, kind: event.holdKind, reference: event.reference };
  const before = known.find((h) => byName(h, name) === 0);
  const was = before ?? { ...name, placedAtMs: null, liftedAtMs: null };
  const now =
    event.kind === "hold"
      ? { ...was, placedAtMs: later(was.placedAtMs, event.eventAtMs) }
      : { ...was, liftedAtMs: later(was.liftedAtMs, event.eventAtMs) };
  if (now.placedAtMs === was.placedAtMs && now.liftedAtMs === was.liftedAtMs) return known;
  const next = [...known.filter((h) => h !== before), now].sort(byName);
  return next.length > maxHolds ? "saturated" : next;
}

export const usesOf = ({ validFromMs, validToMs, uses }: Declaration): readonly Window[] =>
  uses ?? [{ validFromMs, validToMs }];

/** The use that the declaration is valid in now: whatever was spent in it, or in a window that overlaps it, is spent. */
export const currentUse = (d: Declaration): Window => usesOf(d).find((use) => overlap(use, d)) ?? d;

/** A lift counts against placings before it; at the same instant the hold stands. */
export const stands = (hold: HoldMark): boolean =>
  hold.placedAtMs !== null && (hold.liftedAtMs === null || hold.placedAtMs >= hold.liftedAtMs);

/**
 * Newer wins. At the same event time the more restrictive wins: by status, then fewer pieces, then the shorter
 * validity; stream and direction last, only so that the outcome never depends on the order of arrival.
 */
function supersedes(a: Declaration, b: Declaration): boolean {
  const rank = (d: Declaration): readonly number[] => [
    d.eventAtMs,
    restriction(d.status),
    -d.pieces,
    -d.validToMs,
    d.validFromMs,
    d.stream === "cbec" ? 1 : 0,
    d.direction === "export" ? 1 : 0,
  ];
  const ranksA = rank(a);
  const ranksB = rank(b);
  const first = ranksA.findIndex((value, i) => value !== ranksB[i]);
  return first !== -1 && Number(ranksA[first]) > Number(ranksB[first]);
}

function withUses({ uses: _before, ...said }: Declaration, uses: readonly Window[]): Declaration {
  const [use] = uses;
  const isItsOwn = use?.validFromMs === said.validFromMs && use.validToMs === said.validToMs;
  return uses.length === 1 && isItsOwn ? said : { ...said, uses };
}

const later = (a: number | null, b: number): number => (a === null ? b : Math.max(a, b));

interface Name {
  authority: string;
  kind?: string;
  reference: string;
}

/** Code units, not a locale: the order must be the same on every machine. */
function byName(a: Name, b: Name): number {
  const fields: readonly [string, string][] = [
    [a.authority, b.authority],
    [a.kind ?? "", b.kind ?? ""],
    [a.reference, b.reference],
  ];
  const different = fields.find(([x, y]) => x !== y);
  if (different === undefined) return 0;
  return different[0] < different[1] ? -1 : 1;
}
