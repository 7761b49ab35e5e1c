// Commands as the controller hands them to the line, and what the line answered, for the tests of commands.
import type { CommandAnswer, CommandRequest, LineCommand, Role } from "../../../src/line/command.ts";
import type { LineInput, LineOutput } from "../../../src/line/step.ts";

/** Of either fixture. */
interface Line {
  readonly nowMs: number;
  readonly outputs: readonly LineOutput[];
  send(input: LineInput): unknown;
}

let nextId = 1;

/** Gives a command and returns the line's answer; by default an officer who is an operator too, in time. */
export function give(
  line: Line,
  what: LineCommand,
  o: Partial<Omit<CommandRequest, "what">> & { roles?: readonly Role[] } = {},
): CommandAnswer {
  const tag = nextId++;
  const request: CommandRequest = {
    id: `id-${tag}`,
    what,
    who: "wang",
    roles: ["operator", "officer"],
    untilNs: line.nowMs * 1e6 + 1,
    eventAtMs: 1_000 + tag,
    ...o,
  };
  line.send({ kind: "operator", tag, request });
  const answer = line.outputs.findLast((output) => output.kind === "answer" && output.tag === tag);
  if (answer?.kind !== "answer") throw new Error("the line did not answer");
  return answer.answer;
}
