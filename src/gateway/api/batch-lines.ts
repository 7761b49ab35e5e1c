// Reads a request's body as lines within bounds; what cannot be a line is reported by its number, not thrown.
import { type BatchLimits, problems } from "./problem.ts";

/** Numbers count from 1 and include empty lines, which are not yielded: they match what an editor shows. */
export type BatchLine = { line: number; text: string } | { line: number; fault: "tooLong" | "notUtf8" };

/** One batch is one commit and is held in memory until then. */
export const BATCH_LIMITS: BatchLimits = { bytes: 16 << 20, lines: 20_000, lineBytes: 32 << 10 };

/**
 * @throws Problem 413 past a limit of the batch, 400 when the body ends early
 */
export async function* batchLines(body: AsyncIterable<Buffer>, limits: BatchLimits): AsyncGenerator<BatchLine> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  let parts: Buffer[] = [];
  let held = 0;
  let bytes = 0;
  let line = 0;

  const take = (last: Buffer): BatchLine | null => {
    line += 1;
    if (line > limits.lines) throw problems.tooLarge(limits);
    const raw = Buffer.concat([...parts, last]);
    const tooLong = held + last.length > limits.lineBytes;
    parts = [];
    held = 0;
    if (tooLong) return { line, fault: "tooLong" };
    try {
      const text = decoder.decode(raw).trim();
      return text === "" ? null : { line, text };
    } catch {
      return { line, fault: "notUtf8" };
    }
  };

  for await (const chunk of whole(body)) {
    bytes += chunk.length;
    if (bytes > limits.bytes) throw problems.tooLarge(limits);
    let from = 0;
    for (let at = chunk.indexOf(0x0a); at !== -1; at = chunk.indexOf(0x0a, from)) {
      const read = take(chunk.subarray(from, at));
      if (read !== null) yield read;
      from = at + 1;
    }
    // Of a line that is too long only its length matters from here on.
    if (held <= limits.lineBytes && from < chunk.length) parts.push(chunk.subarray(from));
    held += chunk.length - from;
  }
  if (held > 0) {
    const read = take(Buffer.alloc(0));
    if (read !== null) yield read;
  }
}

/** A client that goes away in the middle is its own error, whatever Node calls it. */
async function* whole(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* body;
  } catch {
    throw problems.cutShort();
  }
}
