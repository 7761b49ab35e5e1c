// chutes.yaml: where each chute leads, and the chute map that chooses among them.
import { z } from "zod";
import { isOwned } from "../line/layout.ts";
import { directionSchema, idOf, inputNumber, ms, referenceTo, streamSchema } from "./values.ts";

const owned = { stream: streamSchema, direction: directionSchema };

const zoneSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("outbound").describe("Leaves customs' supervision; released parcels of its own kind only."),
    ...owned,
  }),
  z.strictObject({ kind: z.literal("storage").describe("Supervised storage of one stream and direction."), ...owned }),
  z.strictObject({
    kind: z
      .literal("buffer")
      .describe(
        "Supervised storage for parcels of one stream and direction that wait for customs' word, such as export parcels " +
          "for their arrival report; rules may send nothing there but what is pending.",
      ),
    ...owned,
  }),
  z.strictObject({ kind: z.literal("inspection").describe("Customs' inspection; may be shared.") }),
  z.strictObject({ kind: z.literal("abnormal").describe("Parcels that a person must look at; may be shared.") }),
  z.strictObject({
    kind: z
      .literal("recirculation")
      .describe("Leads back to the infeed; may be shared. Takes no parcel without a name, and is no safe end."),
    maxRounds: z
      .int()
      .min(1)
      .max(20)
      .default(3)
      .describe("How often one waybill may go round; then the rule's next chute takes it, or the safe end."),
  }),
]);

const inputSchema = z.strictObject({
  device: referenceTo("Device that reads it."),
  input: inputNumber.describe("Discrete input of the device."),
});

const longestSlide = { min: 0, max: 60_000 };

const chuteSchema = z
  .strictObject({
    id: idOf("Name of the chute; gates and routes refer to it."),
    zone: zoneSchema.describe("What lies at its end; `kind` tells which."),
    alsoFor: z
      .array(z.strictObject(owned))
      .max(4)
      .default([])
      .describe(
        "Streams that a person may change the chute to, after its container was changed; for outbound, storage and buffer.",
      ),
    eye: inputSchema
      .optional()
      .describe("Eye at its mouth, on while the beam is dark. Left out: arrivals are not seen."),
    slideMs: z
      .tuple([ms(longestSlide), ms(longestSlide)])
      .optional()
      .describe("Shortest and longest time from the gate's place to the eye at the mouth, in ms; goes with `eye`."),
    fullInput: inputSchema
      .optional()
      .describe(
        "Input that is on while the chute is NOT full, so that a broken wire says full, and a device that cannot be read " +
          "too. Left out: never full by a sensor.",
      ),
    fullDebounceMs: ms({ min: 0, max: 60_000 })
      .default(1000)
      .describe("How long `fullInput` has to say the contrary before it is believed, in ms: parcels slide past it."),
    blockedAfterMs: ms({ min: 0, max: 60_000 })
      .default(3000)
      .describe(
        "When `eye` is dark for longer than this, in ms, parcels lie in the chute's mouth and nothing more is sent there. " +
          "0: never.",
      ),
    maxPerMinute: z
      .int()
      .min(1)
      .max(600)
      .optional()
      .describe("Parcels that are sent there within a minute at most, however empty it is. Left out: no limit."),
    capacityItems: z
      .int()
      .min(1)
      .max(100_000)
      .optional()
      .describe("Parcels that its container takes; then it is full until it is changed. Left out: not counted."),
  })
  .superRefine((chute, context) => {
    if (chute.alsoFor.length > 0 && !isOwned(chute.zone)) {
      context.addIssue({ code: "custom", path: ["alsoFor"], message: `a chute for ${chute.zone.kind} has no stream` });
    }
    if (chute.eye !== undefined && chute.slideMs === undefined) {
      context.addIssue({ code: "custom", path: ["eye"], message: "an eye needs slideMs: when the parcel may be seen" });
    }
    if (chute.slideMs !== undefined && chute.slideMs[0] >= chute.slideMs[1]) {
      context.addIssue({ code: "custom", path: ["slideMs"], message: "the longest time must be above the shortest" });
    }
  });

const routeSchema = z.strictObject({
  id: idOf("Name of the rule; decisions in the journal quote it."),
  when: z
    .strictObject({
      stream: streamSchema.optional(),
      direction: directionSchema.optional(),
      disposition: z
        .enum(["released", "inspect", "hold", "return", "pending", "unknown"])
        .optional()
        .describe("What customs says of the parcel at that moment."),
    })
    .describe("What the parcel must be; a key left out matches anything, a parcel without a record has no stream."),
  to: z
    .array(referenceTo("A chute."))
    .min(1)
    .max(12)
    .describe("Chutes in order of preference; when none of them can be had, the parcel takes the safe end."),
  balance: z
    .enum(["ordered", "roundRobin", "leastFilled"])
    .default("ordered")
    .describe("How to choose among them: the first that can be had, in turn, or the one with the fewest parcels."),
});

export const chutesSchema = z.strictObject({
  chutes: z.array(chuteSchema).min(1).max(512).describe("All chutes of the site, the safe ends included."),
  routes: z
    .array(routeSchema)
    .max(1024)
    .describe("The chute map: the first rule that matches rules; no rule that matches: the safe end."),
});

export type ChutesConfig = z.output<typeof chutesSchema>;
