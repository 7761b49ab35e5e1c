// Whether a segment may be deleted by its age, and what must be known before.
import { EVIDENCE_DAYS } from "../../config/retention.ts";

const DAY_MS = 24 * 3600 * 1000;

/**
 * "ifArchived": only when the archive's copy was read and is whole. With an archive that is always so: whoever names
 * one wants all of it there.
 * @param o.newestMs wall time of the segment's newest line, ms since 1970; null: not known, which keeps it
 */
export function judgeAge(o: {
  newestMs: number | null;
  nowMs: number;
  retainDays: number;
  hasArchive: boolean;
}): "keep" | "ifArchived" | "delete" {
  const { newestMs, nowMs, retainDays, hasArchive } = o;
  if (newestMs === null || nowMs - newestMs <= retainDays * DAY_MS) return "keep";
  if (hasArchive) return "ifArchived";
  return nowMs - newestMs <= EVIDENCE_DAYS * DAY_MS ? "keep" : "delete";
}
