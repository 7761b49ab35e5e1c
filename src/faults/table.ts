// One table of codes: alarms, reasons and errors; docs/faults.md is made from it.
import { alarms } from "./alarms.ts";
import { errors } from "./errors.ts";
import type { Fault } from "./fault.ts";
import { reasons } from "./reasons.ts";

export const faults: Readonly<Record<string, Fault>> = {
  ...alarms,
  ...reasons,
  ...errors,
};

export type FaultCode = keyof typeof alarms;

/** The text of an alarm with its blanks filled in. */
export const faultText = (code: FaultCode, blanks: { source: string; detail: string }): string =>
  alarms[code].text.replace("{source}", blanks.source).replace("{detail}", blanks.detail).trimEnd();

/** A reason in words; a code that is not in the table is shown as it is. */
export const reasonText = (code: string): string => faults[code]?.text ?? code;
