// A tail at a track eye whose front nobody has seen: it came there while nobody looked, and may be anything.
import { itemsNear } from "./due.ts";
import type { EdgePlace } from "./edge-place.ts";
import { errorUm, tailUm } from "./item-position.ts";
import type { BeltLayout, EyeLayout } from "./layout.ts";
import { passEye } from "./passages.ts";
import { beltState, count, type Turn } from "./turn.ts";
import { markUnknown } from "./unknown-stretch.ts";

/** Whoever comes next came behind it; and unless it lies where a known item's tail is, nobody knows what lies there. */
export function tailOfUnseen(
  turn: Turn,
  belt: BeltLayout,
  { eye, edge, slackUm }: { eye: EyeLayout; edge: EdgePlace; slackUm: number },
): void {
  count(turn, "unseenFronts");
  passEye(turn, belt, { eye, item: null });
  const aroundUm = edge.errorUm + slackUm;
  const near = itemsNear(turn, belt.id, {
    ...{ lowUm: edge.positionUm, highUm: edge.positionUm },
    ...{ fromPlaceUm: eye.atUm - aroundUm, toPlaceUm: eye.atUm + belt.maxItemUm + aroundUm },
  });
  const isKnown = near.some((item) => {
    const offUm = Math.abs(tailUm(item, belt, edge.positionUm) - eye.atUm);
    return item.lengthUm !== null && offUm <= errorUm(item, belt, edge.positionUm) + aroundUm;
  });
  if (isKnown) return;
  markUnknown(beltState(turn, belt.id), {
    positionUm: edge.positionUm,
    fromPlaceUm: eye.atUm - aroundUm,
    toPlaceUm: eye.atUm + belt.maxItemUm + aroundUm,
    why: "STRAY",
  });
}
