// Keeps one reader of the journal going: hands it stretch after stretch, and begins again where it stood after a failure.
import type { Follow, Stretch } from "./journal-feed.ts";
import { pause } from "./pause.ts";

export interface PumpOptions {
  follow: Follow;
  /** Asked at each beginning: where the reader stands, durably. */
  cursor(): readonly string[] | null;
  take(stretch: Stretch): Promise<void>;
  /** The place where the reader stood is not in this journal. True: it may begin anew; false: a person has to act. */
  lost(error: Error & { code: string }): Promise<boolean>;
  /** Said once for each new trouble. */
  say(error: Error): void;
  retryMs?: number;
}

export interface Pump {
  /** Why it does not read now; null: it does. */
  trouble(): string | null;
  /** The last line entry it has handed on since its start; 0: none. */
  upToEntry(): number;
  close(): Promise<void>;
}

const RETRY_MS = 5000;

export function journalPump(o: PumpOptions): Pump {
  const ending = new AbortController();
  let trouble: string | null = null;
  let upToEntry = 0;

  const read = async (): Promise<void> => {
    for await (const stretch of o.follow(o.cursor(), ending.signal)) {
      await o.take(stretch);
      upToEntry = stretch.upToEntry;
      trouble = null;
    }
  };
  const ended = (async () => {
    while (!ending.signal.aborted) {
      try {
        await read();
      } catch (error) {
        if (ending.signal.aborted) return;
        const failure = error as Error & { code?: string };
        if (hasCode(failure) && failure.code.startsWith("JOURNAL_CURSOR_") && (await o.lost(failure))) continue;
        if (trouble !== failure.message) o.say(failure);
        trouble = failure.message;
        await pause(o.retryMs ?? RETRY_MS, ending.signal);
      }
    }
  })();
  return {
    trouble: () => trouble,
    upToEntry: () => upToEntry,
    close() {
      ending.abort();
      return ended;
    },
  };
}

const hasCode = (error: Error & { code?: string }): error is Error & { code: string } => typeof error.code === "string";
