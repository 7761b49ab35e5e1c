// A follower in another process: each durable line once and in order, over rolls, restarts, cuts and its own restarts.
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Cursor, followJournal, type JournalFollower } from "../../../src/journal/follower.ts";
import { type JournalLine, parseLine } from "../../../src/journal/line.ts";
import { segmentName } from "../../../src/journal/segment.ts";
import { journalRig, type Rig } from "./journal-rig.ts";

let folder = "";
const followers: JournalFollower[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "coline-follower-"));
});

afterEach(async () => {
  for (const follower of followers.splice(0)) await follower.close();
  rmSync(folder, { recursive: true });
});

/** What another process sees: all that was written, synced or not. */
function show(rig: Rig): void {
  for (const name of rig.disk.names()) {
    const bytes = rig.disk.read(name);
    const path = join(folder, name);
    const shown = readdirSync(folder).includes(name) ? readFileSync(path).length : 0;
    if (bytes.length > shown || shown === 0) appendFileSync(path, bytes.subarray(shown));
  }
}

function follow(from: Cursor | null = null): JournalFollower {
  const follower = followJournal({ folder, from });
  followers.push(follower);
  return follower;
}

async function all(follower: JournalFollower): Promise<JournalLine[]> {
  const lines: JournalLine[] = [];
  do lines.push(...(await follower.next()));
  while (follower.isBehind());
  return lines;
}

const written = (): JournalLine[] =>
  readdirSync(folder)
    .sort()
    .flatMap((name) => readFileSync(join(folder, name)).toString().split("\n"))
    .map((line) => parseLine(Buffer.from(line)))
    .filter((line) => line !== null);

test("written and not yet known to be on the disk: held back until a later group or the writer says so", async () => {
  const rig = journalRig();
  rig.drain();
  rig.append(2);
  rig.answer();
  show(rig);
  const follower = follow();
  const before = await all(follower);
  expect(before.map((line) => line.kind)).not.toContain("stray");
  rig.drain();
  show(rig);
  expect(await all(follower)).toEqual([]);
  follower.durable(rig.journal.head().seq);
  expect((await all(follower)).map((line) => line.kind)).toEqual(["stray", "stray"]);

  rig.append(1);
  rig.drain();
  rig.append(1);
  rig.answer();
  show(rig);
  expect(await all(follower)).toHaveLength(1);
});

test("any cuts, rolls, crashes and restarts of either side: the durable lines, each once, in order", async () => {
  const step = fc.constantFrom("append", "append", "answer", "answer", "answer", "roll", "kill", "read", "restart");
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.nat(400), async (steps, torn) => {
      rmSync(folder, { recursive: true });
      folder = mkdtempSync(join(tmpdir(), "coline-follower-"));
      const limits = { segmentBytes: 2000 };
      let rig = journalRig({ limits });
      let follower = follow();
      const lines: JournalLine[] = [];
      for (const s of steps) {
        if (s === "append") rig.append(2);
        else if (s === "answer") rig.answer();
        else if (s === "roll") rig.roll();
        else if (s === "kill") rig = journalRig({ limits, image: rig.disk.kill((max) => Math.min(max, torn)) });
        else if (s === "restart") follower = follow(follower.cursor());
        show(rig);
        const read = await all(follower);
        const head = rig.journal.head().seq;
        for (const line of read) expect(line.seq).toBeLessThanOrEqual(Math.max(head, rig.found.end.seq));
        lines.push(...read);
      }
      rig.drain();
      show(rig);
      follower.durable(rig.journal.head().seq);
      lines.push(...(await all(follower)));
      expect(lines).toEqual(written());
      for (const f of followers.splice(0)) await f.close();
    }),
    { numRuns: 60 },
  );
});

test("a line that is half there: waited for, delivered once it is whole", async () => {
  const rig = journalRig();
  rig.append(3);
  rig.drain();
  const bytes = rig.disk.read(segmentName(1));
  const path = join(folder, segmentName(1));
  const follower = follow();
  follower.durable(100);
  expect(await all(follower)).toEqual([]);
  const lines: JournalLine[] = [];
  for (const part of [bytes.subarray(0, 1), bytes.subarray(1, 700), bytes.subarray(700)]) {
    appendFileSync(path, part);
    lines.push(...(await all(follower)));
  }
  expect(lines).toEqual(written());
});

test("a compressed segment reads like the plain one, from a cursor inside it too", async () => {
  const rig = journalRig({ limits: { segmentBytes: 1000 } });
  rig.append(9);
  rig.drain();
  rig.roll();
  rig.drain();
  show(rig);
  const expected = written();
  const plain = join(folder, segmentName(1));
  writeFileSync(`${plain}.gz`, gzipSync(readFileSync(plain)));
  unlinkSync(plain);
  const follower = follow();
  follower.durable(1000);
  expect(await all(follower)).toEqual(expected);
  const { seq, hash } = expected[4] as JournalLine;
  const second = follow({ segment: 1, seq, hash });
  second.durable(1000);
  expect(await all(second)).toEqual(expected.slice(5));
});

test("a cursor that is not in this journal: refused with what it is and what to think, at every call", async () => {
  const rig = journalRig({ limits: { segmentBytes: 1000 } });
  rig.append(9);
  rig.drain();
  rig.roll();
  rig.drain();
  show(rig);
  const hash = "a".repeat(64);
  const other = follow({ segment: 1, seq: 3, hash });
  await expect(all(other)).rejects.toThrow("JOURNAL_CURSOR_MISMATCH: the cursor stands at seq 3 in segment 1");
  await expect(all(other)).rejects.toThrow("JOURNAL_CURSOR_MISMATCH");
  await expect(all(follow({ segment: 1, seq: 1000, hash }))).rejects.toThrow("the segment ends at seq");
  await expect(all(follow({ segment: 7, seq: 3, hash }))).rejects.toThrow("JOURNAL_CURSOR_GONE: segment 7");
});

test("a line that was changed, or a segment that is missing: refused, and nothing behind it is delivered", async () => {
  const rig = journalRig({ limits: { segmentBytes: 1000 } });
  for (let time = 0; time < 3; time += 1) {
    rig.append(9);
    rig.drain();
    rig.roll();
    rig.drain();
  }
  show(rig);
  const path = join(folder, segmentName(2));
  const original = readFileSync(path);
  writeFileSync(path, original.toString().replace("#11", "#12"));
  const follower = follow();
  follower.durable(1000);
  await expect(all(follower)).rejects.toThrow(`JOURNAL_DAMAGED: ${segmentName(2)} line`);
  unlinkSync(path);
  await expect(all(follow())).rejects.toThrow(`the segment after ${segmentName(1)} is missing`);
});

test("a journal that ends before the cursor, and one whose file was replaced while it was read, are told at once", async () => {
  const rig = journalRig();
  rig.append(3);
  rig.drain();
  show(rig);
  const follower = follow();
  follower.durable(rig.journal.head().seq);
  await all(follower);
  const cursor = follower.cursor();
  const path = join(folder, segmentName(1));
  const lines = readFileSync(path, "utf8").split("\n");
  unlinkSync(path);
  writeFileSync(path, `${lines.slice(0, 3).join("\n")}\n`);
  await expect(follower.next()).rejects.toThrow("000000000001.jsonl was replaced while it was read");
  await expect(all(follow(cursor))).rejects.toThrow(/JOURNAL_CURSOR_MISMATCH.* the segment ends at seq 3/);
});
