// The two commands that read a journal: what they print and how they end, on a journal written to a real disk.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run as journal } from "../../../src/cli/commands/journal.ts";
import { run as verify } from "../../../src/cli/commands/verify.ts";
import { fileDisk } from "../../../src/journal/file-disk.ts";
import { segmentName } from "../../../src/journal/segment.ts";
import { readTail } from "../../../src/journal/tail.ts";
import { beginRun } from "../../../src/journal/writer.ts";
import { caughtConsole } from "../cli/caught-console.ts";
import { HELD, parcelEntries, RELEASED } from "./parcel-entries.ts";

let root = "";
let folder = "";
let head = { seq: 0, hash: "" };
const said = caughtConsole();

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "coline-commands-"));
  folder = join(root, "journal");
  // Two runs, so that the story goes over a restart.
  await writeRun(0, 6);
  await writeRun(6, parcelEntries.length);
});

afterAll(() => rmSync(root, { recursive: true }));

async function writeRun(from: number, to: number): Promise<void> {
  const disk = fileDisk(folder);
  const { end } = readTail(disk);
  const running = beginRun({
    limits: { restNs: 0 },
    disk,
    end,
    checkpoint: { version: 1, nextEntry: end.lastEntry + 1, state: {}, pages: [] },
    codeVersion: "1.2.3",
    bootId: "b",
    nowNs: () => 0,
    wallTime: () => "2026-11-24T08:00:00.000+08:00",
    events: { durable: () => {}, storage: () => {} },
    fatal: (error) => {
      throw error;
    },
  });
  for (const entry of parcelEntries.slice(from, to)) running.append(entry);
  await running.close();
  head = running.head();
}

test("one parcel's story, over a restart, in time order with the plant's time", async () => {
  expect(await journal([folder, "--parcel", RELEASED])).toBe(0);
  const lines = said.out.trimEnd().split("\n");
  expect(lines.filter((line) => !line.startsWith(" "))).toHaveLength(9);
  expect(lines[0]).toBe("2026-11-24T08:00:00.000+08:00  item 11 came onto belt1 at the eye induction");
  expect(lines.slice(2, 6)).toEqual([
    `2026-11-24T08:00:03.000+08:00  decision 1 on item 11 (${RELEASED}): released`,
    "                                 customs: sf released by customs D-77, express import, 0 of 2 spent, feed heard 1.2 s before",
    "                                 rule r1, to C1",
    "                                 C0 refused by law 4: the chute is full, 40 parcels",
  ]);
  expect(lines.at(-1)).toBe(
    `2026-11-24T08:00:13.000+08:00  END of item 11 (${RELEASED}): arrived in C1, seen by its eye (released)`,
  );
  expect(said.out).not.toContain(HELD);
});

test("as JSON: one object a line with the entry as it was written", async () => {
  expect(await journal([folder, "--parcel", HELD, "--json"])).toBe(0);
  const lines = said.out.trimEnd().split("\n");
  const entries = lines.map((line) => (JSON.parse(line) as { entry: unknown }).entry);
  expect(entries).toEqual([1, 4, 5, 15].map((index) => parcelEntries[index]));
});

test("since a time: what is older is left out; without a parcel, everything since", async () => {
  expect(await journal([folder, "--since", "2026-11-24T08:00:10+08:00"])).toBe(0);
  expect(said.out.match(/^2026/gm)).toHaveLength(6);
});

test("a code that nobody saw, a folder that is none, a wrong time: said, and the exit code tells", async () => {
  expect(await journal([folder, "--parcel", "NOBODY"])).toBe(1);
  expect(said.err).toContain("no parcel with the code NOBODY");
  expect(await journal([join(root, "nowhere")])).toBe(1);
  expect(said.err).toContain(`there is no folder ${join(root, "nowhere")}`);
  expect(await journal([folder, "--since", "yesterday"])).toBe(2);
  expect(await journal([])).toBe(2);
});

test("intact: exit 0, the head printed, which can be given back as --head", async () => {
  expect(await verify([folder])).toBe(0);
  expect(said.out).toMatch(/^intact\nchecked {2}\d+ lines in 2 segments\n/);
  expect(said.out).toContain(`head     ${head.seq}:${head.hash}`);
  expect(said.out).toContain("Without --head, a tail that was cut off cannot be noticed.");
  expect(await verify([folder, "--head", `${head.seq}:${head.hash}`])).toBe(0);
  expect(await verify([folder, "--head", `${head.seq + 1}:${head.hash}`])).toBe(1);
  expect(said.out).toContain("DAMAGED: removed");
});

test("damaged: exit 1, and the place in words and in JSON; no journal or wrong use: exit 2", async () => {
  const copy = join(root, "copy");
  mkdirSync(copy);
  for (const number of [1, 2]) {
    const text = readFileSync(join(folder, segmentName(number)), "utf8");
    writeFileSync(join(copy, segmentName(number)), text.replace('"gateId":"g1"', '"gateId":"g9"'));
  }
  expect(await verify([copy])).toBe(1);
  expect(said.out).toMatch(/^DAMAGED: changed: 000000000002\.jsonl line 3, seq 11: its hash does not fit/);
  said.out = "";
  expect(await verify([copy, "--json"])).toBe(1);
  expect(JSON.parse(said.out)).toMatchObject({ isIntact: false, damage: { kind: "changed", line: 3, seq: 11 } });
  expect(await verify([root])).toBe(2);
  expect(said.err).toContain("holds no segment files");
  expect(await verify([])).toBe(2);
});
