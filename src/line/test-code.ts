// The codes of test parcels: a space of their own, of which no feed may speak and in which no waybill may lie.

const TEST_CODE = /^COLINE-TEST-[0-9]{2}$/;

/** @param text normalised, as codes are compared */
export const isTestCode = (text: string): boolean => TEST_CODE.test(text);

/** All of them: COLINE-TEST-00 to COLINE-TEST-99. So few that a site's patterns are tried on each. */
export const TEST_CODES: readonly string[] = Array.from(
  { length: 100 },
  (_, number) => `COLINE-TEST-${String(number).padStart(2, "0")}`,
);
