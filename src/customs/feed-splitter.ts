// Cuts a stream of bytes into the feed's lines, holding no more than one line, whatever the sender does.
import { type FeedError, maxLineBytes, type ParsedLine, parseFeedLine } from "./feed-line.ts";

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

export type FeedItem = ParsedLine & { line: number };

/** One for each stream: `push` what arrives, `end` when it is over. Empty lines are counted and passed over. */
export class FeedSplitter {
  #parts: Buffer[] = [];
  #bytes = 0;
  #line = 1;

  /** The lines that this chunk completes. A line that grows too long is dropped up to its end, and is one error. */
  push(chunk: Uint8Array): FeedItem[] {
    const items: FeedItem[] = [];
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let from = 0;
    for (let at = bytes.indexOf(lineFeed); at !== -1; at = bytes.indexOf(lineFeed, from)) {
      this.#keep(bytes.subarray(from, at));
      items.push(...this.#take());
      from = at + 1;
    }
    this.#keep(bytes.subarray(from));
    return items;
  }

  /** The last line, where the stream ended without a line break. */
  end(): FeedItem[] {
    return this.#take();
  }

  #keep(part: Buffer): void {
    this.#bytes += part.length;
    // One more for the carriage return; beyond it only the length is counted.
    if (this.#bytes <= maxLineBytes + 1) this.#parts.push(Buffer.from(part));
    else this.#parts = [];
  }

  #take(): FeedItem[] {
    const line = this.#line++;
    const length = this.#bytes;
    const whole = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#bytes = 0;
    const bytes = whole.at(-1) === carriageReturn ? whole.subarray(0, -1) : whole;
    if (length > maxLineBytes + 1 || bytes.length > maxLineBytes) {
      const message = `the line has ${length} bytes, at most ${maxLineBytes} are taken: send one event a line`;
      return [rejected({ line, code: "CUSTOMS_LINE_TOO_LONG", message })];
    }
    let text: string;
    try {
      text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      const message = "the line is not UTF-8: the feed is UTF-8 without a byte order mark";
      return [rejected({ line, code: "CUSTOMS_LINE_NOT_UTF8", message })];
    }
    if (text.trim() === "") return [];
    return [{ ...parseFeedLine(text, line), line }];
  }
}

const rejected = (error: FeedError): FeedItem => ({ ok: false, error, line: error.line });
