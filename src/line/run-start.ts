// The start of a run: nothing of the last one is where it was; each item of it gets its end, each belt starts unknown.
import { carryAlarms, raise } from "./alarms.ts";
import { carryRoom } from "./chute-sensors.ts";
import { adoptPlant } from "./commissioning.ts";
import { checkDeparted, remember } from "./departed.ts";
import { carriedChute } from "./empty-chute.ts";
import { noteMaybeIn } from "./filled-container.ts";
import { expectGhost, renewGhosts } from "./ghosts.ts";
import { beginJournal } from "./journal-identity.ts";
import type { LineLayout } from "./layout.ts";
import { OPERATOR_STOP, sayPermits, stop } from "./line-permits.ts";
import { NOBODY } from "./passages.ts";
import { parcelOf } from "./release.ts";
import { adoptChutes } from "./renamed-chutes.ts";
import type { BeltState, LineState } from "./state.ts";
import type { LineInput } from "./step.ts";
import { activeSite, beltState, count, journal, type Turn } from "./turn.ts";
import { markAllUnknown } from "./unknown-stretch.ts";

export function startRun(turn: Turn, input: Extract<LineInput, { kind: "run" }>): void {
  const { state } = turn;
  state.run = input.run;
  state.epochAt = input.startedAt;
  beginJournal(state, input.journalId);
  journal(turn, {
    kind: "run",
    run: input.run,
    journalId: input.journalId,
    codeVersion: input.codeVersion,
    bootId: input.bootId,
    layoutHash: input.layout.hash,
    startedAt: input.startedAt,
    epochMonotonicNs: input.epochMonotonicNs,
    restored: input.restored,
  });
  const mayHaveLeft = endItemsOfLastRun(turn, input.layout);
  state.permits.clear();
  state.devices.clear();
  state.scanners.clear();
  state.signals.clear();
  state.isFeedStale = false;
  carryAlarms(turn);
  // Times of the run before, of another boot perhaps, are void.
  for (const [id, chute] of state.chutes) state.chutes.set(id, carriedChute(chute));
  state.chuteDueNs = null;
  state.counts = {};
  state.storage = "ok";
  // Its gate fell with its device's watchdog, or is called home when the device is there again.
  state.jog = null;
  state.lastJog = null;
  // Whoever stood at a chute stands there no more, as far as anybody knows.
  state.commissioning.guard = null;
  state.commissioning.lastTest = null;
  state.belts.clear();
  state.gates.clear();
  adoptLayout(turn, input.layout);
  for (const chute of input.layout.chutes) carryRoom(turn, chute);
  if (!input.restored) beginEmpty(turn, input.layout);
  // What customs has said of them while nobody ran has had no hint, or one that died with the run before.
  for (const release of mayHaveLeft) checkDeparted(turn, parcelOf(release));
  // A device that never connects says nothing: until it does, it is away like one that was lost.
  for (const deviceId of devicesOf(input.layout)) raise(turn, { code: "DEVICE_DOWN", source: deviceId });
}

/** The first run of a new journal begins on an empty belt: whoever commissions the line has looked. */
function beginEmpty(turn: Turn, { belts }: LineLayout): void {
  for (const { id, eyes } of belts) for (const eye of eyes) beltState(turn, id).lastAt[eye.id] = NOBODY;
}

const devicesOf = ({ belts }: LineLayout): ReadonlySet<string> =>
  new Set(
    belts.flatMap(({ encoder, drive, eyes, gates }) => [
      ...(encoder === null ? [] : [encoder.deviceId]),
      ...(drive === null ? [] : [drive.deviceId]),
      ...[...eyes, ...gates].map(({ deviceId }) => deviceId),
    ]),
  );

