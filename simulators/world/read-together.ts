// Two parcels that touch and give a scanner one trigger: one telegram bears the codes of both.
import type { Rider } from "./rider.ts";
import type { ParcelTruth } from "./truth.ts";

/** The parcel, and the one that touches it from behind if both are read as one. @param riders downstream first */
export function readTogether(riders: readonly Rider[], rider: Rider): Rider[] {
  const behind = riders[riders.indexOf(rider) + 1];
  return behind?.plan.isReadWithAhead === true ? [rider, behind] : [rider];
}

/** Where the one ahead was taken off in time it has its own telegram. */
export const wasReadWithAhead = (truth: ParcelTruth, { plan }: Rider, scannerId: string): boolean =>
  plan.isReadWithAhead === true && truth.reads.some((read) => read.scannerId === scannerId);

export const legibleOn = ({ plan: { unreadable, waybill, otherCodes } }: Rider): string[] =>
  unreadable ? [] : [waybill, ...otherCodes];
