// Any line changed, removed or inserted is found and named; what the chain cannot show is shown by a head kept elsewhere.
import fc from "fast-check";
import { expect, test } from "vitest";
import { chainHash, openLine, sealedLine } from "../../../src/journal/chain.ts";
import type { JournalFolder } from "../../../src/journal/disk.ts";
import { parseLine } from "../../../src/journal/line.ts";
import { segmentName, splitLines } from "../../../src/journal/segment.ts";
import { readTail } from "../../../src/journal/tail.ts";
import { type Verdict, verifyJournal } from "../../../src/journal/verify.ts";
import { journalRig } from "./journal-rig.ts";

type Files = Map<string, Buffer>;

/** Four segments over two runs, the second of which found the first one's last line torn. */
function journal(): { files: Files; head: { seq: number; hash: string } } {
  const limits = { segmentBytes: 2500 };
  const first = journalRig({ limits });
  for (let time = 0; time < 6; time += 1) {
    first.append(3);
    first.roll();
    first.drain();
  }
  first.append(2);
  const second = journalRig({ limits, image: first.disk.kill((max) => Math.min(max, 300)) });
  expect(second.found.end.cuts).toHaveLength(1);
  second.drain();
  second.append(4);
  second.drain();
  const files = new Map(second.disk.names().map((name) => [name, second.disk.read(name)]));
  return { files, head: second.journal.head() };
}

const original = journal();
const names = [...original.files.keys()].sort();
const linesOf = (files: Files, name: string): Buffer[] => splitLines(files.get(name) as Buffer).lines;
const folderOf = (files: Files): JournalFolder => ({
  names: () => [...files.keys()],
  read: (name) => files.get(name) as Buffer,
});
const verify = (files: Files, head = true): Verdict => verifyJournal(folderOf(files), head ? original.head : null);

/** Every line of the journal with its place. */
const places = names.flatMap((name) =>
  linesOf(original.files, name).map((bytes, index) => ({ name, index, seq: parseLine(bytes)?.seq as number })),
);
const place = fc.constantFrom(...places);

/** The journal with the lines of one file made anew; what follows the last LF stays. */
function edited(name: string, edit: (lines: Buffer[]) => void): Files {
  const { lines, rest } = splitLines(original.files.get(name) as Buffer);
  edit(lines);
  const whole = lines.map((line) => Buffer.concat([line, Buffer.from("\n")]));
  return new Map([...original.files, [name, Buffer.concat([...whole, rest])]]);
}

test("untouched: every line fits, the head is there, the torn line is owned up to", () => {
  expect(verify(original.files)).toMatchObject({
    isIntact: true,
    segments: names.length,
    lines: places.length,
    head: original.head,
    firstSegment: 1,
    cuts: [{ segment: 4, bytes: expect.any(Number) }],
  });
  expect(names.length).toBeGreaterThanOrEqual(4);
});

test("one byte changed, anywhere in any line: that line is named as changed", () => {
  fc.assert(
    fc.property(place, fc.nat(), fc.integer({ min: 1, max: 255 }), (p, at, change) => {
      const files = edited(p.name, (lines) => {
        const line = Buffer.from(lines[p.index] as Buffer);
        line[at % line.length] = (line[at % line.length] as number) ^ change;
        lines[p.index] = line;
      });
      const { damage } = verify(files);
      expect(damage).toMatchObject({ file: p.name, line: p.index + 1, seq: p.seq });
      // Nothing stands behind the last line that would vouch for its number.
      if (p.seq !== original.head.seq) expect(damage?.kind).toBe("changed");
    }),
    { numRuns: 1500 },
  );
});

test("one byte of a line feed changed: two lines became one, which is named as changed", () => {
  fc.assert(
    fc.property(place, fc.constantFrom("x", " ", "\r", "\0", "}"), (p, replacement) => {
      const lines = linesOf(original.files, p.name);
      const end = lines.slice(0, p.index + 1).reduce((sum, line) => sum + line.length + 1, 0) - 1;
      const bytes = Buffer.from(original.files.get(p.name) as Buffer);
      bytes.write(replacement, end);
      const damage = verify(new Map([...original.files, [p.name, bytes]])).damage;
      const isLast = p.seq === original.head.seq;
      const kind = isLast ? "removed" : "changed";
      expect(damage).toMatchObject({ kind, file: p.name, line: p.index + 1, seq: p.seq });
    }),
    { numRuns: 500 },
  );
});

test("lines removed, anywhere: the first of them is named as removed, with its file and line", () => {
  fc.assert(
    fc.property(place, fc.integer({ min: 1, max: 4 }), (p, count) => {
      const files = edited(p.name, (lines) => lines.splice(p.index, count));
      expect(verify(files).damage).toMatchObject({ kind: "removed", seq: p.seq, file: p.name, line: p.index + 1 });
    }),
    { numRuns: 500 },
  );
});

