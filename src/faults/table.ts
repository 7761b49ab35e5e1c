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
  filled(alarms[code].text, blanks);

/**
 * A reason in words; a code that is not in the table is shown as it is.
 * @param code `CODE` or, where it is about one thing, `CODE:source`
 */
export function reasonText(code: string): string {
  const [name = "", source] = code.split(":");
  const fault = faults[name];
  if (fault === undefined) return code;
  if (fault.kind === "alarm") return filled(fault.text, { source: source ?? "", detail: "" }).replace(/^: */, "");
  return source === undefined ? fault.text : `${source}: ${fault.text}`;
}

const filled = (text: string, blanks: { source: string; detail: string }): string =>
  text.replace("{source}", blanks.source).replace("{detail}", blanks.detail).trimEnd();
