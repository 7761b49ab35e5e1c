// The shape of an error's row: what was refused, what it means, what the process does and what a person should do.
import type { Fault } from "../fault.ts";

export interface Row {
  means: string;
  personShould: string;
  /** Left out: what the file's errors have in common. */
  controllerDoes?: string;
}

/** Errors of one origin share what happens to the process. @param controllerDoes where a row says nothing else */
export const refusals =
  (controllerDoes: string) =>
  (text: string, row: Row): Fault => ({ kind: "error", text, controllerDoes, ...row });
