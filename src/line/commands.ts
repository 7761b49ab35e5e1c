// A person's command: judged by id, role and deadline, carried out once, and journalled whether it was or not.
import { chuteCommand } from "./chute-commands.ts";
import { type CommandAnswer, type CommandRequest, type LineCommand, roleFor, targetOf } from "./command.ts";
import type { CommandHandler, CommandRefusal } from "./command-handler.ts";
import { rememberCommand } from "./command-memory.ts";
import { commissioningCommand, isOfCommissioning } from "./commissioning-commands.ts";
import { jogCommand } from "./jog.ts";
import { lineCommand } from "./line-commands.ts";
import type { AnsweredCommand } from "./state.ts";
import { count, journal, type Turn } from "./turn.ts";

/** @param o.tag comes back with the answer; nothing else is done with it */
export function personCommands(turn: Turn, o: { tag: number; request: CommandRequest }): void {
  const { tag, request } = o;
  const asked = JSON.stringify([request.who, request.what]);
  const known = turn.state.commands.get(request.id);
  if (known !== undefined && known.asked === asked) {
    count(turn, "commands.repeated");
    return answer(turn, tag, { ...answerOf(request.id, known), isRepeated: true });
  }
  const role = roleFor(request.what.command, request.roles);
  const refusal = known === undefined ? judge(turn, request, role) : { code: "COMMAND_ID_REUSED", detail: request.id };
  const entry = journal(turn, {
    kind: "operator",
    id: request.id,
    command: request.what.command,
    target: targetOf(request.what),
    who: request.who,
    role: role ?? request.roles.join(","),
    accepted: refusal === null,
    code: refusal?.code ?? null,
    detail: refusal?.detail ?? "",
    asked,
    eventAtMs: request.eventAtMs,
  });
  count(turn, refusal === null ? "commands.accepted" : "commands.refused");
  const answered: AnsweredCommand = {
    asked,
    accepted: refusal === null,
    code: refusal?.code ?? null,
    detail: refusal?.detail ?? "",
    entry,
    eventAtMs: request.eventAtMs,
  };
  if (known === undefined) rememberCommand(turn.state.commands, request.id, answered);
  answer(turn, tag, answerOf(request.id, answered));
  // What it changes is journalled behind it, so that whoever reads the journal meets the reason first.
  if (refusal === null) carryOut(turn, request);
}

function judge(turn: Turn, request: CommandRequest, role: ReturnType<typeof roleFor>): CommandRefusal {
  if (role === null) return { code: "COMMAND_ROLE", detail: request.roles.join(", ") };
  if (turn.nowNs > request.untilNs) {
    return { code: "COMMAND_LATE", detail: `${Math.round((turn.nowNs - request.untilNs) / 1e6)} ms` };
  }
  return handler(request.what).judge(turn, request);
}

const carryOut = (turn: Turn, request: CommandRequest): void => handler(request.what).carryOut(turn, request);

function handler(what: LineCommand): CommandHandler {
  if (what.command === "jogGate") return jogCommand;
  if (isOfCommissioning(what)) return commissioningCommand;
  return "chuteId" in what ? chuteCommand : lineCommand;
}

const answer = (turn: Turn, tag: number, said: CommandAnswer): void => {
  turn.out.push({ kind: "answer", tag, answer: said });
};

const answerOf = (id: string, { asked: _, ...said }: AnsweredCommand): CommandAnswer => ({
  id,
  ...said,
  isRepeated: false,
});
