// Refusals to start or to act: the message says what, where and what to do; this says it at length.
import type { Fault } from "./fault.ts";

export const errors = {} as const satisfies Record<string, Fault>;
