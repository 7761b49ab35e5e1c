// Takes a batch of the release feed in: durable in the store before it is answered, then the controller is told to look.
import type { FeedItem } from "../customs/feed-splitter.ts";
import type { ReleaseClock } from "../releases/clock.ts";
import { NoSpace } from "../releases/disk-guard.ts";
import type { ReleaseEvent } from "../releases/event.ts";
import type { Applied, Heartbeat, ReleaseStore } from "../releases/store.ts";
import { problems } from "./api/problem.ts";
import { type LateWords, toHint } from "./late-words.ts";

export interface BatchReport {
  /** Lines that changed the store. */
  applied: number;
  /** Lines that it knew already, and heartbeats. */
  unchanged: number;
  /** Lines that were not taken; all others of the batch were. */
  rejected: readonly RejectedLine[];
}

export interface RejectedLine {
  /** Counted from 1. */
  line: number;
  code: string;
  message: string;
}

export interface FeedOptions {
  store: Pick<ReleaseStore, "apply">;
  clock: ReleaseClock;
  /** Told after the commit; a hint that is lost costs an upgrade on the belt, the look-up decides all the same. */
  hint(waybills: Applied["changed"]): void;
  /** Keeps what a controller that is away now has to hear when it is back. */
  late: Pick<LateWords, "note">;
  count(result: "applied" | "unchanged" | "rejected", by: number): void;
  /** The newest time, ms since 1970, by the authorities' own clocks, of a batch that was taken. */
  heard(eventAtMs: number): void;
}

/** Batches in memory at once: a fifth one has to wait and come again. */
const BATCHES_MAX = 4;

/** @returns takes one batch; throws a Problem when nothing of it was applied */
export function feed(o: FeedOptions): (items: AsyncIterable<FeedItem>) => Promise<BatchReport> {
  let open = 0;
  return async (items) => {
    if (open >= BATCHES_MAX) throw problems.busy();
    open += 1;
    try {
      return await takeBatch(o, items);
    } finally {
      open -= 1;
    }
  };
}

async function takeBatch(o: FeedOptions, items: AsyncIterable<FeedItem>): Promise<BatchReport> {
  // Taken before the first line: what customs said while the batch was under way is not in it.
  const { bootId } = o.clock;
  const heartbeat: Heartbeat = { bootId, monotonicNs: o.clock.monotonicNs(), wallMs: o.clock.wallMs() };
  const events: { line: number; event: ReleaseEvent }[] = [];
  const rejected: RejectedLine[] = [];
  let heartbeats = 0;
  let newestMs = 0;
  for await (const item of items) {
    if (item.ok) newestMs = Math.max(newestMs, item.event.eventAtMs);
    if (!item.ok) rejected.push(item.error);
    else if (item.event.kind === "heartbeat") heartbeats += 1;
    else events.push({ line: item.line, event: item.event });
  }
  // A line that could not be read may have been a hold: such a batch is no sign that the cache is up to date.
  const isSignOfLife = rejected.length === 0 && events.length + heartbeats > 0;
  const applied = await commit(
    o.store,
    events.map(({ event }) => event),
    isSignOfLife ? heartbeat : null,
  );
  const noted = o.late.note(
    events.map(({ event }) => event),
    applied.results,
  );
  applied.results.forEach((result, at) => {
    const line = events[at]?.line ?? 0;
    if (result.result === "refused") rejected.push({ line, code: result.code, message: result.message });
  });
  if (newestMs > 0) o.heard(newestMs);
  rejected.sort((a, b) => a.line - b.line);
  const hinted = toHint(applied.changed, noted);
  if (hinted.length > 0) o.hint(hinted);
  const report = { applied: applied.applied, unchanged: applied.unchanged + heartbeats, rejected };
  o.count("applied", report.applied);
  o.count("unchanged", report.unchanged);
  o.count("rejected", rejected.length);
  return report;
}

async function commit(
  store: FeedOptions["store"],
  events: readonly ReleaseEvent[],
  heartbeat: Heartbeat | null,
): Promise<Applied> {
  if (events.length === 0 && heartbeat === null) return NOTHING;
  try {
    return await store.apply(events, heartbeat === null ? {} : { heartbeat });
  } catch (error) {
    if (error instanceof NoSpace) throw problems.storeFull(error.message);
    throw error;
  }
}

const NOTHING: Applied = { applied: 0, unchanged: 0, refused: 0, results: [], changed: [] };
