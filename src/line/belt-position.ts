// Where the belt is: encoder counts (or time at constant speed) accumulated to µm, and the speed between samples.
import type { BeltLayout, EncoderLayout } from "./layout.ts";
import type { BeltState } from "./state.ts";
import type { BeltStamp } from "./step.ts";

/** Samples kept for the speed: at 5 ms a poll about 80 ms, so that one count of jitter stays below 1 %. */
const SPEED_SAMPLES = 16;
/** A sample older than this says nothing of the present position any more. */
const EXTRAPOLATE_NS = 200_000_000;
/** Faster than this times the nominal speed is a jump of the counter, not a movement. */
export const JUMP_FACTOR = 1.5;
/** Reply jitter bunches samples: a fixed allowance of travel keeps that from looking like a jump. */
export const JITTER_NS = 50_000_000;
/** No PLC starts anew faster; after a longer silence its counter may have begun at zero meanwhile. */
const RESTART_NS = 150_000_000;

/** Signed difference of two raw counts, wrapping at 2^bits. */
export function countDelta(encoder: EncoderLayout, from: number, to: number): number {
  const span = encoder.bits === 32 ? 2 ** 32 : 2 ** 16;
  const far = to - from;
  // Two counts as a counter shows them; a remainder of numbers that large is dear, and this is asked with every sample.
  const isPlain = far > -span && far < span;
  const delta = isPlain ? (far < 0 ? far + span : far) : ((far % span) + span) % span;
  return delta >= span / 2 ? delta - span : delta;
}

/**
 * Belt position at a stamp, by the nearest known count; null when the stamp has none and the belt has an encoder, and when it has none
 * and the stamp is too far from its last sample.
 */
export function positionAtStamp(belt: BeltState, layout: BeltLayout, stamp: BeltStamp): number | null {
  if (layout.encoder === null)
    return Math.abs(stamp.atNs - belt.lastNs) > EXTRAPOLATE_NS ? null : positionAt(belt, layout, stamp.atNs);
  if (stamp.count === null || belt.lastCount === null) return null;
  return belt.positionUm + countDelta(layout.encoder, belt.lastCount, stamp.count) * layout.encoder.umPerCount;
}

/** Belt position at a moment close to now, between or after samples. */
export function positionAt(belt: BeltState, layout: BeltLayout, atNs: number): number {
  const speed = layout.encoder === null ? (belt.moving ? layout.speedUmPerS : 0) : belt.speedUmPerS;
  const ahead = Math.max(-EXTRAPOLATE_NS, Math.min(EXTRAPOLATE_NS, atNs - belt.lastNs));
  return Math.round(belt.positionUm + (speed * ahead) / 1e9);
}

/** Where the belt was when its eyes were last asked; without an encoder, where it is now by its reckoning. */
export const seenPositionUm = (belt: BeltState, layout: BeltLayout, nowNs: number): number =>
  layout.encoder === null ? positionAt(belt, layout, nowNs) : belt.positionUm;

/** A sample of the drive's contact may come this much later than its poll promises. */
const DRIVE_JITTER_NS = 20_000_000;

/** Whether a belt without encoder is known to move at its speed, or to stand; with one: true. */
export const isDriveSeen = (belt: BeltState, layout: BeltLayout, nowNs: number): boolean =>
  layout.drive === null ||
  (belt.driveSeenNs !== null && nowNs - belt.driveSeenNs <= layout.drive.sampleNs + DRIVE_JITTER_NS);

/** How far a belt without encoder may be behind its reckoned position: it may have stopped right after the last sample. */
export const driveBlurUm = (layout: BeltLayout): number =>
  layout.drive === null ? 0 : Math.ceil((layout.speedUmPerS * (layout.drive.sampleNs + DRIVE_JITTER_NS)) / 1e9);

/**
 * Up to which position of the belt the eyes have surely been asked: what a sample says of them comes right after what it says of
 * the belt, so that the last one counts for nothing yet.
 */
export const askedUm = (belt: BeltState, layout: BeltLayout): number =>
  layout.encoder === null
    ? belt.positionUm - 2 * driveBlurUm(layout)
    : (belt.samples[belt.samples.length - 2]?.positionUm ?? Number.NEGATIVE_INFINITY);

