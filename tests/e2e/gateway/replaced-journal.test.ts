// A journal that is deleted or put back while the store keeps its mark: what was spent is never spent twice.
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Gateway, startGateway } from "../../../src/gateway/gateway.ts";
import { fileDisk } from "../../../src/journal/file-disk.ts";
import { readTail } from "../../../src/journal/tail.ts";
import { beginRun } from "../../../src/journal/writer.ts";
import { identityAtStart } from "../../../src/line/journal-identity.ts";
import { restore } from "../../../src/line/restore.ts";
import { dataPlaces } from "../../../src/process/data-folder.ts";
import { liveServer } from "../../../src/process/live-server.ts";
import { openLog } from "../../../src/process/log.ts";
import { systemClock } from "../../../src/releases/clock.ts";
import { openReleaseReader, type ReleaseReader } from "../../../src/releases/reader.ts";
import { LineFixture, oneGateLayout } from "../../unit/line/line-fixture.ts";

const WAIT = { timeout: 15_000, interval: 20 };
const log = openLog("test", { level: "silent" }).log;
let dataFolder: string;
let journalFolder: string;
let store: ReleaseReader;
const toStop: (() => Promise<void>)[] = [];

beforeEach(async () => {
  dataFolder = mkdtempSync(join(tmpdir(), "coline-replaced-"));
  ({ journalFolder } = dataPlaces(dataFolder));
  const gateway = await startTheGateway();
  await declare(gateway, "A1", 2);
  store = openReleaseReader(dataPlaces(dataFolder).releaseFile, systemClock());
});
afterEach(async () => {
  for (const stop of toStop.splice(0).reverse()) await stop();
  await store.close();
  rmSync(dataFolder, { recursive: true, force: true });
});

async function startTheGateway(): Promise<Gateway> {
  const gateway = await startGateway({
    site: {
      dataFolder,
      gateway: { api: { host: "127.0.0.1", port: 0 }, tokens: [] },
      archiveFolder: null,
      line: { storage: { minFreeMb: 1, retainDays: 1096 } },
    },
    log,
  });
  toStop.push(gateway.stop);
  return gateway;
}

async function declare(gateway: Gateway, waybill: string, pieces: number): Promise<void> {
  const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();
  const declared = {
    ...{
      kind: "release",
      company: "ACME",
      waybill,
      stream: "express",
      direction: "import",
      status: "released",
      pieces,
    },
    ...{ validFrom: day(-1), validTo: day(1), authority: "customs", reference: `R-${waybill}`, eventAt: day(0) },
  };
  const headers = { "content-type": "application/x-ndjson" };
  const answer = await fetch(`${gateway.url}/v1/releases`, { method: "POST", headers, body: JSON.stringify(declared) });
  expect(answer.status).toBe(200);
}

/** A start as the controller makes it; `finish` makes all it did durable, and returns the last entry's number. */
async function startTheLine(fresh: string): Promise<{ line: LineFixture; finish(): Promise<number> }> {
  const disk = fileDisk(journalFolder);
  const found = readTail(disk);
  const journalId = identityAtStart(restore(found.tail.checkpoint, found.tail.entries), {
    look: store.look("", ""),
    fresh,
  });
  const layout = oneGateLayout({ freshnessMaxAgeNs: 3600e9 });
  const previous = found.tail.entries.length === 0 ? null : { entries: found.tail.entries };
  const line = new LineFixture(layout, previous, { store, journalId, run: found.end.runs + 1 }).warmUp();
  const finish = async (): Promise<number> => {
    const live = await liveServer({ journalFolder, onMessage: () => {} });
    const journal = beginRun({
      limits: { restNs: 0 },
      ...{ disk, end: found.end, checkpoint: null, codeVersion: "0", bootId: systemClock().bootId },
      ...{
        nowNs: () => 0,
        wallTime: () => new Date().toISOString(),
        fatal: (error) => expect.unreachable(error.message),
      },
      events: { durable: () => live.head(journal.head()), storage: () => {} },
    });
    for (const entry of line.entries) journal.append(entry);
    toStop.push(() => live.close());
    await journal.close();
    return line.entries.at(-1)?.n ?? 0;
  };
  return { line, finish };
}

const send = (line: LineFixture, ...codes: string[]): LineFixture =>
  line.put(...codes.map((code, i) => ({ code, atMs: line.nowMs + 100 + i * 400 }))).runTo(line.nowMs + 8000);
const carriedUpTo = (entry: number) =>
  vi.waitFor(() => expect(store.look("", "")).toMatchObject({ carriedEntry: entry }), WAIT);

test("the folder is deleted: the new journal's entries are no carried ones, and A1's second piece leaves once", async () => {
  const first = await startTheLine("first");
  send(first.line, "A1", "X1");
  await carriedUpTo(await first.finish());
  expect(first.line.where("A1")).toEqual(["out"]);
  await toStop.pop()?.();
  await toStop.pop()?.();

  rmSync(journalFolder, { recursive: true });
  const second = await startTheLine("second");
  send(second.line, "A1", "X2", "X3", "X4", "X5");
  // By now the old mark would fit the new journal's numbers, and cover the permit of its A1.
  const mark = store.look("", "");
  expect(mark).toMatchObject({ carriedJournal: "first" });
  expect(mark.carriedEntry).toBeGreaterThan(second.line.facts("permit")[0]?.n ?? Number.NaN);
  expect(mark.carriedEntry).toBeLessThan(second.line.entries.at(-1)?.n ?? Number.NaN);
  send(second.line, "A1");
  expect(second.line.where("A1")).toEqual(["out", "end"]);

  const gateway = await startTheGateway();
  await declare(gateway, "B1", 1);
  const last = await second.finish();
  await vi.waitFor(
    () => expect(store.look("", "")).toMatchObject({ carriedJournal: "second", carriedEntry: last }),
    WAIT,
  );
  expect(store.look("ACME", "A1").record?.spent).toBe(2);
  send(second.line, "A1", "B1");
  expect(second.line.where("A1")).toEqual(["out", "end", "end"]);
  expect(second.line.where("B1")).toEqual(["out"]);
});

test("the folder is put back to an earlier state: a new identity, and what was spent since then stays spent", async () => {
  const backup = join(dataFolder, "backup");
  const first = await startTheLine("first");
  send(first.line, "X1");
  await carriedUpTo(await first.finish());
  await toStop.pop()?.();
  cpSync(journalFolder, backup, { recursive: true });
  const second = await startTheLine("unused");
  // The first after a restart only proves the way, and rides to the safe end.
  send(second.line, "X2", "A1", "X3", "X4");
  await carriedUpTo(await second.finish());
  for (let stop = toStop.pop(); stop !== undefined; stop = toStop.pop()) await stop();

  rmSync(journalFolder, { recursive: true });
  cpSync(backup, journalFolder, { recursive: true });
  const third = await startTheLine("third");
  expect(third.line.facts("run").map((entry) => entry.journalId)).toEqual(["third"]);
  send(third.line, "X5");
  // One after the other: two with one label at once are a copied label, and none of them leaves.
  send(third.line, "A1");
  send(third.line, "A1");
  expect(third.line.where("A1")).toEqual(["out", "end"]);
  await startTheGateway();
  const last = await third.finish();
  await vi.waitFor(
    () => expect(store.look("", "")).toMatchObject({ carriedJournal: "third", carriedEntry: last }),
    WAIT,
  );
  expect(store.look("ACME", "A1").record?.spent).toBe(2);
});