/** A chute map becomes active: what it names newly gets a state, what it does not name any more is forgotten. */
export function adoptLayout(turn: Turn, layout: LineLayout): void {
  const { state } = turn;
  state.layout = layout;
  state.layouts.set(layout.hash, layout);
  turn.indexes.delete(layout.hash);
  journal(turn, { kind: "layout", layoutHash: layout.hash });
  for (const belt of layout.belts) {
    if (!state.belts.has(belt.id)) {
      const fresh = emptyBelt(belt.id, turn.nowNs);
      state.belts.set(belt.id, fresh);
      markAllUnknown(fresh, belt, "RESTART");
    }
    for (const gate of belt.gates) {
      if (state.gates.has(gate.id)) continue;
      const fresh = {
        id: gate.id,
        position: "unknown" as const,
        lastFired: 0,
        homeAtUm: null,
        lastMove: null,
        tookNs: 0,
        inDoubt: false,
      };
      state.gates.set(gate.id, { ...fresh, withdrawing: null });
    }
  }
  adoptChutes(turn, layout);
  forgetUnusedLayouts(state);
  adoptPlant(turn, layout);
  for (const chuteId of state.breachedChutes) {
    for (const beltId of beltsOfChute(turn, chuteId)) {
      if (beltState(turn, beltId).stops.includes(`LAW_BREACH:${chuteId}`)) continue;
      raise(turn, { code: "LAW_BREACH", source: chuteId, detail: "not acknowledged yet" });
      stop(turn, beltId, `LAW_BREACH:${chuteId}`);
    }
  }
  for (const beltId of state.haltedBelts) if (state.belts.has(beltId)) stop(turn, beltId, OPERATOR_STOP);
  sayPermits(turn);
}

/** Its belt; every belt, where the map has no such chute any more: no change of the map ends a breach. */
function beltsOfChute(turn: Turn, chuteId: string): Iterable<string> {
  const beltId = activeSite(turn).chutes.get(chuteId)?.beltId;
  return beltId !== undefined && turn.state.belts.has(beltId) ? [beltId] : turn.state.belts.keys();
}

/**
 * Every parcel has exactly one end (law 9): a crash loses those on the belt, and says which may have gone out.
 * @returns the releases of those
 */
function endItemsOfLastRun(turn: Turn, layout: LineLayout): Set<string> {
  const mayHaveLeft = new Set<string>();
  for (const item of [...turn.state.items.values()].sort((a, b) => a.id - b.id)) {
    const permit = item.permitId === null ? undefined : turn.state.permits.get(item.permitId);
    journal(turn, {
      kind: "end",
      itemId: item.id,
      end: "lost",
      chuteId: null,
      possiblyOutbound: permit?.zone.kind === "outbound",
      reason: "ITEM_RESTART",
      waybill: item.identity?.kind === "code" ? item.identity.waybill : null,
      ...(permit === undefined ? {} : { awaited: true }),
    });
    count(turn, "end.lost");
    if (permit === undefined) continue;
    noteMaybeIn(turn, permit);
    if (permit.release !== null && !item.isLateHeld) {
      remember(turn.state, { release: permit.release, itemId: item.id, chuteId: permit.chuteId });
      mayHaveLeft.add(permit.release);
    }
    const { chuteId, zone } = permit;
    expectGhost(turn.state, { chuteId, itemId: item.id, zone, untilUm: 0, sinceNs: turn.nowNs });
  }
  turn.state.items.clear();
  renewGhosts(turn.state, layout);
  return mayHaveLeft;
}

function forgetUnusedLayouts(state: LineState): void {
  const used = new Set([state.layout?.hash, ...[...state.items.values()].map((item) => item.layoutHash)]);
  for (const hash of [...state.layouts.keys()]) if (!used.has(hash)) state.layouts.delete(hash);
}

/** Nothing is known of it, nothing rides on it, and it stands. */
export const emptyBelt = (id: string, nowNs: number): BeltState => ({
  id,
  positionUm: 0,
  lastCount: null,
  lastNs: nowNs,
  samples: [],
  speedUmPerS: 0,
  moving: false,
  driveSeenNs: null,
  rampUntilUm: null,
  itemIds: [],
  openItemId: null,
  beside: null,
  waiting: [],
  heldEdges: [],
  beams: [],
  lastAt: {},
  missingAt: {},
  unseenEnds: [],
  stretches: [],
  blindSinceUm: null,
  isCounterUnread: false,
  carriedItemId: 0,
  runPermit: true,
  infeedPermit: true,
  stops: [],
  endDarkSinceUm: null,
  arrivedSinceFull: 0,
  mode: { mode: "stopped", why: "RESTART", sinceNs: nowNs },
  handsOn: false,
  emptyAtUm: null,
});
