// Devices and belts coming and going: what a lost device hides, and what its return does and does not prove.
import { clear, raise } from "./alarms.ts";
import { advanceBelt } from "./belt-position.ts";
import { chuteSensorsLost } from "./chute-sensors.ts";
import { decideAll } from "./decide.ts";
import { spoil } from "./doubt.ts";
import { endItem } from "./ends.ts";
import { expectGivenUp } from "./ghosts.ts";
import { errorUm, frontUm } from "./item-position.ts";
import type { BeltLayout } from "./layout.ts";
import { unstop } from "./line-permits.ts";
import { forgetSignals } from "./modes.ts";
import { unwatch } from "./passages.ts";
import { giveUpWaiting } from "./reading.ts";
import type { Item } from "./state.ts";
import type { LineInput } from "./step.ts";
import { activeSite, beltState, count, itemById, journal, type Turn } from "./turn.ts";
import { markAllUnknown, markUnknown } from "./unknown-stretch.ts";
import { advanceWatched } from "./unsampled.ts";
import { gatesOfDeviceArmed, withdrawAll } from "./withdrawals.ts";

export function deviceState(turn: Turn, input: Extract<LineInput, { kind: "device" }>): void {
  const { deviceId, connected, armed } = input;
  const before = turn.state.devices.get(deviceId) ?? { connected: false, armed: false, sinceNs: turn.nowNs };
  const sinceNs = before.connected === connected ? before.sinceNs : turn.nowNs;
  turn.state.devices.set(deviceId, { connected, armed, sinceNs });
  journal(turn, { kind: "device", deviceId, connected, armed });
  if (connected) clear(turn, { code: "DEVICE_DOWN", source: deviceId });
  else raise(turn, { code: "DEVICE_DOWN", source: deviceId });
  if (!connected) {
    forgetSignals(turn, deviceId);
    chuteSensorsLost(turn, deviceId);
  }
  for (const belt of activeSite(turn).belts.values()) {
    if (belt.drive?.deviceId === deviceId && before.connected && !connected) loseDrive(turn, belt);
    if (!sees(belt, deviceId)) continue;
    if (before.connected && !connected) goBlind(turn, belt, deviceId);
    // Sight is back only with the first sample, see `beltSample`.
  }
  if (armed && !before.armed) gatesOfDeviceArmed(turn, deviceId);
  if (armed !== before.armed) decideAll(turn);
}

const sees = (belt: BeltLayout, deviceId: string): boolean =>
  belt.encoder?.deviceId === deviceId || belt.eyes.some((eye) => eye.deviceId === deviceId);

const hidesAnEye = (turn: Turn, belt: BeltLayout): boolean =>
  belt.eyes.some((eye) => turn.state.devices.get(eye.deviceId)?.connected === false);

function goBlind(turn: Turn, belt: BeltLayout, deviceId: string): void {
  const state = beltState(turn, belt.id);
  // It may have said nothing for a while before anybody called it lost, and the belt went on.
  const silenceNs = Math.max(0, ...belt.eyes.map((eye) => (eye.deviceId === deviceId ? eye.silenceNs : 0)));
  const sinceUm = state.positionUm - Math.ceil((belt.speedUmPerS * silenceNs) / 1e9);
  state.blindSinceUm = Math.min(state.blindSinceUm ?? sinceUm, sinceUm);
  state.isCounterUnread ||= belt.encoder?.deviceId === deviceId;
  if (state.openItemId !== null) spoil(turn, itemById(turn, state.openItemId), "ITEM_BLIND");
  state.openItemId = null;
  state.beams = [];
  unwatch(state, belt);
  state.heldEdges = [];
  state.beside = null;
  // No edge comes for what changed meanwhile: a beam that was dark may be light long since.
  state.endDarkSinceUm = null;
  unstop(turn, belt.id, "SAFE_END_BLOCKED");
  withdrawAll(turn, belt, "BELT_BLIND");
}

/** False: more than the belt's position may have changed. */
export function beltSample(turn: Turn, belt: BeltLayout, input: Extract<LineInput, { kind: "belt" }>): boolean {
  const state = beltState(turn, belt.id);
  const wasMoving = state.moving;
  const step = advanceWatched(turn, belt, input.stamp, input.errorNs);
  if (step !== "ok") {
    losePosition(turn, belt, step === "jumped" ? "jumped" : "ran backwards");
    return false;
  }
  const wasBlind = state.blindSinceUm !== null;
  if (state.blindSinceUm !== null) regainSight(turn, belt, state.blindSinceUm);
  return !wasBlind && state.moving === wasMoving;
}

/**
 * A belt without encoder counts as moving at its nominal speed while its drive's contact is seen on. How it coasts and
 * comes up to speed nobody measures: each stop and each start makes unknown what rides on it. It comes up no slower than
 * it coasts to a stop; at half its speed on the way that is twice its coast by reckoning.
 * False: more than the belt's position may have changed.
 */
