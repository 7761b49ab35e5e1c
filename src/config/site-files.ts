// The four files of a site: what each is about, its schema, and when a change of it applies.
import type { z } from "zod";
import { chutesSchema } from "./chutes-schema.ts";
import { customsSchema } from "./customs-schema.ts";
import { gatewaySchema } from "./gateway-schema.ts";
import { lineSchema } from "./line-schema.ts";

export const SITE_FILE_NAMES = ["line.yaml", "chutes.yaml", "customs.yaml", "gateway.yaml"] as const;
export type SiteFile = (typeof SITE_FILE_NAMES)[number];

export const SITE_FILES: Record<SiteFile, { schema: z.ZodType; about: string; applies: string }> = {
  "line.yaml": {
    schema: lineSchema,
    about: "The plant as it stands: devices, belts with their eyes, stations and gates, scanners.",
    applies: "at the next start of the controller",
  },
  "chutes.yaml": {
    schema: chutesSchema,
    about: "Where each chute leads, and the chute map that chooses among them.",
    applies: "at the next start of the controller; items already inducted keep the map they came in with",
  },
  "customs.yaml": {
    schema: customsSchema,
    about: "What a code on a parcel can be, and how fresh customs' word must be.",
    applies: "at the next start of the controller and the gateway",
  },
  "gateway.yaml": {
    schema: gatewaySchema,
    about: "Where the gateway listens, and who may speak to it.",
    applies: "at the next start of the gateway",
  },
};
