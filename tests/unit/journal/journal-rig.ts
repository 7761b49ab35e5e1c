// A journal on a virtual disk, driven by hand: the test decides which operation answers next, and when the machine dies.

import {
  type DiskImage,
  type DiskOperation,
  type VirtualDisk,
  virtualDisk,
} from "../../../simulators/virtual/virtual-disk.ts";
import type { PendingInputs } from "../../../src/journal/inputs/recorder.ts";
import type { JournalLimits } from "../../../src/journal/limits.ts";
import { type FoundJournal, readTail } from "../../../src/journal/tail.ts";
import { beginRun, type RunningJournal } from "../../../src/journal/writer.ts";
import type { LineEntry } from "../../../src/line/entry.ts";

export interface Rig {
  disk: VirtualDisk;
  found: FoundJournal;
  journal: RunningJournal;
  /** Entries restored and appended so far, and how many of them were said to be durable. */
  entries: LineEntry[];
  durable(): number;
  storage: string[];
  failures: Error[];
  clock: { nowNs: number };
  /** Appends `count` entries in one turn. */
  append(count: number, text?: string): void;
  roll(): void;
  /** Lets the oldest operation in flight answer; false: none is. */
  answer(): boolean;
  /** Lets all operations answer until nothing is left. */
  drain(): void;
  waiting(): readonly DiskOperation[];
}

export interface RigOptions {
  image?: DiskImage;
  limits?: Partial<JournalLimits>;
  capacityBytes?: number;
  taken?: (length: number) => number;
  inputs?: PendingInputs;
}

/** Starts as the controller does: read the tail, restore, begin a run with a checkpoint of what was restored. */
export function journalRig(o: RigOptions = {}): Rig {
  const waiting: { operation: DiskOperation; answer: () => void }[] = [];
  const disk = virtualDisk({ later: (operation, answer) => void waiting.push({ operation, answer }), ...o });
  const found = readTail(disk);
  const entries = restored(found);
  const storage: string[] = [];
  const failures: Error[] = [];
  const clock = { nowNs: 0 };
  const turnEnds: (() => void)[] = [];
  const endTurn = (): void => {
    for (const callback of turnEnds.splice(0)) callback();
  };
  /** Every third entry stands with what changes, the others two by two on pages. */
  const checkpoint = () => ({
    version: 1 as const,
    nextEntry: entries.length + 1,
    state: { entries: entries.filter(({ n }) => n % 3 === 0) },
    pages: Array.from({ length: Math.ceil(entries.length / 3) }, (_, index) =>
      entries.filter(({ n }) => n % 3 !== 0 && Math.floor((n - 1) / 3) === index),
    ),
  });
  let durable = 0;

  const journal = beginRun({
    disk,
    end: found.end,
    checkpoint: checkpoint(),
    inputs: o.inputs ?? null,
    codeVersion: "0.0.0",
    bootId: "boot",
    nowNs: () => clock.nowNs,
    wallTime: () => "2026-01-02T03:04:05.678+08:00",
    events: {
      durable(n) {
        if (n <= durable || n > entries.length) throw new Error(`durable ${n} after ${durable} of ${entries.length}`);
        durable = n;
      },
      storage: (state) => void storage.push(state),
    },
    fatal: (error) => void failures.push(error),
    endOfTurn: (callback) => void turnEnds.push(callback),
    limits: { sliceChars: 300, groupBytes: 2000, freeFloorBytes: 0, restNs: 0, ...o.limits },
  });
  endTurn();

  const rig: Rig = {
    disk,
    found,
    journal,
    entries,
    durable: () => durable,
    storage,
    failures,
    clock,
    append(count, text = "") {
      for (let index = 0; index < count; index += 1) {
        const entry = testEntry(entries.length + 1, text);
        entries.push(entry);
        journal.append(entry);
      }
      endTurn();
    },
    roll() {
      journal.rollIfFull(checkpoint);
      endTurn();
    },
    answer() {
      const next = waiting.shift();
      next?.answer();
      endTurn();
      return next !== undefined;
    },
    drain() {
      while (rig.answer());
    },
    waiting: () => waiting.map((w) => w.operation),
  };
  return rig;
}

export const testEntry = (n: number, text = ""): LineEntry => ({
  n,
  atNs: n * 1000,
  kind: "stray",
  eyeId: "eye1",
  detail: `${text}#${n} 件 "\\`,
});

/** Checkpoint and tail together: all entries that the journal gives back. */
export function restored(found: FoundJournal): LineEntry[] {
  const { state, pages } = found.tail.checkpoint ?? { state: { entries: [] }, pages: [] };
  const kept = [...(state as { entries: LineEntry[] }).entries, ...(pages.flat() as LineEntry[])];
  return [...kept.sort((a, b) => a.n - b.n), ...found.tail.entries];
}
