// Whether the safe end can take everything that still rides when the infeed has been stopped.
import type { LineLayout } from "../line/layout.ts";
import type { BeltFacts, ProofFinding } from "./facts.ts";

export interface SafeEndReserve {
  beltId: string;
  /** Items that ride, at the shortest pitch, from the induction eye to the end, and while the infeed runs out. */
  ridingItems: number;
  reserveItems: number;
}

/** The infeed's own run-out is counted as long as the belt's coast. */
export const safeEndReserves = (layout: LineLayout, belts: readonly BeltFacts[]): SafeEndReserve[] =>
  layout.belts.map((belt) => {
    const pitchUm = belt.minItemUm + (belts.find((each) => each.beltId === belt.id)?.guaranteedGapUm ?? 0);
    const inductionUm = belt.eyes.find((eye) => eye.role === "induction")?.atUm ?? 0;
    const ridingItems = Math.ceil((belt.lengthUm - inductionUm) / pitchUm) + Math.ceil(belt.coastUm / pitchUm);
    return { beltId: belt.id, ridingItems, reserveItems: belt.safeEnd.reserveItems };
  });

export const safeEndFindings = (reserves: readonly SafeEndReserve[]): ProofFinding[] =>
  reserves
    .filter(({ ridingItems, reserveItems }) => ridingItems > reserveItems)
    .map(({ beltId, ridingItems, reserveItems }) => ({
      severity: "error",
      code: "CONFIG_SAFE_END_RESERVE",
      kind: "safeEnd",
      id: beltId,
      key: "reserveItems",
      what: `${ridingItems} items may ride when the infeed of "${beltId}" stops, and its safe end has room for ${reserveItems}`,
      right: `a safe end with room for ${ridingItems} items`,
    }));
