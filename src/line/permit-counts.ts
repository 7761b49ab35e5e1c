// A fire window in raw encoder counts, as a judging PLC compares it.
import { countAt } from "./belt-position.ts";
import type { FireWindow } from "./fire-window.ts";
import type { BeltLayout } from "./layout.ts";
import type { BeltState } from "./state.ts";
import type { BeltWindow } from "./step.ts";

export function windowCounts(belt: BeltState, layout: BeltLayout, window: FireWindow): BeltWindow | null {
  const fromCount = countAt(belt, layout, window.fromUm);
  const untilCount = countAt(belt, layout, window.untilUm);
  const homeAtCount = countAt(belt, layout, window.homeAtUm);
  if (fromCount === null || untilCount === null || homeAtCount === null) return null;
  return { fromCount, untilCount, homeAtCount };
}
