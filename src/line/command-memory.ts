// The answers of commands by id, so that a repeated one is answered the same and acted on once; the oldest is forgotten.
import { CAPS } from "./caps.ts";
import type { AnsweredCommand } from "./state.ts";

export function rememberCommand(commands: Map<string, AnsweredCommand>, id: string, answered: AnsweredCommand): void {
  commands.set(id, answered);
  if (commands.size <= CAPS.commands) return;
  const [oldest] = commands.keys();
  if (oldest !== undefined) commands.delete(oldest);
}
