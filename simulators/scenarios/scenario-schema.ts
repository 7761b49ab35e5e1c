// A scenario file: traffic, customs' word, faults, duration and what is expected of the line.
import { z } from "zod";
import { faultSchema } from "./fault-schema.ts";
import { seconds, share } from "./scenario-values.ts";

const weight = z.number().min(0).max(1_000_000);

const trafficSchema = z.strictObject({
  perHour: z
    .union([
      z.number().min(1).max(100_000),
      z
        .array(z.strictObject({ atS: seconds, perHour: z.number().min(1).max(100_000) }))
        .min(1)
        .max(1000),
    ])
    .optional()
    .describe(
      "Parcels an hour on each belt; a list: points of a curve over the belt's running time. Left out: as many as fit.",
    ),
  pitchSpread: share
    .default(0)
    .describe("How far the distance of two fronts may lie from the rate's own, as a share of it."),
  lengthsMm: z
    .tuple([z.number().min(1).max(10_000), z.number().min(1).max(10_000)])
    .optional()
    .describe("Shortest and longest parcel, mm. Left out: 150 to 270, as far as the site takes them."),
  gapMm: z.number().min(1).max(10_000).optional().describe("The infeed's gap, mm. Left out: the site's."),
  streams: z
    .strictObject({ expressImport: weight, expressExport: weight, cbecImport: weight, cbecExport: weight })
    .default({ expressImport: 3, expressExport: 2, cbecImport: 3, cbecExport: 2 })
    .describe("How the parcels are shared out among the streams, by weight."),
  noReadShare: share.default(0.02).describe("Parcels that no scanner can read."),
  secondCodeShare: share.default(0.01).describe("Parcels with a second waybill on them."),
});

const customsSchema = z.strictObject({
  shares: z
    .strictObject({
      releasedRiding: share.default(0.05).describe("Pending when scanned, released while they ride."),
      heldRiding: share.default(0.02).describe("Released when scanned, held while they ride."),
      inspect: share.default(0.05),
      held: share.default(0.03).describe("Released, but with a hold."),
      pending: share.default(0.03),
      return: share.default(0.01),
      withoutRecord: share.default(0.02),
      copied: share.default(0.01).describe("They bear the label of an earlier parcel."),
      partlyLifted: share.default(0).describe("Released, with two holds of which one is lifted."),
    })
    .prefault({})
    .describe("What becomes of the parcels at customs; the rest is released before it is scanned."),
  releaseAfterMs: z
    .array(z.strictObject({ weight, from: z.number().min(0).max(600_000), to: z.number().min(0).max(600_000) }))
    .min(1)
    .max(20)
    .optional()
    .describe("How long after the reading line those are released that are released while they ride, by weight."),
});

const plantSchema = z.strictObject({
  containers: z
    .record(z.string(), z.int().min(1).max(100_000))
    .default({})
    .describe("Chutes with a full sensor, and how many parcels their container takes."),
  changesContainerAfterS: seconds.default(20).describe("A person changes a full container so long after it is full."),
  clearsSafeEndAfterS: seconds.default(15).describe("A person clears the safe end so long after it is blocked."),
  testsGateAfterS: seconds.default(10).describe("A person tests a gate in doubt, the belt standing, so long after."),
  fetchesLateHoldAfterS: seconds.default(20).describe("An officer unlocks a chute so long after a late hold."),
});

const expectSchema = z.strictObject({
  deliveredShare: share
    .default(0)
    .describe("Of the released and readable parcels at least this share reaches its chute, faults or not."),
  reasons: z
    .array(z.string().min(1).max(64))
    .max(100)
    .default([])
    .describe("Codes of docs/faults.md that must occur in the journal, or the run has not tried what it is there for."),
});

export const scenarioSchema = z.strictObject({
  about: z.string().min(1).max(400).describe("What it is there for, in a sentence."),
  durationS: seconds
    .min(10)
    .describe(
      "How long parcels come, s of running belt; `--hours` says otherwise. The last `calmS` are without faults.",
    ),
  calmS: seconds.min(30).default(60).describe("At the end no fault comes: released parcels must be delivered again."),
  traffic: trafficSchema.prefault({}).describe("The parcels."),
  customs: customsSchema.prefault({}).describe("What customs says of them."),
  plant: plantSchema.prefault({}).describe("Containers, and the people at the line."),
  faults: z.array(faultSchema).max(200).default([]).describe("What goes wrong; every one of them must be injected."),
  expect: expectSchema.prefault({}).describe("What is expected besides the law, which is always kept."),
});

export type Scenario = z.output<typeof scenarioSchema>;
