// The JSON Schema of a scenario file, as published for editors.
import { z } from "zod";
import type { JsonSchema } from "../../src/config/published-schema.ts";
import { scenarioSchema } from "./scenario-schema.ts";

/** What a file may hold before defaults are filled in. */
export function scenarioJsonSchema(): JsonSchema {
  made ??= {
    ...(z.toJSONSchema(scenarioSchema, { io: "input" }) as JsonSchema),
    title: "Coline scenario",
    description: "Traffic, faults and what is expected of a simulated line (`coline simulate`).",
  };
  return made;
}

/** Made once: a schema takes some ms, and never changes. */
let made: JsonSchema | undefined;

/** Path inside the repository, and text. */
export const publishedScenario = (): { path: string; text: string } => ({
  path: "config/schemas/scenario.schema.json",
  text: `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`,
});
