// China, cross-border e-commerce (CEB messages): what a receipt's status code means for a parcel.
import type { Disposition } from "../../line/layout.ts";

/**
 * "ignore": the receipt speaks of a failed message, not of the goods, and changes nothing.
 * "unmapped": no meaning is known; the parcel is unknown and the code is alarmed.
 */
export type CebMeaning =
  | { is: "status"; status: Disposition }
  | { is: "ignore" }
  | { is: "unmapped"; status: "unknown" };

/** Raised whenever a row changes, so that a journal says by which table a code was read. */
export const cebTableVersion = 1;

/** Receipts of the import list (622) and the export list (604); no other message releases goods. */
export const cebMessageTypes = ["CEB604", "CEB622"] as const;
export type CebMessageType = (typeof cebMessageTypes)[number];

/**
 * Codes as carried in returnStatus. 899 (closed) follows a release. 399 ends the review without releasing.
 * Sources: public code tables of zylee19950505/data-interface (StatusCode.java) and of
 * zhengjin-me/common-customs-beans (CustomsResultStatus.kt), the latter also for which message carries which code.
 */
const bothLists: readonly (readonly [code: number, status: Disposition])[] = [
  [1, "pending"],
  [2, "pending"],
  [3, "pending"],
  [4, "unknown"],
  [100, "unknown"],
  [120, "pending"],
  [300, "pending"],
  [399, "pending"],
  [400, "pending"],
  [500, "inspect"],
  [600, "hold"],
  [800, "released"],
  [899, "released"],
];
const importOnly: readonly (readonly [code: number, status: Disposition])[] = [
  [501, "hold"],
  [502, "hold"],
  [503, "hold"],
  [599, "hold"],
  [700, "return"],
];

export const cebTable: Readonly<Record<CebMessageType, ReadonlyMap<number, Disposition>>> = {
  CEB604: new Map(bothLists),
  CEB622: new Map([...bothLists, ...importOnly]),
};

/** Never throws; whatever is not in the table is unknown, and no unlisted code is ever released. */
export function cebMeaning(messageType: string, code: string): CebMeaning {
  const unmapped: CebMeaning = { is: "unmapped", status: "unknown" };
  const table = (cebMessageTypes as readonly string[]).includes(messageType)
    ? cebTable[messageType as CebMessageType]
    : undefined;
  if (table === undefined) return unmapped;
  if (/^-[0-9]{1,9}$/.test(code)) return { is: "ignore" };
  const status = /^[1-9][0-9]{0,8}$/.test(code) ? table.get(Number(code)) : undefined;
  return status === undefined ? unmapped : { is: "status", status };
}
