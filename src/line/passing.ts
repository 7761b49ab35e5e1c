// How long a parcel takes past its gate: a belt that slows or stands in between keeps its chute waiting as much longer.
import { lengthUm, positionWhenTailAt } from "./item-position.ts";
import type { BeltLayout, ChuteLayout, GateLayout } from "./layout.ts";
import type { Item } from "./state.ts";

/** Belt position at which its tail has left the swept zone. */
export const passedUm = (item: Item, belt: BeltLayout, gate: GateLayout): number =>
  positionWhenTailAt(item, belt, gate.atUm + gate.sweptUm);

/** When it must have come down its chute; Infinity: it may not have left the belt yet, or has not come to its gate. */
export function lastArrivalNs(
  item: Item,
  o: { belt: BeltLayout; gate: GateLayout; chute: ChuteLayout; slackNs: number },
): number {
  if (item.atGateNs === null || item.passedGateNs === null) return Number.POSITIVE_INFINITY;
  const { belt, gate, chute, slackNs } = o;
  const usualNs = ((lengthUm(item, belt) + gate.sweptUm) * 1e9) / belt.speedUmPerS;
  const delayNs = Math.max(0, Math.round(item.passedGateNs - item.atGateNs - usualNs));
  return item.atGateNs + chute.slideMaxNs + slackNs + delayNs;
}
