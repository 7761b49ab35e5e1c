// The line core: every input changes the state and yields outputs; no clock, no I/O, no randomness of its own.

import { emptyAgendas, type Slacks } from "./agenda.ts";
import { isTooFast } from "./agenda-bounds.ts";
import { clear, raise, tickAlarms } from "./alarms.ts";
import { ARRIVAL_SLACK_NS, checkArrivals } from "./arrivals.ts";
import { positionAt } from "./belt-position.ts";
import { toCheckpoint } from "./checkpoint.ts";
import { fullSensor, tickChutes } from "./chute-sensors.ts";
import { personCommands } from "./commands.ts";
import { decide, decideAll } from "./decide.ts";
import { checkDeparted } from "./departed.ts";
import { beltSample, deviceState, driveSample, scannerState } from "./devices.ts";
import { agendaOf, forget, isAnythingDue, itemsNamed, settle, stir } from "./due.ts";
import { LENGTH_SLACK_UM } from "./eye-error.ts";
import { checkMissedEyes, EDGE_SLACK_UM, eyeEdge, settleEdges } from "./eyes.ts";
import { forgetGhosts } from "./ghosts.ts";
import { jogDueNs, tickJog } from "./jog.ts";
import { commandOutcome, lastLook } from "./last-look.ts";
import type { BeltLayout } from "./layout.ts";
import { checkSafeEnd } from "./line-permits.ts";
import { checkModes } from "./modes.ts";
import { LEAD_NS, nextHandOverNs, pumpPermits } from "./permits.ts";
import { LOOP_RESERVE_NS } from "./planned-lead.ts";
import { plantFault } from "./plant-faults.ts";
import { isDestination } from "./plc-tracked/destination.ts";
import { destinationLook } from "./plc-tracked/destination-look.ts";
import { destinationOutcome } from "./plc-tracked/destination-outcome.ts";
import { followReported } from "./plc-tracked/follow-reported.ts";
import { recallOutcome } from "./plc-tracked/recall-outcome.ts";
import { plcReport } from "./plc-tracked/reports.ts";
import { checkReadWindows, checkWaiting, telegramRead } from "./reading.ts";
import type { ReleasePort } from "./release.ts";
import { adoptLayout, startRun } from "./run-start.ts";
import type { SiteIndex } from "./site-index.ts";
import { snapshot } from "./snapshot.ts";
import type { LineState } from "./state.ts";
import type { LineCore, LineInput, LineOutput, StorageState } from "./step.ts";
import { counterStood } from "./stood.ts";
import { guardDueNs, tickGuard } from "./test-parcel.ts";
import { activeSite, beltState, count, journal, type Turn } from "./turn.ts";
import { dropPassedStretches } from "./unknown-stretch.ts";
import { advanceWatched, eyesUnsampled } from "./unsampled.ts";
import { checkGates, gateFeedback, HOME_SLACK_NS, withdrawalOutcome } from "./withdrawals.ts";

/** Without encoders nothing wakes the core but itself: often enough for any eye's window. */
const TICK_NS = 10_000_000;

export const SLACKS: Slacks = {
  edgeUm: EDGE_SLACK_UM,
  lengthUm: LENGTH_SLACK_UM,
  arrivalNs: ARRIVAL_SLACK_NS,
  homeNs: HOME_SLACK_NS,
  leadNs: LEAD_NS,
  loopNs: LOOP_RESERVE_NS,
};

/** A belt that only moves on is looked at when its bounds say so. */
const MOVING_ON: ReadonlySet<LineInput["kind"]> = new Set<LineInput["kind"]>(["belt", "drive", "wake", "durable"]);
/** What these change is touched, one by one; after any other input everything is reckoned anew. */
const TOUCHING: ReadonlySet<LineInput["kind"]> = new Set<LineInput["kind"]>([
  ...(["eye", "telegram", "gate", "lastLook", "command", "withdrawal", "releaseHint"] as const),
]);

