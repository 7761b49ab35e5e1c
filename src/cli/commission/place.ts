// Where a gate stands: a parcel that waits with its front at the gate's edge, against where the line knows that front to be.
import type { LineView } from "../../gateway/line-view.ts";
import type { Difference } from "./belt-findings.ts";

export interface GatePlace {
  gateId: string;
  beltId: string;
  atMm: number;
}

export type Placed =
  | { kind: "measured"; atMm: number; errorMm: number; difference: Difference | null }
  | { kind: "not"; why: string };

/** @param pastMm how far the front is past the edge by the person's rule; negative: before it */
export function placeOf({ line }: LineView, gate: GatePlace, pastMm: number): Placed {
  const belt = line.belts.find(({ id }) => id === gate.beltId);
  if (belt === undefined) return { kind: "not", why: `the line knows no belt ${gate.beltId}` };
  if (belt.moving) return { kind: "not", why: "the belt moves: stop it with the parcel's front at the gate" };
  const [item, second] = belt.items;
  if (item === undefined) return { kind: "not", why: "no parcel is known to be on the belt" };
  if (second !== undefined) return { kind: "not", why: "more than one parcel is on the belt: let one ride alone" };
  const isKnown = ["riding", "safe path", "reserved", "queued"].includes(item.state);
  if (!isKnown) return { kind: "not", why: `the line does not know for sure where it is (${item.state})` };
  const atMm = Math.round(item.frontUm / 1000 - pastMm);
  const errorMm = Math.ceil(item.errorUm / 1000);
  const outMm = atMm - gate.atMm;
  const difference: Difference | null =
    Math.abs(outMm) <= errorMm
      ? null
      : {
          about: `gate ${gate.gateId}`,
          text: `stands at ${atMm} mm (give or take ${errorMm}), and atMm says ${gate.atMm}`,
          paste: `atMm: ${atMm}`,
        };
  return { kind: "measured", atMm, errorMm, difference };
}
