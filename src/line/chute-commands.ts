// Commands about a chute: on and off, locked and not, its container, its stream, the end of a breach.
import { acknowledge, clear } from "./alarms.ts";
import { lockChute } from "./breach.ts";
import { chuteFact, isFull } from "./chute-room.ts";
import { lookedInto } from "./chute-sensors.ts";
import type { CommandRequest, LineCommand } from "./command.ts";
import type { CommandHandler, CommandRefusal } from "./command-handler.ts";
import type { CommissioningCommand } from "./commissioning-commands.ts";
import { decideAll } from "./decide.ts";
import { type ChuteLayout, isOwned } from "./layout.ts";
import { haltBelt, unstop } from "./line-permits.ts";
import { callBack } from "./passages.ts";
import type { ChuteState } from "./state.ts";
import { activeSite, journal, must, type Turn } from "./turn.ts";

type ChuteCommand = Exclude<Extract<LineCommand, { chuteId: string }>, { command: "jogGate" } | CommissioningCommand>;

export const chuteCommand: CommandHandler = {
  judge(turn, { what }) {
    const asked = what as ChuteCommand;
    const chute = activeSite(turn).chutes.get(asked.chuteId);
    const state = turn.state.chutes.get(asked.chuteId);
    if (isOfGoneChute(turn, asked)) return judgeGone(turn, asked);
    if (chute === undefined || state === undefined) return { code: "COMMAND_TARGET_UNKNOWN", detail: asked.chuteId };
    return judgeChute(turn, asked, { chute, state });
  },
  carryOut(turn, request) {
    const asked = request.what as ChuteCommand;
    if (isOfGoneChute(turn, asked)) return carryOutGone(turn, asked, request.who);
    const chute = must(activeSite(turn).chutes.get(asked.chuteId), "chute", asked.chuteId);
    const state = must(turn.state.chutes.get(asked.chuteId), "chute", asked.chuteId);
    carryOut(turn, request, { asked, chute, state });
    decideAll(turn, chute.beltId);
  },
};

/** The map has no such chute any more: its breach is still to be acknowledged, or its lock and container still count. */
function isOfGoneChute(turn: Turn, { command, chuteId }: ChuteCommand): boolean {
  const state = turn.state.chutes.get(chuteId);
  if (activeSite(turn).chutes.has(chuteId) || state === undefined) return false;
  if (command === "acknowledgeBreach") return turn.state.breachedChutes.includes(chuteId);
  return (command === "unlockChute" && state.locked) || (command === "containerChanged" && state.holds !== null);
}

function judgeGone(turn: Turn, { command, chuteId }: ChuteCommand): CommandRefusal {
  if (command === "unlockChute" && turn.state.breachedChutes.includes(chuteId))
    return { code: "COMMAND_BREACH_OPEN", detail: chuteId };
  const isLocked = command === "containerChanged" && turn.state.chutes.get(chuteId)?.locked === true;
  return isLocked ? { code: "COMMAND_CHUTE_LOCKED", detail: chuteId } : null;
}

/** Chutes that come with a later map take over nothing of it any more; what has come already is another name's matter. */
function carryOutGone(turn: Turn, { command, chuteId }: ChuteCommand, who: string): void {
  if (command === "acknowledgeBreach") return endBreach(turn, chuteId, who);
  const state = must(turn.state.chutes.get(chuteId), "chute", chuteId);
  if (command === "unlockChute") state.locked = false;
  else Object.assign(state, { sinceChange: 0, isEmpty: true, holds: null });
  journal(turn, chuteFact(state, "OPERATOR"));
}

function judgeChute(
  turn: Turn,
  asked: ChuteCommand,
  { chute, state }: { chute: ChuteLayout; state: ChuteState },
): CommandRefusal {
  const isGone = (id: string): boolean => !activeSite(turn).chutes.has(id);
  const isBreached = turn.state.breachedChutes.includes(chute.id);
  const mayBeBreached = turn.state.breachedChutes.some((id) => isGone(id) && state.mayBe.includes(id));
  switch (asked.command) {
    case "enableChute":
    case "disableChute":
    case "lockChute":
      return null;
    case "containerChanged":
      return state.locked ? { code: "COMMAND_CHUTE_LOCKED", detail: chute.id } : null;
    case "unlockChute":
      if (!state.locked) return { code: "COMMAND_NOT_LOCKED", detail: chute.id };
      return isBreached || mayBeBreached ? { code: "COMMAND_BREACH_OPEN", detail: chute.id } : null;
    case "acknowledgeBreach":
      return isBreached ? null : { code: "COMMAND_NO_BREACH", detail: chute.id };
    case "changeChuteStream":
      return judgeStream(turn, asked, { chute, state });
    default:
      return asked satisfies never;
  }
}

function judgeStream(
  turn: Turn,
  asked: Extract<LineCommand, { command: "changeChuteStream" }>,
  { chute, state }: { chute: ChuteLayout; state: ChuteState },
): CommandRefusal {
  const { stream, direction } = asked;
  const isOffered = chute.alsoFor.some((other) => other.stream === stream && other.direction === direction);
  const { zone } = chute;
  const isItsOwn = isOwned(zone) && zone.stream === stream && zone.direction === direction;
  if (!isOffered && !isItsOwn)
    return { code: "COMMAND_STREAM_NOT_OFFERED", detail: `${chute.id}: ${stream} ${direction}` };
  if (state.locked) return { code: "COMMAND_CHUTE_LOCKED", detail: chute.id };
  if (!state.isEmpty) return { code: "COMMAND_CONTAINER_FIRST", detail: chute.id };
  const isUnderWay =
    turn.state.ghosts.has(chute.id) ||
    [...turn.state.permits.values()].some(
      (permit) => permit.chuteId === chute.id && (permit.state === "fired" || permit.state === "done"),
    );
  return isUnderWay ? { code: "COMMAND_CHUTE_AWAITS", detail: chute.id } : null;
}

function carryOut(
  turn: Turn,
  { who }: CommandRequest,
  { asked, chute, state }: { asked: ChuteCommand; chute: ChuteLayout; state: ChuteState },
): void {
  switch (asked.command) {
    case "enableChute":
      state.enabled = true;
      lookedInto(turn, chute);
      break;
    case "disableChute":
      state.enabled = false;
      break;
    case "containerChanged":
      state.sinceChange = 0;
      state.isEmpty = true;
      state.holds = null;
      state.full = isFull(chute, state);
      lookedInto(turn, chute);
      break;
    case "lockChute":
      return lockChute(turn, chute.id, "OPERATOR");
    case "unlockChute":
      state.locked = false;
      break;
    case "changeChuteStream":
      state.serves = { stream: asked.stream, direction: asked.direction };
      callBack(turn, { chuteId: state.id });
      break;
    case "acknowledgeBreach":
      return endBreach(turn, chute.id, who);
    default:
      asked satisfies never;
  }
  journal(turn, { ...chuteFact(state, "OPERATOR"), serves: state.serves });
}

/** The chute stays locked and the belt stays down: what follows is said by commands of their own. */
function endBreach(turn: Turn, chuteId: string, who: string): void {
  const why = `LAW_BREACH:${chuteId}`;
  turn.state.breachedChutes = turn.state.breachedChutes.filter((id) => id !== chuteId);
  for (const { id, stops } of turn.state.belts.values()) {
    if (!stops.includes(why)) continue;
    haltBelt(turn, id);
    unstop(turn, id, why);
  }
  acknowledge(turn, { key: why, by: who });
  clear(turn, { code: "LAW_BREACH", source: chuteId });
}
