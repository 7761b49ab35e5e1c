// How long the journal is kept at least: numbers that the schema, the rules of a site and the gateway share.

/** How long the evidence is kept by law. Three years, a leap day among them or not, and the day in which the last one ends. */
export const EVIDENCE_DAYS = 1096;
/**
 * So old is the oldest entry that may have spent a piece of a release which is still good, 184 days at most, and the day in
 * which the last one ends: a release store that is built anew counts what was spent from the journal.
 */
export const SPENDING_DAYS = 185;
