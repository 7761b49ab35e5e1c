// Telegrams that come before the induction eye has been asked: they wait until everybody who could be meant is known.

import { partsOf } from "./belt-parts.ts";
import { askedUm, driveBlurUm } from "./belt-position.ts";
import { CAPS } from "./caps.ts";
import { settlingNs } from "./debounce.ts";
import type { BeltLayout, EyeLayout, StationLayout } from "./layout.ts";
import type { WaitingTelegram } from "./sensing.ts";
import { beltState, count, type Turn } from "./turn.ts";

/**
 * Somebody who could be meant may have passed the eye without an item yet: the station stands before it, or close behind it, or a
 * PLC has kept a sample back. The one ahead would get the name.
 */
export function mayMeanUnseen(turn: Turn, belt: BeltLayout, range: Pick<WaitingTelegram, "highUm">): boolean {
  return inductionOf(belt) !== undefined && askedUm(beltState(turn, belt.id), belt) <= waitsUntilUm(belt, range);
}

/** Telegrams come before the eye has made their item. */
function comesBeforeItem(belt: BeltLayout, station: StationLayout): boolean {
  const eye = inductionOf(belt);
  return eye !== undefined && station.atUm + station.fromUm <= eye.atUm + heldUm(belt, eye);
}

/** Where a front is when every telegram about it has been understood. */
export function readEndUm(belt: BeltLayout, station: StationLayout): number {
  const eye = inductionOf(belt);
  if (eye === undefined || !comesBeforeItem(belt, station)) return station.atUm + station.toUm;
  const windowUm = station.toUm - station.fromUm + 2 * driftToEyeUm(belt, station);
  const samplesUm = Math.ceil((belt.speedUmPerS * 2 * eye.sampleNs) / 1e9);
  const askedLateUm = belt.encoder === null ? 2 * driveBlurUm(belt) : samplesUm;
  return Math.max(station.atUm + station.toUm, eye.atUm + heldUm(belt, eye) + windowUm + askedLateUm);
}

/** Drift between the earliest reading and the eye, where the telegram's range is compared with an item. */
export function driftToEyeUm(belt: BeltLayout, station: StationLayout): number {
  const awayUm = (inductionOf(belt)?.atUm ?? 0) - station.atUm - station.fromUm;
  return Math.ceil((Math.max(0, awayUm) / 1_000_000) * belt.driftUmPerM);
}

/** False: no room; what it spoke of is unknown then. */
export function letWait(turn: Turn, belt: BeltLayout, telegram: WaitingTelegram): boolean {
  const { waiting } = beltState(turn, belt.id);
  if (waiting.length >= CAPS.waitingTelegrams) {
    count(turn, "waitingDropped");
    return false;
  }
  waiting.push(telegram);
  return true;
}

/** Takes out the telegrams that wait for nobody any more, in the order in which they came. */
export function dueTelegrams(turn: Turn, belt: BeltLayout): WaitingTelegram[] {
  const state = beltState(turn, belt.id);
  if (state.waiting.length === 0) return [];
  const uptoUm = askedUm(state, belt);
  const isDue = (telegram: WaitingTelegram): boolean => uptoUm > waitsUntilUm(belt, telegram);
  const due = state.waiting.filter(isDue);
  if (due.length > 0) state.waiting = state.waiting.filter((telegram) => !isDue(telegram));
  return due;
}

/** The belt's position beyond which the eye has to have been asked, so that the last item that it could mean has been made. */
export function waitsUntilUm(belt: BeltLayout, telegram: Pick<WaitingTelegram, "highUm">): number {
  const eye = inductionOf(belt);
  return telegram.highUm + (eye === undefined ? 0 : eye.atUm + heldUm(belt, eye));
}

/** How far a front gets past the eye before its item is there: two samples, and the debounce. */
const heldUm = (belt: BeltLayout, eye: EyeLayout): number =>
  Math.ceil((belt.speedUmPerS * (2 * eye.sampleNs + settlingNs(eye))) / 1e9);

const inductionOf = (belt: BeltLayout): EyeLayout | undefined => partsOf(belt).induction;
