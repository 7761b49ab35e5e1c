// Errors of a scenario for the simulated line: what of it no physical line could do.
import type { Fault } from "../fault.ts";
import { refusals } from "./refusal.ts";

const refused = refusals("`coline simulate` ends with 1; nothing is simulated.");

export const scenarioErrors = {
  SCENARIO_IMPOSSIBLE: refused("a world that cannot be", {
    means: "The belt does not take so many parcels, or parcels of that length, or a gate is too slow for the gap.",
    personShould: "Lower the rate or widen the gap; the message gives what the belt takes.",
  }),
} as const satisfies Record<string, Fault>;
