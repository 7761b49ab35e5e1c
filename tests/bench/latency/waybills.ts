// Which of the ten million records the benchmark's parcels carry: released, whole, and far from each other in the file.
import { builtWaybill } from "../build-releases.ts";

export const RECORDS = 10_000_000;
/** Shares no factor with the number of blocks, so that no waybill comes twice. */
const STRIDE = 127_801;

/**
 * The waybill of parcel `number`, 0 to 5,999,999. Of the built records every third is express and every tenth has lost
 * a piece; the rest are what the bench's chutes take.
 */
export function benchWaybill(number: number): string {
  // Of 30 consecutive numbers 18 are neither: take the fitting one of its block.
  const block = Math.floor(number / FITTING.length) * 30;
  const index = block + (FITTING[number % FITTING.length] as number);
  return builtWaybill(scatter(index));
}

const FITTING = Array.from({ length: 30 }, (_, index) => index).filter((index) => index % 3 !== 0 && index % 10 !== 0);

/** Blocks of 30 are spread over the file, the place within a block stays. */
function scatter(index: number): number {
  const blocks = Math.floor(RECORDS / 30);
  return ((Math.floor(index / 30) * STRIDE) % blocks) * 30 + (index % 30);
}
