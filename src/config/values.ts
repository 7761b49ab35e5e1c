// The values that several configuration files share: names, places, lengths and times, each with its range.
import { z } from "zod";

/** Begins with a letter, so that YAML cannot turn it into a number and JavaScript cannot reorder it as a key. */
export const ID_PATTERN = /^[a-z][a-z0-9-]{0,31}$/;

export const idOf = (what: string) => z.string().regex(ID_PATTERN).describe(what);

/** The name of a thing defined elsewhere in the site; the loader checks that it exists. */
export const referenceTo = (what: string) => z.string().min(1).max(32).describe(what);

export const mm = (range: { min: number; max: number }) => z.number().min(range.min).max(range.max);

export const ms = (range: { min: number; max: number }) => z.number().min(range.min).max(range.max);

export const LONGEST_BELT_MM = 1_000_000;

/** A place on a belt, from its start. */
export const place = mm({ min: 0, max: LONGEST_BELT_MM });

/** A discrete input, counted from 0. */
export const inputNumber = z.int().min(0).max(65_535);

export const streamSchema = z
  .enum(["express", "cbec"])
  .describe("Stream: express parcels, or cross-border e-commerce (cbec).");

export const directionSchema = z.enum(["import", "export"]).describe("Direction of the goods.");
