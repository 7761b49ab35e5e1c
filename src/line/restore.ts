// A restart: the newest checkpoint, then every entry after it folded in; what only the dead run knew stays unknown.
import { fromCheckpoint } from "./checkpoint.ts";
import { JAMMED_AFTER } from "./chute-room.ts";
import type { LineCommand } from "./command.ts";
import { rememberCommand } from "./command-memory.ts";
import { noCommissioning } from "./commissioning-state.ts";
import { forgetDeparted, remember } from "./departed.ts";
import { emptyChute } from "./empty-chute.ts";
import type { LineEntry } from "./entry.ts";
import { ghostCame, removeGhost } from "./ghosts.ts";
import { beginJournal } from "./journal-identity.ts";
import { LastStep } from "./last-step.ts";
import { enterLedger } from "./ledger.ts";
import { noteRound } from "./rounds.ts";
import { emptyState, type Item, type LineState, type Permit } from "./state.ts";
import type { LineCheckpoint } from "./step.ts";
import { carryGhosts, mayStillSlide } from "./still-sliding.ts";

/** Entries must come in order and without a gap after the checkpoint. */
export function restore(checkpoint: LineCheckpoint | null, entries: readonly LineEntry[]): LineState {
  const state = checkpoint === null ? emptyState() : fromCheckpoint(checkpoint);
  let lastNs = 0;
  const last = new LastStep(state);
  for (const entry of entries) {
    if (entry.n < state.nextEntry) continue;
    if (entry.n !== state.nextEntry) {
      throw new Error(`JOURNAL_GAP: line entry ${entry.n} follows ${state.nextEntry - 1}`);
    }
    state.nextEntry = entry.n + 1;
    last.follows(entry, lastNs);
    fold(state, entry, lastNs);
    lastNs = entry.atNs;
  }
  last.ends();
  carryGhosts(state, { endedNs: lastNs, beganNs: 0 });
  return state;
}

/** @param lastNs when the entry before it was written; 0: it is the first after the checkpoint */
function fold(state: LineState, entry: LineEntry, lastNs: number): void {
  switch (entry.kind) {
    case "run":
      state.run = entry.run;
      state.epochAt = entry.startedAt;
      beginJournal(state, entry.journalId);
      carryGhosts(state, { endedNs: lastNs, beganNs: entry.atNs });
      return;
    case "item":
      state.nextItem = Math.max(state.nextItem, entry.itemId + 1);
      state.items.set(entry.itemId, ghostItem(entry.itemId, entry.beltId));
      return;
    case "decision": {
      const item = state.items.get(entry.itemId);
      if (item !== undefined) item.identity = entry.identity;
      return;
    }
    case "permit":
      foldPermit(state, entry);
      return;
    case "lastLook": {
      const permit = state.permits.get(entry.permit);
      if (permit !== undefined && entry.go) permit.state = "fired";
      return;
    }
    case "giveBack": {
      const permit = state.permits.get(entry.permit);
      enterLedger(state, { n: entry.n, release: entry.release, delta: -1 });
      if (permit !== undefined) permit.release = null;
      if (entry.why !== "safeEnd") dropFolded(state, entry.permit);
      return;
    }
    case "end":
      foldEnd(state, entry);
      return;
    case "lateArrival":
      if (entry.came) ghostCame(state, entry);
      else removeGhost(state, entry);
      return;
    case "chute": {
      const chute = chuteOf(state, entry.chuteId);
      Object.assign(chute, {
        locked: entry.locked,
        enabled: entry.enabled,
        full: entry.full,
        isBlocked: entry.blocked ?? chute.isBlocked,
        unseen: entry.jammed === undefined ? chute.unseen : entry.jammed ? JAMMED_AFTER : 0,
        isEmpty: entry.empty ?? chute.isEmpty,
        serves: entry.serves === undefined ? chute.serves : entry.serves,
        holds: entry.holds === undefined ? chute.holds : entry.holds,
        mayBe: entry.mayBe === undefined ? chute.mayBe : [...entry.mayBe],
      });
      for (const id of entry.mayBe ?? []) {
        const other = chuteOf(state, id);
        other.mayBe = other.mayBe.filter((name) => name !== entry.chuteId);
      }
      return;
    }
    case "operator":
      foldCommand(state, entry);
      return;
    case "lateHold": {
      const item = state.items.get(entry.itemId);
      if (item !== undefined) item.isLateHeld = true;
      forgetDeparted(state, entry.itemId);
      // The chute's own entry comes behind it, and may have gone with the power.
      chuteOf(state, entry.chuteId).locked = true;
      return;
    }
    case "halt":
      state.haltedBelts = state.haltedBelts.filter((beltId) => beltId !== entry.beltId);
      if (entry.halted) state.haltedBelts.push(entry.beltId);
      return;
    case "alarm":
      foldAlarm(state, entry);
      return;
    case "commissioning":
      state.commissioning = { ...noCommissioning(), plantHash: entry.plantHash };
      return;
    case "proof": {
      const { chuteId, by, who, itemId, n } = entry;
      state.commissioning.proofs.set(chuteId, { by, who, itemId, entry: n });
      return;
    }
    case "breach":
      state.breachedChutes.push(entry.chuteId);
      chuteOf(state, entry.chuteId).locked = true;
      return;
    default:
      return;
  }
}

