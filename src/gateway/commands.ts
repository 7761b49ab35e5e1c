// People's commands: read, sent to the line core, answered; an officer's hold goes into the release store like any hold.
import { faults } from "../faults/table.ts";
import { type CommandAnswer, isCommandId, type LineCommand, readCommand, roleFor } from "../line/command.ts";
import type { AnswerMessage, CommandMessage } from "../process/live-message.ts";
import type { ReleaseClock } from "../releases/clock.ts";
import { NoSpace } from "../releases/disk-guard.ts";
import type { HoldEvent } from "../releases/event.ts";
import type { Applied, ReleaseStore } from "../releases/store.ts";
import { problems } from "./api/problem.ts";
import { type LateWords, toHint } from "./late-words.ts";
import { officersHold } from "./officers-hold.ts";
import type { Holder } from "./tokens.ts";

export interface CommandReport {
  id: string;
  accepted: true;
  /** Number of the journal's entry; null: no controller has journalled it, which only a hold survives. */
  entry: number | null;
  /** The entry was on the disk when this was answered. */
  durable: boolean;
  /** The id was known: nothing was done this time. */
  isRepeated: boolean;
}

export interface Commands {
  /** @throws Problem when it was refused, or nobody knows what became of it */
  give(said: unknown, holder: Holder): Promise<CommandReport>;
  answered(message: AnswerMessage): void;
}

export interface CommandsOptions {
  store: Pick<ReleaseStore, "apply">;
  clock: ReleaseClock;
  /** False: no controller, or it reads too slowly. */
  send(message: CommandMessage): boolean;
  hint(waybills: Applied["changed"]): void;
  /** Keeps what a controller that is away now has to hear when it is back. */
  late: Pick<LateWords, "note">;
  /** How much longer than its deadline an answer is waited for. */
  graceMs?: number;
}

/** A command without a deadline of its own is good for so long; one that asks for more than the most is refused. */
const GOOD_FOR_MS = 5000;
const GOOD_FOR_MOST_MS = 60_000;
/** Longer than the controller holds an answer back for its disk. */
const GRACE_MS = 1500;
const WAITING_MAX = 64;

export function commands(o: CommandsOptions): Commands {
  const waiting = new Map<number, (answer: AnswerMessage["answer"] | null) => void>();
  let nextTag = 1;

  const ask = (request: CommandMessage["request"], withinMs: number): Promise<AnswerMessage["answer"] | null> => {
    if (waiting.size >= WAITING_MAX) throw problems.tooManyCommands();
    const tag = nextTag++;
    if (!o.send({ kind: "command", tag, request })) return Promise.resolve(null);
    return new Promise((resolve) => {
      const timer = setTimeout(() => settle(null), withinMs + (o.graceMs ?? GRACE_MS));
      const settle = (answer: AnswerMessage["answer"] | null): void => {
        clearTimeout(timer);
        waiting.delete(tag);
        resolve(answer);
      };
      waiting.set(tag, settle);
    });
  };

  return {
    async give(said, holder) {
      const nowMs = o.clock.wallMs();
      const { id, what, withinMs } = readRequest(said, nowMs);
      const answer = await ask(
        {
          id,
          what,
          who: holder.name,
          roles: holder.scopes,
          eventAtMs: nowMs,
          untilMonotonicNs: String(Math.round(o.clock.monotonicNs() + withinMs * 1e6)),
        },
        withinMs,
      );
      if (answer !== null && !answer.accepted) throw refusal(answer);
      const hold = officersHold(what, holder.name, answer?.eventAtMs ?? nowMs);
      // A hold needs nobody's leave but the officer's own: it is written though no controller could journal it.
      const mayHold = what.command === "holdCode" && roleFor(what.command, holder.scopes) !== null;
      if (answer === null && !mayHold) throw problems.unanswered(what.command);
      if (hold !== null) await write(o, hold);
      return {
        id,
        accepted: true,
        entry: answer?.entry ?? null,
        durable: answer?.durable ?? false,
        isRepeated: answer?.isRepeated ?? false,
      };
    },
    answered: ({ tag, answer }) => waiting.get(tag)?.(answer),
  };
}

function readRequest(said: unknown, nowMs: number): { id: string; what: LineCommand; withinMs: number } {
  if (typeof said !== "object" || said === null || Array.isArray(said))
    throw problems.badRequest('the body must be an object, such as {"id":"7f3a","command":"stopLine"}');
  const { id, deadline, ...rest } = said as Record<string, unknown>;
  if (!isCommandId(id))
    throw problems.badRequest('"id" must be a text of 1 to 64 visible characters, new for each command');
  const what = readCommand(rest);
  if (typeof what === "string") throw problems.badRequest(what);
  if (deadline === undefined) return { id, what, withinMs: GOOD_FOR_MS };
  const untilMs =
    typeof deadline === "string" && /(Z|[+-]\d\d:\d\d)$/.test(deadline) ? Date.parse(deadline) : Number.NaN;
  if (!(untilMs <= nowMs + GOOD_FOR_MOST_MS))
    throw problems.badRequest(
      `"deadline" must be an RFC 3339 time with its offset, at most ${GOOD_FOR_MOST_MS / 1000} s ahead`,
    );
  // One that has passed goes to the line too: it is refused and journalled there.
  return { id, what, withinMs: Math.max(untilMs - nowMs, -GOOD_FOR_MOST_MS) };
}

function refusal({ code, detail }: CommandAnswer) {
  const fault = faults[code ?? ""];
  const about = detail === "" ? "" : ` (${detail})`;
  return problems.commandRefused({
    code: code ?? "API_INTERNAL",
    message: `${fault?.text ?? "refused"}${about}`,
    hint: fault?.personShould ?? "see the journal",
  });
}

async function write(o: CommandsOptions, hold: HoldEvent): Promise<void> {
  try {
    const applied = await o.store.apply([hold]);
    const [result] = applied.results;
    const hinted = toHint(applied.changed, o.late.note([hold], applied.results));
    if (result?.result === "refused") throw problems.badRequest(`${result.code}: ${result.message}`);
    if (hinted.length > 0) o.hint(hinted);
  } catch (error) {
    if (error instanceof NoSpace) throw problems.storeFull(error.message);
    throw error;
  }
}
