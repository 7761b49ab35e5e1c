// One parcel as a PLC that tracks knows it, and which of them a chute's eye has seen.
import type { TrackerPlan } from "../terminals.ts";

/** A gate begins to move this much earlier than its travel takes. */
export const EARLY = 1.3;

type Gate = TrackerPlan["gates"][number];
export type Way = { gate: Gate; chute: Gate["chutes"][number] };

export interface Parcel {
  id: number;
  /** The belt's count when its front was at the induction eye. */
  originCount: number;
  lengthUm: number | null;
  /** The newest telegram that was judged for it. */
  told: { sequence: number; verdict: number };
  code: number;
  /** The PLC's last word is said: it goes that way, whatever comes now. */
  final: Way | null;
  /** When its front was at that gate. */
  atGateNs: number | null;
  /** The watchdog tripped while it was in this way's gate: it may be in the chute, or ride on. */
  perhaps: Way | null;
  /** It was in the chute already when the gate fell: nothing moves for it any more. */
  isThrough: boolean;
  /** Its gate has begun to move in time, or was out already. */
  isServed: boolean;
}

/** What can go wrong in it; each until it is told otherwise, or once. */
export interface TrackerTrouble {
  /** It judges, and its verdicts are not to be seen. */
  isMute: boolean;
  /** It takes telegrams and looks at none. */
  isDeaf: boolean;
  /** The next parcel that goes into a chute goes into one of another gate instead. */
  misdivertsNext: boolean;
  /** Each report stands there twice, under two numbers. */
  reportsTwice: boolean;
}

/** Samples and belt speed blur a slide by about this much. */
const SLIDE_BLUR_NS = 60_000_000;

/** Of those sent there, the one whose sliding time fits best: one that a hand took away is not taken for the next. */
export function sentInto(
  parcels: readonly Parcel[],
  { code, nowNs }: { code: number; nowNs: number },
): Parcel | undefined {
  let best: { parcel: Parcel; offNs: number } | undefined;
  for (const parcel of parcels) {
    const { final, atGateNs } = parcel;
    if (final?.chute.code !== code || atGateNs === null) continue;
    const slidNs = nowNs - atGateNs;
    const { slideMinNs, slideMaxNs } = final.chute;
    if (slidNs < slideMinNs - SLIDE_BLUR_NS || slidNs > slideMaxNs + SLIDE_BLUR_NS) continue;
    const offNs = Math.abs(slidNs - (slideMinNs + slideMaxNs) / 2);
    if (best === undefined || offNs < best.offNs) best = { parcel, offNs };
  }
  return best?.parcel;
}
