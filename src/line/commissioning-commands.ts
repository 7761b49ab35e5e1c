// Commands of whoever commissions a line: who stands at which chute for a test parcel, what arrived, and to begin anew.
import type { CommandRequest, LineCommand } from "./command.ts";
import type { CommandHandler, CommandRefusal } from "./command-handler.ts";
import { beginAnew, isCommissioned } from "./commissioning.ts";
import { decideAll } from "./decide.ts";
import { endGuard, freshGuard, proveBy } from "./test-parcel.ts";
import { activeLayout, activeSite, type Turn } from "./turn.ts";

export const COMMISSIONING_COMMANDS = ["guardChute", "leaveChute", "confirmArrival", "voidCommissioning"] as const;
export type CommissioningCommand = Extract<LineCommand, { command: (typeof COMMISSIONING_COMMANDS)[number] }>;

export const isOfCommissioning = (what: LineCommand): what is CommissioningCommand =>
  COMMISSIONING_COMMANDS.some((name) => name === what.command);

/** Whoever stood at a chute is asked right away; what is said much later may be about something else. */
const CONFIRM_WITHIN_NS = 600_000_000_000;

export const commissioningCommand: CommandHandler = {
  judge(turn, request) {
    const what = request.what as CommissioningCommand;
    const isAtChute = what.command !== "voidCommissioning";
    if (isAtChute && !activeSite(turn).chutes.has(what.chuteId))
      return { code: "COMMAND_TARGET_UNKNOWN", detail: what.chuteId };
    if (activeLayout(turn).commissioning === undefined) return { code: "COMMAND_PLANT_SIMULATED", detail: "" };
    return isAtChute ? judgeAt(turn, request, what) : null;
  },
  carryOut(turn, request) {
    const what = request.what as CommissioningCommand;
    carryOut(turn, request, what);
    decideAll(turn);
  },
};

function judgeAt(
  turn: Turn,
  { who }: CommandRequest,
  what: Exclude<CommissioningCommand, { command: "voidCommissioning" }>,
): CommandRefusal {
  const { guard, proofs, lastTest } = turn.state.commissioning;
  const { chuteId } = what;
  switch (what.command) {
    case "guardChute":
      // A way out without a release is there while nothing else may leave, and not afterwards.
      if (isCommissioned(turn) || proofs.has(chuteId)) return { code: "COMMAND_CHUTE_PROVED", detail: chuteId };
      if (guard !== null) return { code: "COMMAND_GUARD_STANDS", detail: guard.chuteId };
      return turn.state.chutes.get(chuteId)?.locked === true ? { code: "COMMAND_CHUTE_LOCKED", detail: chuteId } : null;
    case "leaveChute":
      return guard?.chuteId === chuteId ? null : { code: "COMMAND_NO_GUARD", detail: chuteId };
    case "confirmArrival": {
      const nothing = { code: "COMMAND_NOTHING_TO_CONFIRM", detail: chuteId };
      if (lastTest?.awaitsPerson !== true || lastTest.chuteId !== chuteId || proofs.has(chuteId)) return nothing;
      if (turn.nowNs > lastTest.endedNs + CONFIRM_WITHIN_NS) return nothing;
      return lastTest.who === who ? null : { code: "COMMAND_NOT_THE_GUARD", detail: lastTest.who };
    }
    default:
      return what satisfies never;
  }
}

function carryOut(turn: Turn, request: CommandRequest, what: CommissioningCommand): void {
  const { commissioning } = turn.state;
  switch (what.command) {
    case "guardChute": {
      const untilNs = turn.nowNs + what.seconds * 1_000_000_000;
      const { chuteId, code } = what;
      commissioning.lastTest = null;
      commissioning.guard = freshGuard({ command: request.id, chuteId, code, who: request.who, untilNs });
      return;
    }
    case "leaveChute":
      return endGuard(turn, "calledOff", "OPERATOR");
    case "confirmArrival": {
      const { lastTest } = commissioning;
      if (lastTest !== null) proveBy(turn, lastTest, "person");
      return;
    }
    case "voidCommissioning":
      return beginAnew(turn, { plantHash: commissioning.plantHash, why: "person" });
    default:
      what satisfies never;
  }
}
