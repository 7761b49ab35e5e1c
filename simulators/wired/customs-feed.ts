// Customs' side of the release feed: sends what was said to the gateway, again until it is acknowledged, and notes when.
import { Agent, request } from "node:http";
import type { Saying } from "../world/parcel.ts";

export interface FeedLine {
  id: number;
  says: Saying;
}

export interface FeedReport {
  id: number;
  sentNs: number;
  /** The gateway's acknowledgement: durable by then. Null: refused for good. */
  acknowledgedNs: number | null;
}

export interface FeedOptions {
  host: string;
  port: number;
  token: string | null;
  heartbeatMs: number;
  nowNs: () => number;
  report: (report: FeedReport) => void;
}

export interface FeedCounts {
  sent: number;
  acknowledged: number;
  rejected: number;
  retries: number;
  waiting: number;
  /** Lines of a storm that were acknowledged: what had been said before. */
  repeated: number;
  lastError: string | null;
}

interface Waiting {
  line: FeedLine | null;
  text: string;
}

const AUTHORITY = "rig-customs";
const MAX_LINES = 500;
const MAX_WAITING = 100_000;
const RETRY_MS = 200;
const REPLY_WITHIN_MS = 10_000;
const HOUR_MS = 3_600_000;
/** A storm is about the last parcels that were spoken of. */
const RECENT = 400;
const GUST_MS = 10;

