// The last step of a run in its journal: a loss of power may have cut off what it wrote behind a person's command.
import type { LineEntry } from "./entry.ts";
import type { LineState } from "./state.ts";

type Command = Extract<LineEntry, { kind: "operator" }>;

/** They only take away what is allowed: done once more, they let nothing pass that somebody has stopped since. */
const TAKES_AWAY: readonly string[] = ["stopLine", "lockChute", "disableChute", "voidCommissioning"];

/**
 * Entries of one step bear the same time. Of a command that takes away, in the last one, nobody can say whether all that it did is in
 * the journal: its id is free again, so that whoever repeats it is not told of what was never done. So is that of a breach's
 * acknowledgement which has not come as far as its end.
 */
export class LastStep {
  readonly #state: LineState;
  #commands: Command[] = [];
  /** Chutes whose breach is being acknowledged: it has ended with its alarm, behind what holds the belts down. */
  #ending: string[] = [];

  constructor(state: LineState) {
    this.#state = state;
  }

  /** @param lastNs when the entry before it was written */
  follows(entry: LineEntry, lastNs: number): void {
    if (entry.kind === "run") this.ends();
    else if (entry.atNs !== lastNs) this.#begin();
    if (entry.kind === "operator" && entry.accepted !== false) {
      this.#commands.push(entry);
      if (entry.command === "acknowledgeBreach") this.#ending.push(entry.target);
    }
    if (entry.kind === "alarm") this.#endBreach(entry.key);
  }

  /** Nothing comes after it any more. */
  ends(): void {
    for (const { id, command, target, n } of this.#commands) {
      const isOfThisEntry = this.#state.commands.get(id)?.entry === n;
      const isOpen = command === "acknowledgeBreach" && this.#state.breachedChutes.includes(target);
      if (isOfThisEntry && (isOpen || TAKES_AWAY.includes(command))) this.#state.commands.delete(id);
    }
    this.#begin();
  }

  #begin(): void {
    this.#commands = [];
    this.#ending = [];
  }

  #endBreach(key: string): void {
    const ended = this.#ending.find((chuteId) => key === `LAW_BREACH:${chuteId}`);
    if (ended === undefined) return;
    this.#state.breachedChutes = this.#state.breachedChutes.filter((chuteId) => chuteId !== ended);
  }
}
