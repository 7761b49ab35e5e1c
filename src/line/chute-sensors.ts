// What the sensors of a chute say of its room, once they have said so for long enough, and what is decided anew with it.
import { clear, raise } from "./alarms.ts";
import { chuteFact, isFull, isJammed, JAMMED_AFTER } from "./chute-room.ts";
import { decideAll } from "./decide.ts";
import { stir } from "./due.ts";
import type { ChuteLayout } from "./layout.ts";
import type { ChuteState, Item } from "./state.ts";
import { activeSite, chuteState, count, journal, type Turn } from "./turn.ts";

/** @param said null: its device cannot be read. The first word after that is believed at once, like that one. */
export function fullSensor(turn: Turn, chute: ChuteLayout, said: boolean | null): void {
  const state = chuteState(turn, chute.id);
  // A layout in an older version's journal knows none of these times.
  const debounceNs = chute.fullDebounceNs ?? 0;
  const isFirst = state.sensedFull === null && said !== null;
  if (said === null || state.sensedFull === null || debounceNs === 0) {
    state.sensedFull = said;
    state.sensedDueNs = null;
  } else state.sensedDueNs = said === state.sensedFull ? null : (state.sensedDueNs ?? turn.nowNs + debounceNs);
  noteDue(turn, state.sensedDueNs);
  // Until its first word it was taken for full, and nobody was told: that it truly is so is news.
  if (!settleFull(turn, chute, "SENSOR") && isFirst && said) say(turn, chute, "SENSOR");
}

/** Whatever may have changed its fullness has; who wants to go there is decided anew. @returns whether it has */
export function settleFull(turn: Turn, chute: ChuteLayout, why: "SENSOR" | "CAPACITY"): boolean {
  const state = chuteState(turn, chute.id);
  const full = isFull(chute, state);
  if (full === state.full) return false;
  state.full = full;
  say(turn, chute, why);
  return true;
}

/** The beam at its mouth: parcels that lie in it keep the next ones from sliding in. */
export function mouthChanged(turn: Turn, chute: ChuteLayout, edge: "dark" | "light"): void {
  const state = chuteState(turn, chute.id);
  const afterNs = chute.blockedAfterNs ?? null;
  state.isMouthUnread = false;
  state.blockedDueNs = edge === "dark" && afterNs !== null ? turn.nowNs + afterNs : null;
  noteDue(turn, state.blockedDueNs);
  if (edge === "dark") return endJam(turn, chute);
  endBlock(turn, chute, "MOUTH_LIGHT");
}

function endBlock(turn: Turn, chute: ChuteLayout, why: "MOUTH_LIGHT" | "SEEN"): void {
  const state = chuteState(turn, chute.id);
  if (!state.isBlocked) return;
  state.isBlocked = false;
  state.isMouthUnread = false;
  clear(turn, { code: "CHUTE_BLOCKED", source: chute.id });
  say(turn, chute, why);
}

/** Whether the chute's eye could be read ever since the item was at its gate. */
export function wasMouthRead(turn: Turn, chute: ChuteLayout, item: Item): boolean {
  const device = turn.state.devices.get(activeSite(turn).eyes.get(chute.eyeId ?? "")?.eye.deviceId ?? "");
  return device?.connected === true && device.sinceNs <= (item.atGateNs ?? 0);
}

/** The eye of the chute has not seen what was sent there, though somebody looked all the while. */
export function noteUnseen(turn: Turn, chute: ChuteLayout): void {
  const state = chuteState(turn, chute.id);
  state.unseen += 1;
  if (state.unseen !== JAMMED_AFTER) return;
  count(turn, "jammed");
  raise(turn, { code: "CHUTE_JAMMED", source: chute.id });
  say(turn, chute, "UNSEEN");
}

/** Something came through, or a person has looked. */
export function endJam(turn: Turn, chute: ChuteLayout): void {
  const state = chuteState(turn, chute.id);
  const wasJammed = isJammed(state);
  state.unseen = 0;
  if (!wasJammed) return;
  clear(turn, { code: "CHUTE_JAMMED", source: chute.id });
  say(turn, chute, "SEEN");
}

/** A person has looked into it. Of a mouth that its eye has shown dark, and has been read ever since, the eye is believed. */
export function lookedInto(turn: Turn, chute: ChuteLayout): void {
  endJam(turn, chute);
  if (chuteState(turn, chute.id).isMouthUnread) endBlock(turn, chute, "SEEN");
}

/** What the run before has said of a chute's room is said again; a chute without such an eye any more has no blocked mouth. */
export function carryRoom(turn: Turn, chute: ChuteLayout): void {
  const state = chuteState(turn, chute.id);
  if (chute.eyeId === null || (chute.blockedAfterNs ?? null) === null)
    Object.assign(state, { isBlocked: false, isMouthUnread: false });
  if (state.isBlocked) raise(turn, { code: "CHUTE_BLOCKED", source: chute.id });
  if (isJammed(state)) raise(turn, { code: "CHUTE_JAMMED", source: chute.id });
}

/** A device that cannot be read: its sensors say full, and its eyes say nothing of a mouth, which stays as it was. */
export function chuteSensorsLost(turn: Turn, deviceId: string): void {
  const site = activeSite(turn);
  for (const chute of site.chutes.values()) {
    if (chute.fullDeviceId === deviceId) fullSensor(turn, chute, null);
    if (site.eyes.get(chute.eyeId ?? "")?.eye.deviceId === deviceId) mouthUnread(chuteState(turn, chute.id));
  }
}

function mouthUnread(state: ChuteState): void {
  state.blockedDueNs = null;
  state.isMouthUnread = state.isBlocked;
}

/** Ends the delays that are over; costs a comparison while there are none. */
export function tickChutes(turn: Turn): void {
  const { chuteDueNs } = turn.state;
  if (chuteDueNs === null || chuteDueNs > turn.nowNs) return;
  turn.state.chuteDueNs = null;
  for (const chute of activeSite(turn).chutes.values()) {
    const state = chuteState(turn, chute.id);
    if (isOver(turn, state.sensedDueNs)) {
      state.sensedFull = !state.sensedFull;
      state.sensedDueNs = null;
      settleFull(turn, chute, "SENSOR");
    }
    if (isOver(turn, state.blockedDueNs)) {
      state.blockedDueNs = null;
      state.isBlocked = true;
      count(turn, "mouthsBlocked");
      raise(turn, { code: "CHUTE_BLOCKED", source: chute.id });
      say(turn, chute, "MOUTH_DARK");
    }
    noteDue(turn, state.sensedDueNs);
    noteDue(turn, state.blockedDueNs);
  }
}

const isOver = (turn: Turn, dueNs: number | null): boolean => dueNs !== null && dueNs <= turn.nowNs;

/** A lower bound: a delay that is broken off leaves it, and the look that it costs finds the next one. */
function noteDue({ state }: Turn, dueNs: number | null): void {
  if (dueNs !== null && (state.chuteDueNs === null || dueNs < state.chuteDueNs)) state.chuteDueNs = dueNs;
}

function say(turn: Turn, chute: ChuteLayout, why: string): void {
  journal(turn, chuteFact(chuteState(turn, chute.id), why));
  stir(turn.agendas);
  decideAll(turn, chute.beltId);
}
