// The way of one test parcel from eye to eye, in belt travel: where its fronts were seen, or why that says nothing.
import type { TestEdge } from "../../line/commissioning-state.ts";

export interface EyePlace {
  id: string;
  atMm: number;
}

/** Travel since the induction eye by the counter, as `mmPerCount` says it now, and how far that may be off. */
export interface SeenAt {
  eyeId: string;
  /** From the induction eye, by line.yaml. */
  wantedMm: number;
  travelMm: number;
  errorMm: number;
  afterNs: number;
}

/**
 * @param eyes of the belt, upstream first, the induction eye the first of them
 * @returns null: not one parcel alone was seen, so that nobody knows whose edges these are
 */
export function passageOf(edges: readonly TestEdge[], eyes: readonly EyePlace[]): SeenAt[] | null {
  const fronts = edges.filter(({ edge, beltUm }) => edge === "dark" && beltUm !== null);
  const [first, ...others] = fronts;
  const [induction] = eyes;
  if (first === undefined || induction === undefined || first.eyeId !== induction.id) return null;
  let lastPlace = 0;
  const seen: SeenAt[] = [];
  for (const { eyeId, beltUm, errorUm, atNs } of others) {
    const place = eyes.findIndex(({ id }) => id === eyeId);
    const eye = eyes[place];
    if (eye === undefined) continue;
    if (place <= lastPlace) return null;
    lastPlace = place;
    seen.push({
      eyeId,
      wantedMm: eye.atMm - induction.atMm,
      travelMm: ((beltUm ?? 0) - (first.beltUm ?? 0)) / 1000,
      errorMm: (errorUm + first.errorUm) / 1000,
      afterNs: atNs - first.atNs,
    });
  }
  return seen;
}
