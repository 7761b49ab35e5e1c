// What sensors have said and nobody has understood yet: it waits for more of them, as part of a belt's state.
import type { EdgePlace } from "./edge-place.ts";
import type { Telegram } from "./telegram.ts";

/** The belt was at this position at some moment within `errorNs` of `atNs`. */
export interface BeltSample {
  atNs: number;
  errorNs: number;
  positionUm: number;
}

/** A change of a beam that has not lasted long enough yet; at most one for each eye. */
export interface HeldEdge {
  eyeId: string;
  edge: "dark" | "light";
  /** With the error that the debounce adds: the true edge may have come so much before the last flicker. */
  place: EdgePlace;
  /** The sample that showed it. */
  sinceNs: number;
  /** It has lasted, and a sample of the eye has shown it once more. */
  dueNs: number;
}

/** A telegram, and between which origins the front lay that it speaks of. */
export interface WaitingTelegram {
  scannerId: string;
  telegram: Telegram;
  lowUm: number;
  highUm: number;
}

/** What lies in a beam beside the induction eye, as origins (place = position - origin); its tail null: it is dark still. */
export interface Beside {
  frontOriginUm: number;
  tailOriginUm: number | null;
  errorUm: number;
}

/** A beam of a track eye that is dark, and the belt position at which it should be light again. */
export interface Beam {
  eyeId: string;
  /** null: nobody knows what covers it. */
  itemId: number | null;
  dueUm: number;
  /** Dark for longer than any item: what is upstream of it may stand while the belt moves. */
  isBlocked: boolean;
}
