// Segments of the journal may leave the machine before three years are over only where there is an archive.
import { EVIDENCE_DAYS } from "../retention.ts";
import type { Rule } from "./rule.ts";

export const evidenceIsKept: Rule = (site, report) => {
  const { retainDays, archiveFolder } = site.line.storage ?? {};
  if (retainDays === undefined || retainDays >= EVIDENCE_DAYS || archiveFolder !== undefined) return;
  report("line.yaml", ["storage", "retainDays"], {
    code: "CONFIG_RETENTION_TOO_SHORT",
    what: `the journal would be deleted after ${retainDays} days, and there is no archive`,
    right: `${EVIDENCE_DAYS} days or more, or an archiveFolder`,
  });
};
