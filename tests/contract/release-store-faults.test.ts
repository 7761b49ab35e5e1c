// A cache that is missing, damaged or of another version is an "error" of each look-up: never a throw, never a release.
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { releaseKey } from "../../src/line/release.ts";
import { encodeMark } from "../../src/releases/encoding.ts";
import { openReleaseReader, type ReleaseReader } from "../../src/releases/reader.ts";
import { openReleaseStore } from "../../src/releases/store.ts";
import { markKeys, openTablesToWrite, type Tables, waybillKey } from "../../src/releases/tables.ts";
import { dayMs, declared, hold, t0 } from "../unit/releases/samples.ts";

const now = { monotonicNs: 5_000_000_000 };
const clock = { wallMs: () => t0 + dayMs, monotonicNs: () => now.monotonicNs, bootId: "boot-1" };
const { company, waybill } = declared();
let folder: string;
let file: string;
const readers: ReleaseReader[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "releases-"));
  file = join(folder, "releases.mdb");
});

afterEach(async () => {
  for (const reader of readers.splice(0)) await reader.close();
  rmSync(folder, { recursive: true });
});

function openReader(path = file): ReleaseReader {
  const reader = openReleaseReader(path, clock);
  readers.push(reader);
  return reader;
}

/** With a reader of its own, closed again: lmdb cannot open a file to write that the same process has open to read. */
async function lookOnce() {
  const reader = openReleaseReader(file, clock);
  const seen = reader.look(company, waybill);
  await reader.close();
  return seen;
}

async function fill(path = file): Promise<void> {
  const store = openReleaseStore(path, clock);
  await store.apply([declared(), hold({ waybill: "HELD" })]);
  await store.close();
}

async function tamper(work: (tables: Tables) => void): Promise<void> {
  const tables = openTablesToWrite(file);
  work(tables);
  await tables.root.flushed;
  await tables.root.close();
}

test("the file does not exist yet: an error, and the record as soon as the gateway has written it", async () => {
  const reader = openReader();
  expect(reader.look(company, waybill)).toMatchObject({ result: "error", detail: expect.stringMatching(/not exist/) });
  await fill();
  expect(reader.look(company, waybill).result).toBe("error");
  now.monotonicNs += 1_000_000_000;
  expect(reader.look(company, waybill).result).toBe("record");
});

test("the store was rebuilt under the same name: the very next look is one into the new file", async () => {
  await fill();
  const reader = openReader();
  expect(reader.look(company, waybill).result).toBe("record");
  const rebuilt = join(folder, "rebuilt.mdb");
  const store = openReleaseStore(rebuilt, clock);
  await store.apply([declared({ status: "return" })]);
  await store.close();
  renameSync(rebuilt, file);
  rmSync(`${file}-lock`);
  renameSync(`${rebuilt}-lock`, `${file}-lock`);
  expect(reader.look(company, waybill).record?.status).toBe("return");
});

test("the file is no database: an error", () => {
  writeFileSync(file, "this is not a database".repeat(1000));
  expect(openReader().look(company, waybill)).toMatchObject({ result: "error", detail: expect.stringContaining(file) });
});

test("the file is empty: an error", () => {
  writeFileSync(file, "");
  expect(openReader().look(company, waybill).result).toBe("error");
});

test("the file was cut after it was written: an error before a look could reach behind its end", async () => {
  await fill();
  for (const left of [0, 100, 4096, 8192, 20_000]) {
    const cut = join(folder, `cut-${left}.mdb`);
    writeFileSync(cut, readFileSync(file).subarray(0, left));
    expect(openReader(cut).look(company, waybill)).toMatchObject({ result: "error", record: null });
  }
});

const tables = ["declarations", "holds", "ledger"] as const;
for (const table of tables) {
  test(`a cut value among the ${table}: an error for its waybill, and the others are found`, async () => {
    await fill();
    await tamper((t) => {
      t.declarations.putSync(waybillKey("UPS", "OTHER"), t.declarations.getBinary(waybillKey(company, waybill))!);
      t[table].putSync(waybillKey(company, waybill), Buffer.from([1, 68, 0]));
    });
    const reader = openReader();
    expect(reader.look(company, waybill)).toMatchObject({ result: "error", record: null, holds: [] });
    expect(reader.look("UPS", "OTHER")).toMatchObject({ result: "error", detail: expect.stringMatching(/checksum/) });
    expect(reader.look(company, "HELD")).toMatchObject({ result: "miss", holds: [{}] });
  });
}

