// customs.yaml: what a code on a parcel can be, and how fresh customs' word must be.
import { z } from "zod";
import { idOf, ms } from "./values.ts";

const codeSchema = z
  .strictObject({
    id: idOf("Name of the pattern."),
    pattern: z
      .string()
      .min(1)
      .max(200)
      .describe("Regular expression that the whole code matches, after trimming and upper-casing."),
    check: z
      .enum(["none", "s10", "sscc", "ups1z", "fedex12", "dhl10"])
      .default("none")
      .describe("Check digit that must be right; a code with a wrong one was misread."),
    companies: z
      .array(
        z
          .string()
          .regex(/^[A-Z0-9][A-Z0-9_-]{0,31}$/)
          .describe("Code of a logistics company, as the release records name it."),
      )
      .min(1)
      .max(32)
      .describe("Companies whose waybills look so; with several, the release cache decides."),
    rank: z
      .int()
      .min(1)
      .max(100)
      .describe(
        "Lower is stronger: codes of a weaker rank do not count where a stronger one was read, unless what came is long enough for two parcels and customs knows them too.",
      ),
  })
  .superRefine((code, context) => {
    try {
      new RegExp(`^(?:${code.pattern})$`, "u");
    } catch (error) {
      context.addIssue({ code: "custom", path: ["pattern"], message: (error as SyntaxError).message });
    }
  });

export const customsSchema = z.strictObject({
  freshness: z
    .strictObject({
      maxAgeMs: ms({ min: 1000, max: 86_400_000 }).describe(
        "A feed silent for longer, in ms, makes every release unknown; its heartbeat line counts as a word.",
      ),
    })
    .describe("How old customs' word may be."),
  codes: z.array(codeSchema).min(1).max(64).describe("How a barcode is recognised as a waybill."),
});

export type CustomsConfig = z.output<typeof customsSchema>;
