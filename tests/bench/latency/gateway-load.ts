// What customs, people and monitoring ask of the gateway: heartbeats always; under load batches, queries and scrapes too.
import type { LiveState } from "../../../src/process/live-message.ts";
import { builtCompany, builtWaybill } from "../build-releases.ts";
import { pause } from "./processes.ts";
import { benchWaybill, RECORDS } from "./waybills.ts";

const HEARTBEAT_EVERY_MS = 1000;
const LINES_A_BATCH = 500;
const QUERY_EVERY_MS = 10;
const SCRAPE_EVERY_MS = 1000;
const DAY_MS = 24 * 3600 * 1000;
const MOST_RECORDS = 100_000_000;

export interface GatewayLoad {
  counts: { batches: number; queries: number; scrapes: number; failed: number };
  stop(): Promise<void>;
}

/** Customs' feed lives: without its heartbeat every release would be stale. */
export function keepFeedAlive(url: string): () => Promise<void> {
  return repeat(HEARTBEAT_EVERY_MS, () => post(url, [heartbeat()]));
}

/** Batches one behind the other, a query every 10 ms, a scrape a second. */
export function loadGateway(url: string): GatewayLoad {
  const counts = { batches: 0, queries: 0, scrapes: 0, failed: 0 };
  const counted = (what: "batches" | "queries" | "scrapes", ask: () => Promise<void>) => async () => {
    await ask();
    counts[what] += 1;
  };
  const failed = (): void => {
    counts.failed += 1;
  };
  const ends = [
    repeat(
      0,
      counted("batches", () => post(url, newReleases(counts.batches * LINES_A_BATCH))),
      failed,
    ),
    repeat(
      QUERY_EVERY_MS,
      counted("queries", () => get(`${url}/v1/parcels/${benchWaybill(counts.queries)}`)),
      failed,
    ),
    repeat(
      SCRAPE_EVERY_MS,
      counted("scrapes", () => get(`${url}/metrics`)),
      failed,
    ),
  ];
  return { counts, stop: async () => void (await Promise.all(ends.map((end) => end()))) };
}

/** What the controller measured of itself since its start, warm-up included, by stage. */
export async function stages(url: string): Promise<string[]> {
  const { metrics } = (await (await fetch(`${url}/v1/line`)).json()) as LiveState;
  const ms = (ns: number): string => (ns / 1e6).toFixed(3);
  return metrics.stages.map(({ stage, sinceStart: { count, p50Ns, p99Ns, p999Ns, maxNs } }) =>
    [stage, `${count} times, p50 ${ms(p50Ns)}`, `p99 ${ms(p99Ns)}`, `p99.9 ${ms(p999Ns)}`, `max ${ms(maxNs)}`].join(
      " ",
    ),
  );
}

/** Calls `ask` again and again, `everyMs` after the one before has ended; what it throws ends the benchmark unless caught. */
function repeat(everyMs: number, ask: () => Promise<void>, onFailure?: (error: unknown) => void): () => Promise<void> {
  let isOver = false;
  const ended = (async () => {
    while (!isOver) {
      try {
        await ask();
      } catch (error) {
        if (onFailure === undefined) throw error;
        onFailure(error);
      }
      await pause(everyMs);
    }
  })();
  return () => {
    isOver = true;
    return ended;
  };
}

const heartbeat = (): object => ({ kind: "heartbeat", authority: "bench", eventAt: new Date().toISOString() });

/** Records that were not there before, none of them of the bench's parcels, far from each other as waybills are. */
function newReleases(from: number): object[] {
  const [validFrom, validTo] = [-DAY_MS, DAY_MS].map((ms) => new Date(Date.now() + ms).toISOString());
  return Array.from({ length: LINES_A_BATCH }, (_, line) => ({
    kind: "release",
    company: builtCompany,
    waybill: builtWaybill(RECORDS + (((from + line) * 7919) % (MOST_RECORDS - RECORDS))),
    stream: "express",
    direction: "export",
    status: "released",
    pieces: 1,
    validFrom,
    validTo,
    authority: "bench",
    reference: `B-${from + line}`,
    eventAt: new Date().toISOString(),
  }));
}

async function post(url: string, lines: readonly object[]): Promise<void> {
  const body = `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`;
  const headers = { "content-type": "application/x-ndjson" };
  await answered(await fetch(`${url}/v1/releases`, { method: "POST", headers, body }));
}

/** A waybill that nobody has seen yet is an answer too. */
async function get(url: string): Promise<void> {
  await answered(await fetch(url), 404);
}

async function answered(response: Response, alsoGood = 200): Promise<void> {
  const text = await response.text();
  if (!response.ok && response.status !== alsoGood) throw new Error(`${response.status}: ${text}`);
}