test("a line inserted, anywhere: made up, doubled from elsewhere or sealed to fit; it is named as inserted", () => {
  const forged = (before: Buffer | undefined, seq: number): Buffer => {
    const body = `{"seq":${seq},"run":1,"n":1,"atNs":1,"kind":"stray","eyeId":"x","detail":"x"`;
    const hashBefore = (before === undefined ? null : openLine(before)?.hash) ?? "0".repeat(64);
    return Buffer.from(sealedLine(body, chainHash(hashBefore, body)).trimEnd());
  };
  fc.assert(
    fc.property(place, place, fc.constantFrom("made up", "doubled", "sealed"), (p, q, how) => {
      const files = edited(p.name, (lines) => {
        const line = {
          "made up": () => Buffer.from(`{"kind":"stray","n":${p.seq}}`),
          doubled: () => linesOf(original.files, q.name)[q.index] as Buffer,
          sealed: () => forged(lines[p.index], p.seq + 1),
        }[how]();
        lines.splice(p.index + 1, 0, line);
      });
      const isLast = p.seq === original.head.seq;
      const damage = verify(files).damage;
      if (how !== "sealed") {
        // Put right before itself, the copy cannot be told from the line: the second of the two does not belong.
        const twin = how === "doubled" && q.seq === p.seq + 1 && q.name === p.name ? 1 : 0;
        const next = { file: p.name, line: p.index + 2 + twin, seq: p.seq + 1 + twin };
        // Behind the last line nothing goes on, so that it might as well be a line that was changed.
        expect(damage).toMatchObject(isLast && how === "made up" ? next : { kind: "inserted", ...next });
      } else if (!isLast) {
        // It fits the chain; the line that stood there before does not any more, and the text names both.
        expect(["inserted", "changed", "removed"]).toContain(damage?.kind);
        expect(damage?.seq).toBeLessThanOrEqual(p.seq + 2);
        expect(damage?.seq).toBeGreaterThanOrEqual(p.seq + 1);
      }
    }),
    { numRuns: 800 },
  );
});

test("a line changed and sealed anew: the chain breaks at the line behind it, and the text says which two it may be", () => {
  const target = places.find((p) => p.index === 3) as (typeof places)[number];
  const files = edited(target.name, (lines) => {
    const { body } = openLine(lines[3] as Buffer) as { body: Buffer };
    const before = openLine(lines[2] as Buffer)?.hash as string;
    const changed = body.toString().replace('"run":1', '"run":2');
    lines[3] = Buffer.from(sealedLine(changed, chainHash(before, changed)).trimEnd());
  });
  const damage = verify(files).damage;
  expect(damage).toMatchObject({ kind: "changed", file: target.name, line: 5, seq: target.seq + 1 });
  expect(damage?.what).toContain("or the line before it was changed and sealed anew");
});

test("a whole segment removed from the middle: named", () => {
  const files = new Map(original.files);
  files.delete(segmentName(2));
  const seq = places.find((p) => p.name === segmentName(2))?.seq;
  expect(verify(files).damage).toMatchObject({ kind: "removed", file: segmentName(2), seq });
});

test("the oldest segments archived: the rest verifies and says where it begins", () => {
  const files = new Map(original.files);
  files.delete(segmentName(1));
  expect(verify(files)).toMatchObject({ isIntact: true, firstSegment: 2 });
});

test("the oldest segment there lost its header, or got a line before it", () => {
  const files = new Map(original.files);
  files.delete(segmentName(1));
  const name = segmentName(2);
  const seq = places.find((p) => p.name === name)?.seq as number;
  const { lines } = splitLines(files.get(name) as Buffer);
  const join = (kept: Buffer[]): Buffer => Buffer.from(kept.map((line) => `${line}\n`).join(""));
  files.set(name, join(lines.slice(1)));
  expect(verify(files).damage).toMatchObject({ kind: "removed", file: name, line: 1, seq });
  files.set(name, join([Buffer.from("{}"), ...lines]));
  expect(verify(files).damage).toMatchObject({ kind: "inserted", file: name, line: 1, seq });
});

test("a tail cut off at a line's end: whole by itself, and shown by a head kept elsewhere", () => {
  const name = names.at(-1) as string;
  const files = edited(name, (lines) => lines.splice(-2, 2));
  expect(verify(files, false).isIntact).toBe(true);
  expect(verify(files).damage).toMatchObject({ kind: "removed", seq: original.head.seq - 1, file: name });
});

test("the bytes of a torn line were changed after a start had recorded them, or taken away, or came where none were", () => {
  const name = names.at(-2) as string;
  const bytes = Buffer.from(original.files.get(name) as Buffer);
  bytes.write("~", bytes.length - 1);
  expect(verify(new Map([...original.files, [name, bytes]])).damage).toMatchObject({ kind: "changed", file: name });
  const short = bytes.subarray(0, bytes.lastIndexOf("\n") + 1);
  expect(verify(new Map([...original.files, [name, short]])).damage).toMatchObject({ kind: "removed", file: name });
  const more = Buffer.concat([original.files.get(segmentName(1)) as Buffer, Buffer.from("{")]);
  const damage = verify(new Map([...original.files, [segmentName(1), more]])).damage;
  expect(damage).toMatchObject({ kind: "inserted", file: segmentName(1) });
});

test("a damaged journal refuses to start: the error names file, line and seq", () => {
  const name = names.at(-1) as string;
  const files = edited(name, (lines) => {
    lines[2] = Buffer.from((lines[2] as Buffer).toString().replace("kind", "Kind"));
  });
  const seq = places.find((p) => p.name === name && p.index === 2)?.seq;
  expect(() => readTail(folderOf(files))).toThrow(`JOURNAL_DAMAGED: ${name} line 3 (seq ${seq})`);
});
