// Whose name an item may bear that rides behind one that did not come to the first eye after the scanners.
import { partsOf } from "./belt-parts.ts";
import { spoil } from "./doubt.ts";
import { isHeardByAll } from "./late-telegram.ts";
import type { BeltLayout, EyeLayout } from "./layout.ts";
import { indexOfId } from "./sorted-ids.ts";
import type { Item } from "./state.ts";
import { beltState, type Turn } from "./turn.ts";

/**
 * A parcel that stood for a moment between the eye before and a scanner, while the belt moved, was read where its follower
 * was to be; it is missing at the next eye. Unless it has had a telegram of its own in its own place, and so has whoever
 * rides ahead of it, the follower's name may be the missing one's.
 * @param o.eye where it is missing; null: the PLC that tracks it says that it is
 */
export function doubtNameBehind(turn: Turn, belt: BeltLayout, o: { missing: Item; eye: EyeLayout | null }): void {
  const { missing, eye } = o;
  const stations =
    eye === null ? belt.stations : belt.stations.filter(({ atUm }) => atUm < eye.atUm && atUm > eyeBeforeUm(belt, eye));
  if (stations.length === 0) return;
  const { itemIds } = beltState(turn, belt.id);
  const index = indexOfId(itemIds, missing.id);
  const behind = turn.state.items.get(itemIds[index + 1] ?? -1);
  const ahead = turn.state.items.get(itemIds[index - 1] ?? -1);
  const isHeard = missing.identity?.kind !== "conflict" && stations.every((station) => isHeardByAll(missing, station));
  if (behind === undefined || (isHeard && (ahead === undefined || ahead.doubt === null))) return;
  spoil(turn, behind, "ITEM_NAME_IN_DOUBT");
}

function eyeBeforeUm(belt: BeltLayout, eye: EyeLayout): number {
  const { eyes, eyesInOrder, induction } = partsOf(belt);
  const before = eyes.get(eyesInOrder[eyesInOrder.indexOf(eye.id) - 1] ?? "");
  return before?.atUm ?? induction?.atUm ?? 0;
}
