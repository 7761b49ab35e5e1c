// Reads a request's body as the lines of one batch, within bounds, while it streams in.
import type { FeedItem } from "../../customs/feed-splitter.ts";
import { FeedSplitter } from "../../customs/feed-splitter.ts";
import { maxBatchEvents } from "../../releases/store.ts";
import { type BatchLimits, problems } from "./problem.ts";

/** One batch is one commit, and is held in memory until then. */
export const BATCH_LIMITS: BatchLimits = { bytes: 16 << 20, lines: maxBatchEvents };

/**
 * Each line as an event or as what is wrong with it. Numbers count from 1 and include empty lines, which are passed
 * over: they match what an editor shows.
 * @throws Problem 413 past a limit of the batch, 400 when the body ends before it is complete
 */
export async function* batchItems(body: AsyncIterable<Buffer>, limits: BatchLimits): AsyncGenerator<FeedItem> {
  const splitter = new FeedSplitter();
  let bytes = 0;
  const within = function* (items: readonly FeedItem[]): Generator<FeedItem> {
    for (const item of items) {
      if (item.line > limits.lines) throw problems.tooLarge(limits);
      yield item;
    }
  };
  for await (const chunk of whole(body)) {
    bytes += chunk.length;
    if (bytes > limits.bytes) throw problems.tooLarge(limits);
    yield* within(splitter.push(chunk));
  }
  yield* within(splitter.end());
}

/** A client that goes away in the middle is one thing, whatever Node calls it. */
async function* whole(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* body;
  } catch {
    throw problems.cutShort();
  }
}
