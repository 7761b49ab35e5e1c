// Belt travel that nobody watched: so much between two samples that a parcel may have come past the induction eye unseen.
import { partsOf } from "./belt-parts.ts";
import { advanceBelt, type BeltStep, positionAt } from "./belt-position.ts";
import { stir } from "./due.ts";
import type { BeltLayout } from "./layout.ts";
import { passEye, unwatchAt } from "./passages.ts";
import type { BeltStamp, LineInput } from "./step.ts";
import { activeSite, beltState, count, type Turn } from "./turn.ts";
import { markUnknown } from "./unknown-stretch.ts";

/** As `advanceBelt`; a step in which a parcel or a gap can be hidden leaves its stretch unknown. */
export function advanceWatched(turn: Turn, belt: BeltLayout, stamp: BeltStamp, errorNs = 0): BeltStep {
  const state = beltState(turn, belt.id);
  const beforeUm = state.positionUm;
  const step = advanceBelt(state, belt, stamp, errorNs);
  // A blind time has its own stretch when it ends.
  if (step === "ok" && state.blindSinceUm === null) noteUnsampled(turn, belt, state.positionUm - beforeUm);
  return step;
}

/**
 * The eyes' own device was not read for a while. Where the belt's position comes from the same device its own step tells;
 * elsewhere the belt went on being known, and only this says that nobody watched the induction eye.
 */
export function eyesUnsampled(turn: Turn, input: Extract<LineInput, { kind: "unsampled" }>): void {
  for (const belt of activeSite(turn).belts.values()) {
    const state = beltState(turn, belt.id);
    const fastestUmPerS = Math.max(state.speedUmPerS, belt.speedUmPerS);
    const travelUm = Math.ceil((fastestUmPerS * (input.toNs - input.fromNs)) / 1e9);
    if (belt.encoder?.deviceId === input.deviceId || travelUm < Math.min(belt.minItemUm, belt.provedGapUm)) continue;
    unwatchAt(
      state,
      belt.eyes.filter(({ deviceId }) => deviceId === input.deviceId),
    );
    const eye = partsOf(belt).induction;
    if (eye?.deviceId !== input.deviceId) continue;
    count(turn, "unsampled");
    passEye(turn, belt, { eye, item: null });
    markUnknown(state, {
      positionUm: positionAt(state, belt, input.toNs),
      fromPlaceUm: eye.atUm,
      toPlaceUm: eye.atUm + travelUm,
      why: "UNSAMPLED",
    });
  }
}

/**
 * `check` has proved the sampling for a loop and a device that keep their time; after one that did not, a loop that stood
 * still or a PLC that answered late, the eye has not seen what was shorter than the travel.
 */
function noteUnsampled(turn: Turn, belt: BeltLayout, travelUm: number): void {
  const eye = partsOf(belt).induction;
  // A PLC that tracks watches its eyes itself, and its reports wait for whoever reads them.
  if (eye === undefined || belt.tracker !== undefined) return;
  const shortestUm = Math.min(belt.minItemUm, belt.provedGapUm);
  // Eyes that are sampled in a request of their own: their samples may lie so much further apart than the counts.
  if (travelUm + (belt.speedUmPerS * eye.apartNs) / 1e9 < shortestUm) return;
  const state = beltState(turn, belt.id);
  count(turn, "unsampled");
  stir(turn.agendas);
  unwatchAt(state, belt.eyes);
  passEye(turn, belt, { eye, item: null });
  markUnknown(state, {
    positionUm: state.positionUm,
    fromPlaceUm: eye.atUm,
    toPlaceUm: eye.atUm + travelUm,
    why: "UNSAMPLED",
  });
}
