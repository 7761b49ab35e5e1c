// No pattern takes a test parcel's code for a waybill: what bears it is nobody's parcel.
import { compilePatterns } from "../../line/barcode.ts";
import { hasValidCheckDigit } from "../../line/check-digits.ts";
import { TEST_CODES } from "../../line/test-code.ts";
import { entries } from "../draft.ts";
import type { Rule } from "./rule.ts";

export const testCodesAreFree: Rule = (site, report) => {
  for (const [index, { id = "", pattern, check = "none" }] of entries(site.customs.codes)) {
    if (pattern === undefined) continue;
    const [compiled] = compilePatterns([{ id, regex: pattern, check, companies: [], rank: 1 }]);
    const taken = TEST_CODES.find((text) => compiled?.regex.test(text) === true && hasValidCheckDigit(text, check));
    if (taken === undefined) continue;
    report("customs.yaml", ["codes", index, "pattern"], {
      code: "CONFIG_TEST_CODE_TAKEN",
      what: `${taken}, the code of a test parcel, would be a waybill`,
      right: "a pattern that no code from COLINE-TEST-00 to COLINE-TEST-99 matches",
    });
  }
};
