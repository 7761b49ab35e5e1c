// Sweeps the release store in the background for waybills that are long over, a short transaction at a time.
import type { Pruned, PrunePlace, ReleaseStore } from "../releases/store.ts";
import { pause } from "./pause.ts";

export interface PruningOptions {
  store: Pick<ReleaseStore, "prune">;
  /** What is over is judged by this time, ms since 1970; null: nothing is forgotten now. */
  nowMs(): number | null;
  pruned(by: number): void;
  /** Said once for each new trouble. */
  say(error: Error): void;
  everyMs?: number;
  restMs?: number;
}

/** 2,000 waybills a second: ten million in an hour and a half, in pauses that nobody notices. */
const EVERY_MS = 250;
/** Between two sweeps: what becomes over in a day is gone in a day. */
const REST_MS = 6 * 3600 * 1000;

export function pruning(o: PruningOptions): { close(): Promise<void> } {
  const ending = new AbortController();
  let trouble = "";

  async function batch(from: PrunePlace | null): Promise<Pruned> {
    const atMs = o.nowMs();
    if (atMs === null) return { pruned: 0, next: from };
    const done = await o.store.prune({ from, atMs });
    trouble = "";
    if (done.pruned > 0) o.pruned(done.pruned);
    return done;
  }

  const ended = (async () => {
    let place: PrunePlace | null = null;
    while (!ending.signal.aborted) {
      let isSwept = false;
      try {
        const { next } = await batch(place);
        isSwept = place !== null && next === null;
        place = next;
      } catch (error) {
        const { message } = error as Error;
        if (trouble !== message) o.say(error as Error);
        trouble = message;
        isSwept = true; // Goes on where it stood, after the rest.
      }
      await pause(isSwept ? (o.restMs ?? REST_MS) : (o.everyMs ?? EVERY_MS), ending.signal);
    }
  })();
  return {
    close() {
      ending.abort();
      return ended;
    },
  };
}
