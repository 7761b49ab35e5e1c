// What carries out one family of commands: a judgement that changes nothing, and the deed that follows it.
import type { CommandRequest } from "./command.ts";
import type { Turn } from "./turn.ts";

/** Why a command is refused: a code of the fault table, and what belongs to it. null: nothing speaks against it. */
export type CommandRefusal = { code: string; detail: string } | null;

export interface CommandHandler {
  judge(turn: Turn, request: CommandRequest): CommandRefusal;
  /** Only after a judgement of null in the same turn. */
  carryOut(turn: Turn, request: CommandRequest): void;
}
