// How long the evidence is kept by law: a number that the schema, the rules of a site and the gateway share.

/** Three years, a leap day among them or not, and the day in which the last one ends. */
export const EVIDENCE_DAYS = 1096;