export function driveSample(turn: Turn, belt: BeltLayout, input: Extract<LineInput, { kind: "drive" }>): boolean {
  const state = beltState(turn, belt.id);
  const wasBlind = state.blindSinceUm !== null;
  advanceWatched(turn, belt, { atNs: turn.nowNs, count: null });
  const isNews = state.driveSeenNs === null || state.moving !== input.running;
  state.driveSeenNs = input.atNs;
  const isUp = !isNews && state.rampUntilUm !== null && state.positionUm >= state.rampUntilUm;
  if (isNews) {
    state.moving = input.running;
    state.rampUntilUm = state.positionUm + 2 * belt.coastUm;
  } else if (isUp) state.rampUntilUm = null;
  // While it came up to speed it fell behind its reckoning: what rides is unknown once more, from where it is now.
  if (isNews || isUp) loseTrack(turn, belt, "BELT_UNTRACKED");
  if (state.blindSinceUm !== null) regainSight(turn, belt, state.blindSinceUm);
  return !wasBlind && !isNews && !isUp;
}

/** It may stand or run meanwhile. */
function loseDrive(turn: Turn, belt: BeltLayout): void {
  const state = beltState(turn, belt.id);
  advanceBelt(state, belt, { atNs: turn.nowNs, count: null });
  state.driveSeenNs = null;
  state.moving = false;
  loseTrack(turn, belt, "BELT_UNTRACKED");
}

/** Everything on the belt is unknown and rides to the safe end. */
export function loseTrack(turn: Turn, belt: BeltLayout, why: "ENCODER_LOST" | "BELT_UNTRACKED"): void {
  const state = beltState(turn, belt.id);
  count(turn, `untracked.${why}`);
  withdrawAll(turn, belt, why);
  giveUpWaiting(turn, belt);
  markAllUnknown(state, belt, why);
  for (const id of [...state.itemIds]) spoil(turn, itemById(turn, id), "ITEM_BELT_UNKNOWN");
}

/** As people read it. */
type LostHow = "jumped" | "ran backwards" | "stood still" | "disagreed with an eye";

/** The counter says nothing about the way between. */
export function losePosition(turn: Turn, belt: BeltLayout, how: LostHow): void {
  const state = beltState(turn, belt.id);
  state.carriedItemId = 0;
  state.isCounterUnread = false;
  count(turn, `encoder.${how}`);
  raise(turn, { code: "ENCODER_LOST", source: belt.id, detail: how });
  // An eye that cannot be read either still hides what comes in from here on.
  state.blindSinceUm = hidesAnEye(turn, belt) ? state.positionUm : null;
  // Positions before and after a jump are not each other's.
  state.beams = [];
  loseTrack(turn, belt, "ENCODER_LOST");
  // How far the belt has gone nobody knows: by its place each of them would be taken for another one that it is not.
  for (const id of [...state.itemIds]) loseItem(turn, belt, itemById(turn, id));
}

/** Its end is written now, and what was sent for it is spent; that it arrives in its chute all the same is no breach. */
function loseItem(turn: Turn, belt: BeltLayout, item: Item): void {
  const permit = item.permitId === null ? undefined : turn.state.permits.get(item.permitId);
  const untilUm = beltState(turn, belt.id).positionUm + belt.lengthUm;
  const isAwaited = expectGivenUp(turn, { item, permit, untilUm });
  endItem(turn, item, { end: "lost", chuteId: null, reason: "ITEM_BELT_UNKNOWN", isAwaited });
}

/**
 * The counter went on while nobody looked: what was on the belt has moved by it; what came in meanwhile is unknown, and
 * eyes that were passed meanwhile have said nothing.
 */
function regainSight(turn: Turn, belt: BeltLayout, blindSinceUm: number): void {
  const state = beltState(turn, belt.id);
  if (hidesAnEye(turn, belt)) return;
  state.blindSinceUm = null;
  unwatch(state, belt);
  if (state.isCounterUnread) state.carriedItemId = state.itemIds.at(-1) ?? 0;
  state.isCounterUnread = false;
  const induction = belt.eyes.find((eye) => eye.role === "induction");
  const place = induction?.atUm ?? 0;
  markUnknown(state, {
    positionUm: state.positionUm,
    fromPlaceUm: place - belt.maxItemUm,
    toPlaceUm: place + (state.positionUm - blindSinceUm),
    why: "BLIND",
  });
  for (const id of [...state.itemIds]) {
    const item = itemById(turn, id);
    const reachUm = frontUm(item, state.positionUm) + errorUm(item, belt, state.positionUm);
    item.eyesAhead = item.eyesAhead.filter((eyeId) => {
      const eye = belt.eyes.find((candidate) => candidate.id === eyeId);
      return eye === undefined || eye.role === "end" || eye.atUm > reachUm;
    });
  }
}

export function scannerState(turn: Turn, input: Extract<LineInput, { kind: "scanner" }>): void {
  if (turn.state.scanners.get(input.scannerId) === input.state) return;
  turn.state.scanners.set(input.scannerId, input.state);
  journal(turn, {
    kind: "scanner",
    scannerId: input.scannerId,
    state: input.state,
  });
  if (input.state === "up") clear(turn, { code: "SCANNER_DOWN", source: input.scannerId });
  else
    raise(turn, {
      code: "SCANNER_DOWN",
      source: input.scannerId,
      detail: input.state,
    });
}