test("a hold or a spent piece that was lost from its table: an error, not a release without it", async () => {
  for (const table of ["holds", "ledger"] as const) {
    const store = openReleaseStore(file, clock);
    await store.apply([declared(), hold()]);
    await store.carry({
      journalId: null,
      upToEntry: 1,
      upToSeq: 1,
      deltas: { [releaseKey(declared())]: 1 },
      cursor: [],
    });
    await store.close();
    expect(await lookOnce()).toMatchObject({ result: "record", record: { spent: 1 }, holds: [{}] });
    await tamper((t) => t[table].removeSync(waybillKey(company, waybill)));
    const lost = { result: "error", detail: expect.stringContaining("were lost") };
    expect(await lookOnce()).toMatchObject(lost);
    const later = openReleaseStore(file, clock);
    await later.apply([declared({ eventAtMs: t0 + 1 }), hold({ reference: "H-2" })]);
    await later.carry({
      journalId: null,
      upToEntry: 2,
      upToSeq: 2,
      deltas: { [releaseKey(declared())]: 1 },
      cursor: [],
    });
    await later.close();
    expect(await lookOnce()).toMatchObject(lost);
    rmSync(file);
    rmSync(`${file}-lock`);
  }
});

test("a ledger that cannot be read does not stop the journal's carrying, and its waybill is never released", async () => {
  await fill();
  await tamper((t) => t.ledger.putSync(waybillKey(company, waybill), Buffer.from("damaged")));
  const store = openReleaseStore(file, clock);
  const deltas = { [releaseKey(declared())]: 1 };
  expect(await store.carry({ journalId: null, upToEntry: 1, upToSeq: 1, deltas, cursor: [] })).toMatchObject({
    carried: true,
  });
  expect(openReader().look(company, waybill).result).toBe("error");
  await store.close();
});

test("a folder lies where the lock file should be: an error", async () => {
  await fill();
  rmSync(`${file}-lock`);
  mkdirSync(`${file}-lock`);
  expect(openReader().look(company, waybill)).toMatchObject({
    result: "error",
    detail: expect.stringMatching(/-lock/),
  });
});

test("a damaged mark of freshness or of the carried journal: an error for every waybill", async () => {
  for (const mark of [markKeys.heartbeat, markKeys.carried]) {
    await fill();
    await tamper((t) => t.marks.putSync(mark, Buffer.from("damaged")));
    expect((await lookOnce()).result).toBe("error");
    await tamper((t) => t.marks.removeSync(mark));
  }
});

test("a store of a newer format: the look-up is an error and the writer refuses, both name the two formats", async () => {
  await fill();
  await tamper((t) => {
    t.marks.putSync(markKeys.format, encodeMark(markKeys.format, { version: 0, numbers: [2], texts: [] }));
  });
  const wanted = /has format 2, this version 1/;
  expect(openReader().look(company, waybill)).toMatchObject({ result: "error", detail: expect.stringMatching(wanted) });
  expect(() => openReleaseStore(file, clock)).toThrow(wanted);
});

test("a waybill that cannot be read refuses its own events, and the rest of the batch is applied", async () => {
  await fill();
  await tamper((t) => t.declarations.putSync(waybillKey(company, waybill), Buffer.from("damaged")));
  const store = openReleaseStore(file, clock);
  const { results } = await store.apply([declared({ eventAtMs: t0 + 1 }), hold(), declared({ waybill: "NEW" })]);
  expect(results).toMatchObject([
    { result: "refused", code: "RELEASE_VALUE_DAMAGED" },
    { result: "applied" },
    { result: "applied" },
  ]);
  await store.close();
});

test("too little space is left: nothing is written, the store goes on, and says what is missing", async () => {
  const store = openReleaseStore(file, clock, { freeFloorBytes: Number.MAX_SAFE_INTEGER });
  await expect(store.apply([declared()])).rejects.toMatchObject({ code: "RELEASE_STORE_NO_SPACE" });
  expect(store.record(company, waybill)).toBeNull();
  await store.close();
});

test("a reader that was closed answers with an error", async () => {
  await fill();
  const reader = openReader();
  await reader.close();
  expect(reader.look(company, waybill)).toMatchObject({ result: "error", detail: expect.stringContaining("closed") });
});
