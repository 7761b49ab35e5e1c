// A journal of several runs in real files, a keeper over it, and every reader of the journal asked at once.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readPlaces } from "../../../../src/gateway/index/read-places.ts";
import { type Keeper, type KeeperOptions, keeper } from "../../../../src/gateway/keeping/keeper.ts";
import { fileDisk, fileFolder } from "../../../../src/journal/file-disk.ts";
import { type Cursor, followJournal } from "../../../../src/journal/follower.ts";
import type { JournalLine } from "../../../../src/journal/line.ts";
import { storiesOf } from "../../../../src/journal/past.ts";
import { readTail } from "../../../../src/journal/tail.ts";
import { verifyJournal } from "../../../../src/journal/verify.ts";
import { beginRun } from "../../../../src/journal/writer.ts";
import { testEntry } from "../../journal/journal-rig.ts";

export interface KeptJournal {
  root: string;
  folder: string;
  archive: string;
  names(): string[];
  archived(): string[];
}

/** A run is a segment of its own. */
const ENTRIES_A_RUN = 4;
export const DAY_MS = 24 * 3600 * 1000;
/** Wall time of the header of segment 1; each next one is a day later. */
export const FIRST_MS = Date.UTC(2020, 0, 1);

export function keptJournal(): KeptJournal {
  const root = mkdtempSync(join(tmpdir(), "coline-keeping-"));
  const [folder, archive] = [join(root, "journal"), join(root, "archive")];
  mkdirSync(archive);
  return {
    root,
    folder,
    archive,
    names: () => readdirSync(folder).sort(),
    archived: () => readdirSync(archive).sort(),
  };
}

/** One start of the controller and its orderly end: a segment more. */
export async function writeRun(folder: string, o: { wallMs?: number; checkpoint?: boolean } = {}): Promise<void> {
  const disk = fileDisk(folder);
  const { end } = readTail(disk);
  const wallMs = o.wallMs ?? FIRST_MS + end.segment * DAY_MS;
  const journal = beginRun({
    disk,
    end,
    checkpoint:
      o.checkpoint === false
        ? null
        : { version: 1, nextEntry: end.lastEntry + 1, state: { text: "x".repeat(900) }, pages: [] },
    codeVersion: "0.0.0",
    bootId: "b",
    nowNs: () => 0,
    wallTime: () => new Date(wallMs).toISOString(),
    events: { durable: () => {}, storage: () => {} },
    fatal: (error) => {
      throw error;
    },
    limits: { sliceChars: 300, freeFloorBytes: 0 },
  });
  for (let i = 1; i <= ENTRIES_A_RUN; i += 1) journal.append(testEntry(end.lastEntry + i));
  await journal.close();
}

export async function writeRuns(folder: string, count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) await writeRun(folder);
}

/** The end of the journal, as a reader that has read it all keeps it. */
export function endOf(folder: string): Cursor {
  const { end } = readTail(fileFolder(folder));
  return { segment: end.segment, seq: end.seq, hash: end.hash };
}

export interface KeeperRig {
  keep: Keeper;
  done: string[];
  failed: string[];
  said: { code: string; error: string }[];
  /** Looks until there is nothing more to do at once. */
  settle(): Promise<void>;
}

export function keeperRig(journal: KeptJournal, o: Partial<KeeperOptions> = {}): KeeperRig {
  const [done, failed, said]: [string[], string[], KeeperRig["said"]] = [[], [], []];
  const keep = keeper({
    journalFolder: journal.folder,
    archiveFolder: null,
    retainDays: 1096,
    freeFloorBytes: 0,
    readers: () => ({ carried: endOf(journal.folder), indexedSegment: endOf(journal.folder).segment }),
    nowMs: () => FIRST_MS,
    log: {
      info: () => {},
      error: (said_: { code: string; error: string }) => void said.push(said_),
    } as unknown as KeeperOptions["log"],
    done: (what) => void done.push(what),
    failed: (code) => void failed.push(code),
    ...o,
  });
  const settle = async (): Promise<void> => {
    while (await keep.look());
  };
  return { keep, done, failed, said, settle };
}

/** What every reader of the journal makes of the folder. */
export async function allReaders(folder: string): Promise<unknown> {
  const disk = fileFolder(folder);
  const verdict = verifyJournal(disk);
  const { tail, end } = readTail(disk);
  const follower = followJournal({ folder, from: null });
  follower.durable(end.seq);
  const lines: JournalLine[] = [];
  do lines.push(...(await follower.next()));
  while (follower.isBehind());
  await follower.close();
  const unreadable = (file: string, line: number): never => {
    throw new Error(`${file} line ${line} cannot be read`);
  };
  const stories = [...storiesOf(disk, { parcel: null, sinceMs: null, unreadable })];
  const placed = await readPlaces(
    folder,
    Array.from({ length: end.segment }, (_, i) => lines.filter((line) => "n" in line && line.run === i + 1)).flatMap(
      (of, i) => of.map(({ seq }) => ({ segment: i + 1, seq })),
    ),
  );
  return {
    isIntact: verdict.isIntact,
    lines: verdict.lines,
    head: verdict.head,
    tail,
    end: { ...end, unsynced: [] },
    followed: lines.map(({ hash }) => hash),
    stories: stories.map(({ seq, words }) => `${seq} ${words}`),
    placed: placed.lines.map(({ line }) => line.seq),
  };
}

export const bytesOf = (folder: string, name: string): Buffer => readFileSync(join(folder, name));
