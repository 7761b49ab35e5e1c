// What a start finds in the journal: the newest whole checkpoint, the entries after it, and where to write on.
import type { LineCheckpoint } from "../line/step.ts";
import { CHAIN_START, digest } from "./chain.ts";
import type { JournalFolder } from "./disk.ts";
import { JournalDamaged } from "./failures.ts";
import { type Cut, entryOf, isCheckpoint, isEntry } from "./line.ts";
import type { JournalTail } from "./port.ts";
import { readSegment, type Segment, segmentFiles } from "./segment.ts";

/** Where the journal ends; `beginRun` writes on from here. */
export interface JournalEnd {
  /** Highest segment number in the folder; 0: none. */
  segment: number;
  /** Last complete line; 0 and 64 zeros: none. */
  seq: number;
  hash: string;
  /** Number of the last line entry; 0: none. */
  lastEntry: number;
  runs: number;
  cuts: readonly Cut[];
  /** Files read now that may not be on the disk yet: to be synced before anything is built on them. */
  unsynced: readonly string[];
}

export interface FoundJournal {
  tail: JournalTail;
  end: JournalEnd;
}

/**
 * Reads back from the newest segment to the newest checkpoint that is whole, usually one file, and checks the chain of
 * what it reads. Changes nothing: an incomplete last line is reported in `end.cuts`, for the next segment's header.
 * @throws JournalDamaged for any other damage, a missing segment included
 */
export function readTail(folder: JournalFolder): FoundJournal {
  const files = segmentFiles(folder);
  const read: Segment[] = [];
  let checkpoint: LineCheckpoint | null = null;
  for (let at = files.length - 1; at >= 0 && checkpoint === null; at -= 1) {
    const file = files[at] as Segment;
    const newer = read[0];
    if (newer !== undefined && file.number !== newer.number - 1) break;
    const segment = readSegment(folder, file);
    checkJoint(segment, read);
    read.unshift(segment);
    checkpoint = wholeCheckpoint(segment);
  }
  if (checkpoint === null && read[0] !== undefined && read[0].number !== 1) {
    const what = "no whole checkpoint from here on, and the segment before is missing";
    throw new JournalDamaged({ file: read[0].name, line: 0, seq: read[0].header?.seq ?? 0, what });
  }
  const entries = entriesFrom(read, checkpoint?.nextEntry ?? 1);
  const end = endOf(read);
  const lastEntry = (checkpoint?.nextEntry ?? 1) - 1 + entries.length;
  return { tail: { checkpoint, entries, runs: end.runs }, end: { ...end, lastEntry } };
}

/** A segment must end where the next one with a header begins, but for what that header says was cut. */
function checkJoint(segment: Segment, newer: readonly Segment[]): void {
  const next = newer.find((s) => s.header !== null);
  if (next?.header == null) return;
  const last = segment.lines.at(-1);
  const place = { file: segment.name, line: segment.lines.length, seq: last?.seq ?? next.header.seq - 1 };
  if (last !== undefined && (last.hash !== next.header.prev || last.seq !== next.header.seq - 1)) {
    throw new JournalDamaged({ ...place, what: `it does not end where ${next.name} goes on` });
  }
  const cut = next.header.cuts.find((c) => c.segment === segment.number);
  const isAsCut =
    cut === undefined ? last !== undefined && segment.rest.length === 0 : cut.sha256 === digest(segment.rest);
  if (!isAsCut)
    throw new JournalDamaged({ ...place, what: `what follows its last line is not what ${next.name} says` });
}

/** null: none, or a crash left it in part. */
export function wholeCheckpoint(segment: Pick<Segment, "lines">): LineCheckpoint | null {
  const slices = segment.lines.filter(isCheckpoint);
  const first = slices[0];
  if (first === undefined || slices.length < first.parts) return null;
  return JSON.parse(slices.map((slice) => slice.text).join("")) as LineCheckpoint;
}

function entriesFrom(segments: readonly Segment[], firstEntry: number): JournalTail["entries"] {
  const entries: JournalTail["entries"] = [];
  for (const segment of segments) {
    for (const [index, line] of segment.lines.entries()) {
      if (!isEntry(line) || line.n < firstEntry) continue;
      const expected = firstEntry + entries.length;
      if (line.n !== expected) {
        const what = `it holds entry ${line.n} where entry ${expected} belongs`;
        throw new JournalDamaged({ file: segment.name, line: index + 1, seq: line.seq, what });
      }
      entries.push(entryOf(line));
    }
  }
  return entries;
}

function endOf(read: readonly Segment[]): Omit<JournalEnd, "lastEntry"> {
  const at = read.findLastIndex((segment) => segment.header !== null);
  const last = read[at]?.lines.at(-1);
  const afterSeq = last?.seq ?? 0;
  const open = read.slice(Math.max(at, 0));
  return {
    segment: read.at(-1)?.number ?? 0,
    seq: afterSeq,
    hash: last?.hash ?? CHAIN_START,
    runs: last?.run ?? 0,
    cuts: open
      .filter((segment) => segment.rest.length > 0 || segment.header === null)
      .map(({ number, rest }) => ({ segment: number, afterSeq, bytes: rest.length, sha256: digest(rest) })),
    unsynced: open.map((segment) => segment.name),
  };
}