/** One request at a time on a connection that is kept, so that lines arrive in the order in which they were said. */
export class CustomsFeed {
  readonly #o: FeedOptions;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #validFrom = new Date(Date.now() - HOUR_MS).toISOString();
  readonly #validTo = new Date(Date.now() + 24 * HOUR_MS).toISOString();
  readonly #sentNs = new Map<number, number>();
  readonly #counts: FeedCounts = {
    sent: 0,
    acknowledged: 0,
    rejected: 0,
    retries: 0,
    waiting: 0,
    repeated: 0,
    lastError: null,
  };
  /** `line` null: said again. */
  #waiting: Waiting[] = [];
  readonly #recent = new Map<string, Saying>();
  #isSending = false;
  #isSilent = false;
  #storm: NodeJS.Timeout | null = null;
  #isClosed = false;
  readonly #heartbeat: NodeJS.Timeout;
  #retry: NodeJS.Timeout | null = null;

  constructor(options: FeedOptions) {
    this.#o = options;
    this.#heartbeat = setInterval(() => void this.#send(), options.heartbeatMs);
    void this.#send();
  }

  /** @throws when 100,000 lines wait: the gateway has been away for too long to simulate customs on */
  say(lines: readonly FeedLine[]): void {
    if (this.#waiting.length + lines.length > MAX_WAITING) throw new RangeError(`${MAX_WAITING} feed lines wait`);
    for (const line of lines) this.#waiting.push({ line, text: this.#textOf(line.says) });
    void this.#send();
  }

  counts(): FeedCounts {
    return { ...this.#counts, waiting: this.#waiting.length };
  }

  /** Nothing is sent any more, no heartbeat either, until it speaks again. */
  silence(isSilent: boolean): void {
    this.#isSilent = isSilent;
    if (!isSilent) void this.#send();
  }

  /** Says again what it has said last of each of the last parcels, so many a second as far as they are taken; 0: no more. */
  storm(perS: number): void {
    if (this.#storm !== null) clearInterval(this.#storm);
    this.#storm = perS === 0 ? null : setInterval(() => this.#blow(Math.ceil((perS * GUST_MS) / 1000)), GUST_MS);
  }

  close(): void {
    this.#isClosed = true;
    this.storm(0);
    clearInterval(this.#heartbeat);
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#agent.destroy();
  }

  #blow(count: number): void {
    // What the gateway does not keep up with would only make the storm longer than it is asked to be.
    if (this.#isSilent || this.#waiting.length > MAX_LINES) return;
    const known = [...this.#recent.values()];
    for (let i = 0; i < count && known.length > 0; i += 1)
      this.#waiting.push({ line: null, text: this.#textOf(known[i % known.length] as Saying) });
    void this.#send();
  }

  async #send(): Promise<void> {
    if (this.#isSending || this.#isClosed || this.#isSilent) return;
    this.#isSending = true;
    const batch = this.#waiting.slice(0, MAX_LINES);
    const sentNs = this.#o.nowNs();
    for (const { line } of batch) if (line !== null && !this.#sentNs.has(line.id)) this.#sentNs.set(line.id, sentNs);
    try {
      const rejected = await this.#post(batch.map(({ text }) => text));
      this.#waiting = this.#waiting.slice(batch.length);
      this.#settle(batch, rejected);
      this.#isSending = false;
      if (this.#waiting.length > 0) void this.#send();
    } catch (error) {
      this.#isSending = false;
      if (this.#isClosed) return;
      this.#counts.retries += 1;
      this.#counts.lastError = error instanceof Error ? error.message : String(error);
      this.#retry = setTimeout(() => void this.#send(), RETRY_MS);
    }
  }

  #settle(batch: readonly Waiting[], rejected: ReadonlySet<number>): void {
    const acknowledgedNs = this.#o.nowNs();
    for (const [index, { line }] of batch.entries()) {
      const isRejected = rejected.has(index + 1);
      if (line === null) {
        this.#counts.repeated += 1;
        continue;
      }
      if (!isRejected) this.#remember(line.says);
      this.#counts[isRejected ? "rejected" : "acknowledged"] += 1;
      const sentNs = this.#sentNs.get(line.id) ?? acknowledgedNs;
      this.#sentNs.delete(line.id);
      this.#o.report({ id: line.id, sentNs, acknowledgedNs: isRejected ? null : acknowledgedNs });
    }
  }

  #remember(says: Saying): void {
    if (says.kind !== "release") return;
    const key = `${says.company}/${says.waybill}`;
    this.#recent.delete(key);
    this.#recent.set(key, says);
    for (const oldest of this.#recent.keys()) if (this.#recent.size > RECENT) this.#recent.delete(oldest);
  }

  /** @returns the numbers of rejected lines, from 1; throws when the batch as a whole was not taken */
  #post(texts: readonly string[]): Promise<ReadonlySet<number>> {
    // Every batch ends with a heartbeat: without lines it is one.
    const heartbeat = JSON.stringify({ kind: "heartbeat", authority: AUTHORITY, eventAt: new Date().toISOString() });
    const body = `${[...texts, heartbeat].join("\n")}\n`;
    const { host, port, token } = this.#o;
    this.#counts.sent += texts.length;
    return new Promise((resolve, reject) => {
      const post = request({
        host,
        port,
        agent: this.#agent,
        method: "POST",
        path: "/v1/releases",
        timeout: REPLY_WITHIN_MS,
        headers: {
          "content-type": "application/x-ndjson",
          "content-length": Buffer.byteLength(body),
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        },
      });
      post.on("error", reject);
      post.on("timeout", () => post.destroy(new Error(`no answer within ${REPLY_WITHIN_MS} ms`)));
      post.on("response", (response) => {
        let answer = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          answer += chunk;
        });
        response.on("error", reject);
        response.on("end", () => {
          if (response.statusCode !== 200) reject(new Error(`the gateway answered ${response.statusCode}: ${answer}`));
          else resolve(this.#rejectedLines(answer));
        });
      });
      post.end(body);
    });
  }

  #rejectedLines(answer: string): ReadonlySet<number> {
    const { rejected = [] } = JSON.parse(answer) as { rejected?: { line: number; message: string }[] };
    const [first] = rejected;
    if (first !== undefined) this.#counts.lastError = `line ${first.line} was rejected: ${first.message}`;
    return new Set(rejected.map(({ line }) => line));
  }

  #textOf(says: Saying): string {
    const eventAt = new Date().toISOString();
    if (says.kind !== "release") return JSON.stringify({ ...says, authority: AUTHORITY, eventAt });
    const { validFrom, validTo } = { validFrom: this.#validFrom, validTo: this.#validTo };
    const reference = `D-${says.waybill}`;
    return JSON.stringify({ ...says, validFrom, validTo, authority: AUTHORITY, reference, eventAt });
  }
}
