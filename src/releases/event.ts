// What customs can say of a waybill, as plain data: a declaration's status, a hold, the lift of a hold.
import type { Direction, Disposition, Stream } from "../line/layout.ts";

export type ReleaseEvent = DeclarationEvent | HoldEvent;

/** The status of one declaration, named by (authority, reference); the newest event of that name is the declaration. */
export interface DeclarationEvent {
  kind: "release";
  company: string;
  waybill: string;
  stream: Stream;
  direction: Direction;
  status: Disposition;
  /** 1..9999. */
  pieces: number;
  /** Wall time, ms since 1970: good from `validFromMs` (inclusive) to `validToMs` (exclusive). */
  validFromMs: number;
  validToMs: number;
  authority: string;
  reference: string;
  /** The authority's own clock, ms since 1970; never compared with another authority's. */
  eventAtMs: number;
}

/** A hold is named by (authority, holdKind, reference), and falls only to a lift of the same name. */
export interface HoldEvent {
  kind: "hold" | "lift";
  company: string;
  waybill: string;
  authority: string;
  holdKind: string;
  reference: string;
  eventAtMs: number;
}

/** It can keep a parcel in, or call it back after it has left. */
export const keepsIn = (event: ReleaseEvent): boolean =>
  event.kind === "hold" || (event.kind === "release" && event.status !== "released");

/** From what lets a parcel go to what keeps it most surely: where two words stand side by side, the later one rules. */
const byRestriction: readonly Disposition[] = ["released", "pending", "unknown", "inspect", "return", "hold"];

/** 0 (released) to 5 (hold). */
export const restriction = (status: Disposition): number => byRestriction.indexOf(status);
