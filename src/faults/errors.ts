// Refusals to start or to act: the message says what, where and what to do; this says it at length.
import { apiErrors } from "./errors/api.ts";
import { commandErrors } from "./errors/commands.ts";
import { configFileErrors } from "./errors/config-files.ts";
import { configProofErrors } from "./errors/config-proof.ts";
import { configSiteErrors } from "./errors/config-site.ts";
import { journalErrors } from "./errors/journal.ts";
import { releaseErrors } from "./errors/releases.ts";
import { scenarioErrors } from "./errors/scenarios.ts";
import type { Fault } from "./fault.ts";

export const errors = {
  ...configFileErrors,
  ...configSiteErrors,
  ...configProofErrors,
  ...journalErrors,
  ...releaseErrors,
  ...apiErrors,
  ...commandErrors,
  ...scenarioErrors,
} as const satisfies Record<string, Fault>;
