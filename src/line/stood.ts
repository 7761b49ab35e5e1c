// A counter whose device stood while the belt ran on: what it has not counted is error of every position, or ends them all.
import { losePosition } from "./devices.ts";
import { forget } from "./due.ts";
import { unwatch } from "./passages.ts";
import type { BeltState } from "./state.ts";
import type { LineInput } from "./step.ts";
import { activeSite, beltState, count, itemById, type Turn } from "./turn.ts";

/** Told before the first sample that comes after it, which looks as if the belt had stood as well. */
export function counterStood(turn: Turn, input: Extract<LineInput, { kind: "stood" }>): void {
  for (const belt of activeSite(turn).belts.values()) {
    if (belt.encoder?.deviceId !== input.deviceId) continue;
    const state = beltState(turn, belt.id);
    const fastestUmPerS = Math.max(state.speedUmPerS, belt.speedUmPerS);
    const uncountedUm = Math.ceil((fastestUmPerS * input.forNs) / 1e9);
    count(turn, "stood");
    forget(turn.agendas);
    // Less than the shortest item, or gap, is nothing that could have come in unseen.
    if (uncountedUm < Math.min(belt.minItemUm, belt.provedGapUm)) {
      for (const id of state.itemIds) itemById(turn, id).errorUm += uncountedUm;
      lagBehind(state, uncountedUm);
      continue;
    }
    unwatch(state, belt);
    losePosition(turn, belt, "stood still");
  }
}

/** What has no error of its own lies anywhere from where it is reckoned to as much further downstream. */
function lagBehind(state: BeltState, uncountedUm: number): void {
  state.stretches = state.stretches.map((stretch) => ({
    ...stretch,
    frontOriginUm: stretch.frontOriginUm - uncountedUm,
  }));
  state.waiting = state.waiting.map((telegram) => ({ ...telegram, lowUm: telegram.lowUm - uncountedUm }));
  state.heldEdges = state.heldEdges.map((held) => ({
    ...held,
    place: { ...held.place, errorUm: held.place.errorUm + uncountedUm },
  }));
  if (state.beside !== null) state.beside.errorUm += uncountedUm;
}
