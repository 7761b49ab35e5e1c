// What a PLC that tracks parcels itself reports of them, in the order in which it happened.

/** seen: its eye at the chute's mouth, or at the belt's end, saw it; unseen: sent there, and nothing said the contrary. */
export type ReportedEnd = "seen" | "unseen" | "lost";

export type PlcReport =
  /** Its front was at the induction eye when the belt's counter read `count`. The number is the PLC's, 1..2^32-1. */
  | { kind: "came"; trackingId: number; count: number }
  /** Its tail has left the induction eye. */
  | { kind: "passed"; trackingId: number; count: number }
  /** Its one end. `trackingId` 0: the PLC does not know which parcel it was; `chuteId` null: nor where it is. */
  | { kind: "ended"; trackingId: number; how: ReportedEnd; chuteId: string | null }
  /** restarted: the PLC knows none of the parcels on the belt any more; missed: it wrote over reports that nobody had read. */
  | { kind: "forgot"; why: "restarted" | "missed" };