/** @param o.looksAtAll every input looks at every item: the check of what is left out; the outputs are the same */
export function createLine(o: { state: LineState; releases: ReleasePort; looksAtAll?: boolean }): LineCore {
  const { state, releases } = o;
  const indexes = new Map<string, SiteIndex>();
  const agendas = emptyAgendas(SLACKS, o.looksAtAll ?? false);
  return {
    handle(input: LineInput, atNs: number): readonly LineOutput[] {
      const turn: Turn = { state, releases, nowNs: atNs, out: [], indexes, agendas };
      agendas.isLookedAt = false;
      if (TOUCHING.has(input.kind)) stir(agendas);
      else if (!MOVING_ON.has(input.kind)) forget(agendas);
      const dueNs = delayDueNs(turn);
      if (input.kind !== "run") {
        settleEdges(turn);
        tickChutes(turn);
      }
      step(turn, input);
      // A belt that only moved on is in the mode that it was in.
      if (agendas.isLookedAt) checkModes(turn, input.kind);
      if (state.jog !== null) tickJog(turn);
      if (state.commissioning.guard !== null) tickGuard(turn);
      tickAlarms(turn);
      const nextNs = delayDueNs(turn);
      if (nextNs !== dueNs && Number.isFinite(nextNs)) askForWake(turn);
      return turn.out;
    },
    checkpoint: () => toCheckpoint(state),
    snapshot: (atNs: number) => snapshot(state, atNs),
  };
}

function step(turn: Turn, input: LineInput): void {
  switch (input.kind) {
    case "run":
      return startRun(turn, input);
    case "layout":
      return adoptLayout(turn, input.layout);
    case "telegram":
      return telegramRead(turn, input.scannerId, input.telegram);
    case "eye":
      return eyeEdge(turn, input);
    case "belt":
      return belt(turn, input);
    case "drive":
      return drive(turn, input);
    case "unsampled":
      return eyesUnsampled(turn, input);
    case "stood":
      return counterStood(turn, input);
    case "gate":
      return gateFeedback(turn, input.gateId, input.position);
    case "signal":
      return signal(turn, input);
    case "device":
      return deviceState(turn, input);
    case "scanner":
      return scannerState(turn, input);
    case "releaseHint":
      return releaseHint(turn, input.waybills);
    case "operator":
      return personCommands(turn, input);
    case "durable":
      return durable(turn, input.upToEntry);
    case "storage":
      return storage(turn, input.state);
    case "lastLook":
      return isDestination(turn, input.id) ? destinationLook(turn, input.id) : lastLook(turn, input.id);
    case "command":
      return isDestination(turn, input.id)
        ? destinationOutcome(turn, input.id, input.outcome)
        : commandOutcome(turn, input.id, input.outcome);
    case "withdrawal":
      withdrawalOutcome(turn, input.id, input.outcome);
      return recallOutcome(turn, input.id, input.outcome);
    case "report":
      return plcReport(turn, input.beltId, input.report);
    case "wake":
      return wake(turn);
    default:
      input satisfies never;
  }
}

function belt(turn: Turn, input: Extract<LineInput, { kind: "belt" }>): void {
  const layout = activeSite(turn).belts.get(input.beltId);
  if (layout === undefined) return count(turn, "unknownBelt");
  if (!beltSample(turn, layout, input)) forget(turn.agendas);
  attend(turn, layout);
  askForWake(turn);
}

function drive(turn: Turn, input: Extract<LineInput, { kind: "drive" }>): void {
  const layout = activeSite(turn).belts.get(input.beltId);
  if (layout === undefined || layout.encoder !== null) return;
  if (!driveSample(turn, layout, input)) forget(turn.agendas);
  attend(turn, layout);
  askForWake(turn);
}

