// Values that the parts of a scenario file share: times, places, shares, and numbers that may be drawn from a range.
import { z } from "zod";

/** A day is the longest run that anybody has asked for; four leave room. */
export const seconds = z.number().min(0).max(345_600);

/** One number, or a list of two between which the seed draws. */
export const inputRange = (o: { min: number; max: number }) => {
  const number = z.number().min(o.min).max(o.max);
  return z.union([number, z.tuple([number, number])]);
};

export const placeMm = inputRange({ min: 0, max: 1_000_000 });

export const share = z.number().min(0).max(1);

/** The name of a thing of the site; whether it is there is checked against the site. */
export const nameOf = (what: string) => z.string().min(1).max(32).describe(what);

export type Range = number | readonly [number, number];

export const lowest = (range: Range): number => (typeof range === "number" ? range : Math.min(...range));
export const highest = (range: Range): number => (typeof range === "number" ? range : Math.max(...range));
