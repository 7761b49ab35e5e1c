// What the release cache answers: the whole record or the miss, the holds, and how fresh the feed is.
import type { Direction, Disposition, Stream } from "./layout.ts";

/** A hold stands until its own lift; it exists without a record and outlives one (law 2). */
export interface Hold {
  authority: string;
  kind: string;
  reference: string;
  /** Event time of the authority, ms since 1970; compared only within one (authority, reference). */
  placedAtMs: number;
}

export interface ReleaseRecord {
  company: string;
  waybill: string;
  /** The record is good from `validFromMs` (inclusive) to `validToMs` (exclusive), wall time, ms since 1970. */
  validFromMs: number;
  validToMs: number;
  stream: Stream;
  direction: Direction;
  /** What the declaration itself says; holds are counted apart. */
  status: Disposition;
  /** Pieces that may leave, 1..9999. */
  pieces: number;
  /** Pieces spent as far as the gateway has carried the journal over. */
  spent: number;
  /** Grows with every change of the record or its holds. */
  version: number;
  authority: string;
  reference: string;
  eventAtMs: number;
}

export interface Look {
  company: string;
  waybill: string;
  /** "error": the store could not be read; never released. */
  result: "record" | "miss" | "error";
  /** Present exactly when result is "record". */
  record: ReleaseRecord | null;
  /** All standing holds of (company, waybill), record or not. */
  holds: readonly Hold[];
  /** Age of the feed's last heartbeat on the monotonic clock, ns; null: none on this boot. */
  feedAgeNs: number | null;
  /** Identity of the journal that the gateway has carried into the store; null: none, or one without an identity. */
  carriedJournal: string | null;
  /** The last line entry of that journal whose spending is in the store; 0: none. */
  carriedEntry: number;
  /** What went wrong, for "error". */
  detail?: string;
}

/** Injected into the core: synchronous, a few µs, never throws (a failure is result "error"). */
export interface ReleasePort {
  /** Looks among the records valid now (wall time is the port's own matter). */
  look(company: string, waybill: string): Look;
}

/** Names a release in the journal and the ledger of spent pieces. */
export const releaseKey = (r: { company: string; waybill: string; validFromMs: number }): string =>
  `${r.company}/${r.waybill}/${r.validFromMs}`;

/** The parcel of a release, which it keeps when customs moves its validity. Neither part can hold a slash. */
export function parcelOf(release: string): { company: string; waybill: string } {
  const [company = "", waybill = ""] = release.split("/");
  return { company, waybill };
}
