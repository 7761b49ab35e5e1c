// What customs says of a parcel now, from the looks at the release cache; everything but a clear release is not one.
import type { Identity } from "./entry.ts";
import type { Disposition } from "./layout.ts";
import type { Hold, Look, ReleaseRecord } from "./release.ts";

export interface Verdict {
  disposition: Disposition;
  /** A reason of the fault table. */
  why: string;
  /** The one record found; null: none, or more than one. */
  record: ReleaseRecord | null;
  holds: readonly Hold[];
}

export interface VerdictQuestion {
  identity: Identity;
  /**
   * One look for each company that the code may belong to. Looks under another waybill are of codes that were read besides on
   * what may be two parcels: where customs knows one of those too, nobody can say whose label is whose.
   */
  looks: readonly Look[];
  freshnessMaxAgeNs: number;
  /** Pieces that the record found may still let leave. */
  piecesLeft: (record: ReleaseRecord) => number;
}

export function judge(question: VerdictQuestion): Verdict {
  const { identity } = question;
  const isOwn = (look: Look): boolean => identity.kind !== "code" || look.waybill === identity.waybill;
  const looks = question.looks.filter(isOwn);
  const holds = looks.flatMap((look) => look.holds);
  const unknown = (why: string, record: ReleaseRecord | null = null): Verdict => ({
    disposition: holds.length > 0 ? heldAs(holds) : "unknown",
    why: holds.length > 0 ? "HELD" : why,
    record,
    holds,
  });
  if (identity.kind === "test") return unknown("TEST_PARCEL");
  if (identity.kind === "noRead") return unknown("NO_READ");
  if (identity.kind === "conflict") return unknown("READ_CONFLICT");
  if (question.looks.some((look) => look.result === "error")) return unknown("RELEASE_UNREADABLE");
  const isOfAnother = (look: Look): boolean => !isOwn(look) && (look.record !== null || look.holds.length > 0);
  if (question.looks.some(isOfAnother)) return unknown("READ_CONFLICT");
  const found = looks.filter((look) => look.record !== null);
  const [hit, second] = found;
  if (hit === undefined || hit.record === null) return unknown("RELEASE_NOT_FOUND");
  if (second !== undefined) return unknown("RELEASE_AMBIGUOUS");
  const record = hit.record;
  if (holds.length > 0) return { disposition: heldAs(holds), why: "HELD", record, holds };
  if (record.status !== "released")
    return {
      disposition: record.status,
      why: statusReason(record.status),
      record,
      holds,
    };
  if (hit.feedAgeNs === null || hit.feedAgeNs > question.freshnessMaxAgeNs) return unknown("RELEASE_STALE", record);
  if (question.piecesLeft(record) < 1) return unknown("RELEASE_SPENT", record);
  return { disposition: "released", why: "RELEASED", record, holds };
}

/** Any hold beats any release (law 2); one that only asks for inspection sends the parcel to the inspection room. */
const heldAs = (holds: readonly Hold[]): Disposition =>
  holds.every((hold) => hold.kind === "inspect") ? "inspect" : "hold";

function statusReason(status: Disposition): string {
  switch (status) {
    case "inspect":
      return "INSPECT";
    case "hold":
      return "HELD";
    case "return":
      return "RETURN";
    case "pending":
      return "RELEASE_PENDING";
    case "unknown":
      return "RELEASE_UNKNOWN";
    case "released":
      return "RELEASED";
    default:
      return status satisfies never;
  }
}
