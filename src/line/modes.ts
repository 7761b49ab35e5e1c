// Gathers what a belt's mode depends on, and does what a change of mode asks for: withdrawals, the purge, the permits.
import { partsOf } from "./belt-parts.ts";
import { decideAll } from "./decide.ts";
import { spoil } from "./doubt.ts";
import { forget } from "./due.ts";
import type { BeltLayout, SignalName } from "./layout.ts";
import { checkSafeEnd, stop, unstop } from "./line-permits.ts";
import { KEEPING_GATES, type ModeFacts, modeOf } from "./mode.ts";
import { unwatch } from "./passages.ts";
import type { BeltState } from "./state.ts";
import type { LineInput } from "./step.ts";
import { isEmpty } from "./still-belt.ts";
import { activeSite, beltState, itemById, journal, type Turn } from "./turn.ts";
import { markAllUnknown } from "./unknown-stretch.ts";
import { withdrawAll } from "./withdrawals.ts";

/** After any other input the mode is what it was. */
const TELLING: ReadonlySet<LineInput["kind"]> = new Set<LineInput["kind"]>([
  ...(["run", "layout", "belt", "drive", "signal", "device", "scanner"] as const),
  ...(["storage", "wake", "operator", "releaseHint"] as const),
]);

export function checkModes(turn: Turn, after: LineInput["kind"]): void {
  if (!TELLING.has(after)) return;
  for (const belt of activeSite(turn).belts.values()) checkMode(turn, belt);
}

function checkMode(turn: Turn, layout: BeltLayout): void {
  const belt = beltState(turn, layout.id);
  const unsafe = unsafeOf(turn, layout, belt);
  // The permit first: whether it is there is part of the mode.
  for (const [name, why] of STOPPING) {
    if (isOff(turn, layout, name)) stop(turn, layout.id, why);
    else if (!isBad(turn, layout, name)) unstop(turn, layout.id, why);
  }
  noteHands(turn, layout, belt);
  const { mode, why } = modeOf(factsOf(turn, layout, { belt, unsafe }));
  const before = belt.mode;
  if (before.mode === mode && before.why === why) return;
  belt.mode = { mode, why, sinceNs: before.mode === mode ? before.sinceNs : turn.nowNs };
  journal(turn, { kind: "mode", beltId: layout.id, mode, before: before.mode, why });
  if ((mode === "safe" || mode === "manual") && !KEEPING_GATES.includes(why)) withdrawAll(turn, layout, why);
  // What was not due may be due now.
  forget(turn.agendas);
  checkSafeEnd(turn, layout);
  // What the mode forbade is decided anew with it, and what it forbids is dropped now, not at its last look.
  const wasBarred = before.mode === "safe" || before.mode === "manual";
  if (before.mode !== mode && (wasBarred || mode === "safe" || mode === "manual")) decideAll(turn, layout.id);
}

/** Signals that drop the run permit while they are off; it is offered again after them, and a person starts the belt. */
const STOPPING = [
  ["emergencyStopClear", "SIGNAL_EMERGENCY_STOP"],
  ["driveOk", "SIGNAL_DRIVE_FAULT"],
] as const satisfies readonly [SignalName, string][];

/**
 * Whoever was there may have moved, added or taken anything: all of it rides to the safe end, what rode when they came
 * and what is there when they go, whatever other reason stood before this one meanwhile.
 */
function noteHands(turn: Turn, layout: BeltLayout, belt: BeltState): void {
  const isOn = isOff(turn, layout, "automatic") || isOff(turn, layout, "emergencyStopClear");
  const isGone = !isBad(turn, layout, "automatic") && !isBad(turn, layout, "emergencyStopClear");
  if (belt.handsOn ? !isGone : !isOn) return;
  const wasEmpty = isOn && isEmpty(belt, (chuteId) => activeSite(turn).chutes.get(chuteId)?.eyeId != null);
  belt.handsOn = isOn;
  markAllUnknown(belt, layout, "PURGE");
  if (wasEmpty) belt.emptyAtUm = belt.positionUm;
  unwatch(belt, layout);
  for (const id of [...belt.itemIds]) spoil(turn, itemById(turn, id), "ITEM_PURGED");
}

function unsafeOf(turn: Turn, layout: BeltLayout, belt: BeltState): string[] {
  const unsafe: string[] = [];
  if (isBad(turn, layout, "emergencyStopClear")) unsafe.push("SIGNAL_EMERGENCY_STOP");
  if (isBad(turn, layout, "driveOk")) unsafe.push("SIGNAL_DRIVE_FAULT");
  if (isBad(turn, layout, "airOk")) unsafe.push("SIGNAL_NO_AIR");
  if (belt.blindSinceUm !== null) unsafe.push("BELT_BLIND");
  if (turn.state.storage === "full") unsafe.push("STORAGE_FULL");
  return unsafe;
}

/** The PLC says so. While nobody can read it, the mode is safe, and neither the belt's permit nor its parcels are given up. */
const isOff = (turn: Turn, layout: BeltLayout, name: SignalName): boolean => {
  const signal = layout.signals[name];
  return signal !== undefined && turn.state.signals.get(signal.inputId) === false;
};

/** Wired fail-safe: on is good; off, a broken wire and a device that cannot be read are not. */
export function isBad(turn: Turn, layout: BeltLayout, name: SignalName): boolean {
  const inputId = layout.signals[name];
  return inputId !== undefined && turn.state.signals.get(inputId.inputId) !== true;
}

function factsOf(turn: Turn, layout: BeltLayout, o: { belt: BeltState; unsafe: readonly string[] }): ModeFacts {
  const { belt, unsafe } = o;
  return {
    unsafe,
    isManual: isBad(turn, layout, "automatic"),
    hasRunPermit: belt.runPermit,
    moves: belt.moving,
    isCleared: !belt.stretches.some(({ why }) => PURGES.includes(why)),
    lacks: lacksOf(turn, layout),
  };
}

/** Stretches that are merged into one have no single reason any more. */
const PURGES: readonly string[] = ["RESTART", "PURGE", "ENCODER_LOST", "BELT_UNTRACKED", "several"];

function lacksOf(turn: Turn, layout: BeltLayout): string[] {
  const lacks: string[] = [];
  for (const deviceId of partsOf(layout).gateDevices) {
    if (turn.state.devices.get(deviceId)?.armed !== true) lacks.push(deviceId);
  }
  for (const { scannerIds } of layout.stations) {
    for (const id of scannerIds) if (turn.state.scanners.get(id) === "down") lacks.push(id);
  }
  if (turn.state.isFeedStale) lacks.push("feed");
  return lacks;
}

/** Nothing of a device that cannot be read is known: its signals are as if their wires were broken. */
export function forgetSignals(turn: Turn, deviceId: string): void {
  for (const layout of activeSite(turn).belts.values()) {
    for (const signal of Object.values(layout.signals)) {
      if (signal.deviceId === deviceId) turn.state.signals.delete(signal.inputId);
    }
  }
}
