// Segments of the journal may leave the machine before three years are over only where there is an archive, and none before what
// they say of pieces is over.
import { EVIDENCE_DAYS, SPENDING_DAYS } from "../retention.ts";
import type { Rule } from "./rule.ts";

export const evidenceIsKept: Rule = (site, report) => {
  const { retainDays, archiveFolder } = site.line.storage ?? {};
  if (retainDays === undefined || retainDays >= EVIDENCE_DAYS) return;
  const isArchived = archiveFolder !== undefined;
  if (isArchived && retainDays >= SPENDING_DAYS) return;
  const code = "CONFIG_RETENTION_TOO_SHORT";
  const after = `the journal would be deleted after ${retainDays} days`;
  report("line.yaml", ["storage", "retainDays"], {
    code,
    what: isArchived ? `${after}, and releases are good for longer` : `${after}, and there is no archive`,
    right: isArchived
      ? `${SPENDING_DAYS} days or more: a release store that is built anew counts what was spent from the journal`
      : `${EVIDENCE_DAYS} days or more, or an archiveFolder`,
  });
};
