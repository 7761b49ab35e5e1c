// Whether two layouts describe the same plant: the same belts, eyes, stations and gates, whatever the chutes are for.
import type { BeltLayout, LineLayout } from "../line/layout.ts";
import { firstDifference } from "./difference.ts";

/** A map may change what hangs on chutes: their eyes, which gate serves which, and what the proof makes of it. */
export const isSamePlant = (a: LineLayout, b: LineLayout): boolean =>
  firstDifference(a.belts.map(plantOf), b.belts.map(plantOf)) === null;

function plantOf(belt: BeltLayout): unknown {
  const { provedGapUm: _, eyes, gates, ...rest } = belt;
  return {
    ...rest,
    eyes: eyes.filter(({ role }) => role !== "chute"),
    gates: gates.map(({ id, deviceId, atUm, sweptUm, travelNs }) => ({ id, deviceId, atUm, sweptUm, travelNs })),
  };
}
