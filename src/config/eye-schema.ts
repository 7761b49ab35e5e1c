// An eye of a belt in line.yaml: where it is, who reads it, and whether its device keeps its edges.
import { z } from "zod";
import { idOf, inputNumber, ms, place, referenceTo } from "./values.ts";

/** Powers of two, so that the place of an edge's count goes on over the turn of their number. */
const latchDepth = z.union([z.literal(2), z.literal(4), z.literal(8), z.literal(16), z.literal(32)]);

const latchSchema = z.strictObject({
  register: z
    .int()
    .min(0)
    .max(65_535)
    .describe("First register: how many edges there were, in 16 bits, then the counts of the last."),
  from: z.enum(["inputRegisters", "holdingRegisters"]).default("inputRegisters").describe("Table in which they stand."),
  depth: latchDepth
    .default(2)
    .describe(
      "How many edges are kept with their counts: 2, 4, 8, 16 or 32. All that come within three polls must fit.",
    ),
  scanMs: ms({ min: 0.01, max: 100 }).describe(
    "Cycle of the device that keeps them, in ms: an edge may be so much older than its count.",
  ),
});

export const eyeSchema = z.strictObject({
  id: idOf("Name of the eye."),
  role: z
    .enum(["induction", "width", "track", "end"])
    .describe(
      "induction: makes the items; width: a second beam beside it, so far to the side that two parcels abreast do not end " +
        "alike in both; track: corrects their position; end: at the safe end.",
    ),
  atMm: place.describe("Place of the beam from the belt's start, in mm."),
  device: referenceTo("Device that reads it."),
  input: inputNumber.describe("Discrete input of the device, on while the beam is dark."),
  debounceMs: ms({ min: 0, max: 200 })
    .default(0)
    .describe(
      "A beam that is dark or light for less than this, in ms, has not changed. What the belt travels in it is error of " +
        "every edge and has to fit into the shortest item and gap. 0: every change counts.",
    ),
  latch: latchSchema
    .optional()
    .describe(
      "The device keeps each edge with the belt's count, so that none is missed between two polls and its place is as good " +
        "as the device's cycle (docs/reference/modbus.md). Needs the belt's encoder on the same device. Left out: an edge " +
        "lies between two polls.",
    ),
});