/** Everything that the belt's travel makes due. */
function attend(turn: Turn, layout: BeltLayout): void {
  if (!isAnythingDue(turn, layout)) return;
  turn.agendas.isLookedAt = true;
  dropPassedStretches(beltState(turn, layout.id), layout);
  checkWaiting(turn, layout);
  checkReadWindows(turn, layout);
  if (layout.tracker === undefined) followItems(turn, layout);
  else followReported(turn, layout);
  checkSafeEnd(turn, layout);
  pumpPermits(turn, layout.id);
  forgetGhosts(turn, layout.id);
  settle(turn, layout);
}

/** The eyes and gates are the core's own. */
function followItems(turn: Turn, layout: BeltLayout): void {
  checkMissedEyes(turn, layout);
  checkArrivals(turn, layout);
  checkGates(turn, layout);
}

function wake(turn: Turn): void {
  for (const layout of activeSite(turn).belts.values()) {
    if (layout.encoder === null) advanceWatched(turn, layout, { atNs: turn.nowNs, count: null });
    attend(turn, layout);
  }
  askForWake(turn);
}

/** When the next delay of an alarm, a chute's sensor, a gate moved by hand or a guard is over; Infinity: none runs. */
function delayDueNs(turn: Turn): number {
  const { alarmDueNs, chuteDueNs, jog, commissioning } = turn.state;
  let dueNs = Math.min(alarmDueNs ?? Number.POSITIVE_INFINITY, chuteDueNs ?? Number.POSITIVE_INFINITY);
  if (commissioning.guard !== null) dueNs = Math.min(dueNs, guardDueNs(turn));
  return jog === null ? dueNs : Math.min(dueNs, jogDueNs(turn));
}

function askForWake(turn: Turn): void {
  let atNs = delayDueNs(turn);
  for (const layout of activeSite(turn).belts.values()) {
    atNs = Math.min(atNs, handOverNs(turn, layout));
    if (layout.encoder === null) atNs = Math.min(atNs, turn.nowNs + TICK_NS);
  }
  if (Number.isFinite(atNs)) turn.out.push({ kind: "wakeAt", atNs });
}

/** Far ahead of every permit's instant the bound is near enough: the wake there asks for the instant itself. */
function handOverNs(turn: Turn, layout: BeltLayout): number {
  const state = beltState(turn, layout.id);
  const handOverUm = agendaOf(turn, layout).handOverUm.lowest;
  if (!state.moving || handOverUm === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
  const aheadUm = handOverUm - positionAt(state, layout, turn.nowNs);
  if (aheadUm <= 0 || isTooFast(layout, state)) return nextHandOverNs(turn, layout);
  return Math.max(turn.nowNs + 1_000_000, turn.nowNs + Math.round((aheadUm / Math.max(1, state.speedUmPerS)) * 1e9));
}

function durable(turn: Turn, upToEntry: number): void {
  if (upToEntry <= turn.state.durableEntry) return;
  turn.state.durableEntry = upToEntry;
  for (const beltId of turn.state.belts.keys()) pumpPermits(turn, beltId);
}

function storage(turn: Turn, now: StorageState): void {
  if (now === turn.state.storage) return;
  turn.state.storage = now;
  journal(turn, { kind: "storage", state: now });
  if (now === "ok") clear(turn, { code: "STORAGE_NOT_OK", source: "journal" });
  else raise(turn, { code: "STORAGE_NOT_OK", source: "journal", detail: now });
  decideAll(turn);
}

function releaseHint(turn: Turn, waybills: readonly { company: string; waybill: string }[]): void {
  const wanted = new Set(waybills.map((hint) => hint.waybill));
  for (const item of itemsNamed(turn, wanted)) {
    if (item.identity?.kind === "code" && wanted.has(item.identity.waybill)) decide(turn, item);
  }
  for (const hint of waybills) checkDeparted(turn, hint);
}

function signal(turn: Turn, input: Extract<LineInput, { kind: "signal" }>): void {
  turn.state.signals.set(input.inputId, input.value);
  plantFault(turn, input);
  const chute = activeSite(turn).chuteByFullInput.get(input.inputId);
  // Wired fail-safe: true means "not full", a broken wire reads as full.
  if (chute !== undefined) fullSensor(turn, chute, !input.value);
}