/** Between which two positions the belt was at some instant from `fromNs` to `toNs`; null: nobody can say. */
export function positionsWithin(
  belt: BeltState,
  layout: BeltLayout,
  o: { fromNs: number; toNs: number },
): { lowUm: number; highUm: number } | null {
  if (layout.encoder === null) {
    if (o.toNs - o.fromNs > EXTRAPOLATE_NS) return null;
    const lowUm = positionAt(belt, layout, o.fromNs) - driveBlurUm(layout);
    return { lowUm, highUm: positionAt(belt, layout, o.toNs) };
  }
  const before = belt.samples.findLast((sample) => sample.atNs + sample.errorNs <= o.fromNs);
  const last = belt.samples[belt.samples.length - 1];
  if (before === undefined || last === undefined) return null;
  const after = belt.samples.find((sample) => sample.atNs - sample.errorNs >= o.toNs);
  if (after !== undefined) return { lowUm: before.positionUm, highUm: after.positionUm };
  const aheadNs = o.toNs - (last.atNs - last.errorNs);
  if (aheadNs > EXTRAPOLATE_NS) return null;
  const fastestUmPerS = Math.max(belt.speedUmPerS, layout.speedUmPerS);
  return { lowUm: before.positionUm, highUm: last.positionUm + Math.ceil((fastestUmPerS * aheadNs) / 1e9) };
}

/** The raw count at which the belt will be at `positionUm`; null without an encoder. */
export function countAt(belt: BeltState, layout: BeltLayout, positionUm: number): number | null {
  if (layout.encoder === null || belt.lastCount === null) return null;
  const span = 2 ** layout.encoder.bits;
  const count = belt.lastCount + Math.round((positionUm - belt.positionUm) / layout.encoder.umPerCount);
  return ((count % span) + span) % span;
}

export type BeltStep = "ok" | "jumped" | "backwards";

/** Takes a sample in. After "jumped" or "backwards" the new count is the base and every position is void. */
export function advanceBelt(belt: BeltState, layout: BeltLayout, stamp: BeltStamp, errorNs = 0): BeltStep {
  if (layout.encoder === null) {
    advanceByTime(belt, layout, stamp.atNs);
    return "ok";
  }
  if (stamp.count === null) return "ok";
  if (belt.lastCount === null) {
    rebase(belt, stamp.count, { atNs: stamp.atNs, errorNs });
    return "ok";
  }
  const travelUm = countDelta(layout.encoder, belt.lastCount, stamp.count) * layout.encoder.umPerCount;
  const elapsedNs = Math.max(0, stamp.atNs - belt.lastNs);
  const limitUm = (layout.speedUmPerS * JUMP_FACTOR * (elapsedNs + JITTER_NS)) / 1e9;
  if (travelUm > limitUm || isAmbiguous(layout.encoder, stamp.count, { elapsedNs, limitUm })) {
    rebase(belt, stamp.count, { atNs: stamp.atNs, errorNs });
    return "jumped";
  }
  if (travelUm < -2 * layout.encoder.umPerCount) {
    rebase(belt, stamp.count, { atNs: stamp.atNs, errorNs });
    return "backwards";
  }
  belt.positionUm += Math.max(0, travelUm);
  if (travelUm > 0) belt.lastCount = stamp.count;
  belt.lastNs = stamp.atNs;
  sampleSpeed(belt, layout, errorNs);
  return "ok";
}

/**
 * After a silence in which the belt can have made half a turn of the counter, forth and back and once around look alike;
 * and a count so small may have begun at zero meanwhile. Either would put known parcels where strange ones are.
 */
function isAmbiguous(encoder: EncoderLayout, count: number, o: { elapsedNs: number; limitUm: number }): boolean {
  const halfTurnUm = 2 ** (encoder.bits - 1) * encoder.umPerCount;
  return o.limitUm >= halfTurnUm || (o.elapsedNs > RESTART_NS && count * encoder.umPerCount <= o.limitUm);
}

function advanceByTime(belt: BeltState, layout: BeltLayout, atNs: number): void {
  if (atNs <= belt.lastNs) return;
  if (belt.moving) belt.positionUm += Math.round((layout.speedUmPerS * (atNs - belt.lastNs)) / 1e9);
  belt.lastNs = atNs;
  belt.speedUmPerS = belt.moving ? layout.speedUmPerS : 0;
}

function rebase(belt: BeltState, count: number, at: { atNs: number; errorNs: number }): void {
  belt.lastCount = count;
  belt.lastNs = at.atNs;
  belt.samples = [{ ...at, positionUm: belt.positionUm }];
  belt.speedUmPerS = 0;
  belt.moving = false;
}

function sampleSpeed(belt: BeltState, layout: BeltLayout, errorNs: number): void {
  belt.samples.push({ atNs: belt.lastNs, errorNs, positionUm: belt.positionUm });
  if (belt.samples.length > SPEED_SAMPLES) belt.samples.shift();
  const first = belt.samples[0];
  if (first === undefined || belt.lastNs <= first.atNs) return;
  belt.speedUmPerS = Math.round(((belt.positionUm - first.positionUm) * 1e9) / (belt.lastNs - first.atNs));
  belt.moving = belt.speedUmPerS >= layout.minSpeedUmPerS;
}