function foldCommand(state: LineState, entry: Extract<LineEntry, { kind: "operator" }>): void {
  const { asked, accepted, code, detail, eventAtMs } = entry;
  // An older version journalled only what it carried out, without an answer to keep.
  if (asked !== undefined && !state.commands.has(entry.id))
    rememberCommand(state.commands, entry.id, { asked, accepted, code, detail, entry: entry.n, eventAtMs });
  if (accepted === false) return;
  const { target } = entry;
  if (entry.command === "containerChanged")
    Object.assign(chuteOf(state, target), { sinceChange: 0, isEmpty: true, holds: null });
  // The chute's own entry comes behind it, and may have gone with the power.
  if (entry.command === "unlockChute") chuteOf(state, target).locked = false;
  if (entry.command === "enableChute") chuteOf(state, target).enabled = true;
  if (entry.command === "changeChuteStream" && asked !== undefined) {
    const [, what] = JSON.parse(asked) as [string, Extract<LineCommand, { command: "changeChuteStream" }>];
    chuteOf(state, target).serves = { stream: what.stream, direction: what.direction };
  }
}

function foldPermit(state: LineState, entry: Extract<LineEntry, { kind: "permit" }>): void {
  const item = state.items.get(entry.itemId);
  state.permits.set(entry.n, {
    id: entry.n,
    itemId: entry.itemId,
    beltId: item?.beltId ?? "",
    gateId: entry.gateId,
    chuteId: entry.chuteId,
    zone: entry.zone,
    release: entry.release,
    state: "reserved",
    plannedNs: null,
    homeAtUm: null,
  });
  if (item !== undefined) item.permitId = entry.n;
  // The next map may not have it: that it was there is known by this.
  chuteOf(state, entry.chuteId);
  if (entry.release !== null) enterLedger(state, { n: entry.n, release: entry.release, delta: 1 });
}

function dropFolded(state: LineState, permitId: number): void {
  const permit = state.permits.get(permitId);
  const item = permit === undefined ? undefined : state.items.get(permit.itemId);
  if (item?.permitId === permitId) item.permitId = null;
  state.permits.delete(permitId);
}

function foldEnd(state: LineState, entry: Extract<LineEntry, { kind: "end" }>): void {
  const item = state.items.get(entry.itemId);
  const permit = item?.permitId == null ? undefined : state.permits.get(item.permitId);
  if (permit !== undefined) mayStillSlide(state, entry, permit);
  if (entry.chuteId !== null) {
    const chute = chuteOf(state, entry.chuteId);
    chute.arrived++;
    chute.sinceChange++;
    chute.isEmpty = false;
    if (permit?.chuteId === entry.chuteId) chute.holds ??= permit.zone;
  }
  // Nobody has seen where it went: what was let go into a chute, or perhaps was, may be in there.
  const mayBeIn = permit !== undefined && (wasLetGo(permit) || entry.reason === "ITEM_RESTART");
  if (mayBeIn && entry.chuteId === null) chuteOf(state, permit.chuteId).holds ??= permit.zone;
  noteRound(state, { waybill: entry.waybill, chuteId: entry.chuteId, permit });
  if (permit !== undefined && permit.release !== null && entry.possiblyOutbound && item?.isLateHeld === false) {
    const { release, chuteId } = permit;
    remember(state, { release, itemId: entry.itemId, chuteId: entry.chuteId ?? chuteId });
  }
  if (permit !== undefined) state.permits.delete(permit.id);
  state.items.delete(entry.itemId);
}

/** Its last look has passed: what it was for may have gone there. */
const wasLetGo = ({ state }: Permit): boolean => state === "fired" || state === "done";

/** Entries of an older version know active and gone only. */
function foldAlarm(state: LineState, entry: Extract<LineEntry, { kind: "alarm" }>): void {
  const phase = entry.phase === undefined ? (entry.active ? "unacknowledged" : null) : entry.phase;
  if (phase === null) {
    state.alarms.delete(entry.key);
    return;
  }
  const { code, source, text } = entry;
  const known = state.alarms.get(entry.key);
  const { sinceNs, epochAt } = known ?? { sinceNs: entry.atNs, epochAt: state.epochAt };
  const cycle = { phase, isPresent: entry.active, dueNs: null };
  state.alarms.set(entry.key, { code, source, text, count: entry.count ?? 1, sinceNs, epochAt, cycle });
}

function chuteOf(state: LineState, id: string) {
  let chute = state.chutes.get(id);
  if (chute === undefined) {
    chute = emptyChute(id);
    state.chutes.set(id, chute);
  }
  return chute;
}

/** An item of a dead run: it has an id and a name, and no position. */
const ghostItem = (id: number, beltId: string): Item => ({
  id,
  beltId,
  layoutHash: "",
  originUm: 0,
  lengthUm: null,
  lengthErrorUm: 0,
  errorUm: 0,
  syncedAtUm: 0,
  doubt: "ITEM_RESTART",
  eyesAhead: [],
  behindId: null,
  leftEyeUm: -1,
  mayHideUm: 0,
  unless: null,
  codes: [],
  scannersHeard: [],
  namesLate: 0,
  identity: null,
  decision: null,
  decisions: 0,
  permitId: null,
  withheldFrom: [],
  atGateNs: null,
  passedGateNs: null,
  missedGate: false,
  seenPastGate: false,
  alsoIn: null,
  leftBelt: false,
  isLateHeld: false,
});
