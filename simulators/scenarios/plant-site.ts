// What of a site a scenario is judged by and drawn for; a loaded site has it.
import type { ChutesConfig } from "../../src/config/chutes-schema.ts";
import type { LineConfig } from "../../src/config/line-schema.ts";

export interface PlantSite {
  line: LineConfig;
  chutes: ChutesConfig;
}
