// Checks the whole chain over all segments and names the first entry that was changed, removed or inserted.
import { CHAIN_START, digest, fits, openLine } from "./chain.ts";
import type { JournalFolder } from "./disk.ts";
import { JournalDamaged } from "./failures.ts";
import { type Cut, type HeaderLine, isHeader, type JournalLine, parseLine } from "./line.ts";
import { judgeMisfit } from "./misfit.ts";
import { type SegmentFile, segmentBytes, segmentFiles, segmentName, splitLines } from "./segment.ts";

export interface Damage {
  file: string;
  /** Counted from 1: where it is, or where the missing one should stand. 0: the file as a whole. */
  line: number;
  seq: number;
  kind: "changed" | "removed" | "inserted";
  what: string;
}

export interface Verdict {
  isIntact: boolean;
  /** The first damage; what comes after it was not judged. */
  damage: Damage | null;
  segments: number;
  /** Lines that fit, and the last of them. */
  lines: number;
  head: { seq: number; hash: string };
  /** Where the chain begins; above 1, older segments were archived or removed, which the chain cannot tell apart. */
  firstSegment: number;
  /** Incomplete last lines that crashes left and later headers own up to. */
  cuts: readonly Cut[];
  /** Bytes after the newest complete line: being written now, or torn by a crash and cut at the next start. */
  tornBytes: number;
}

/**
 * A tail that was cut off leaves a shorter chain that is whole: only a head that went off the machine before shows it.
 * In the same way a chain rewritten from some line to its end is only shown by a head.
 * @param head sequence and hash that this journal is known to have had
 */
export function verifyJournal(folder: JournalFolder, head: { seq: number; hash: string } | null = null): Verdict {
  const files = segmentFiles(folder);
  const walk: Walk = { seq: 0, hash: CHAIN_START, lines: 0, last: null, rests: [], cuts: [] };
  const verdict = (damage: Damage | null): Verdict => ({
    isIntact: damage === null,
    damage,
    segments: files.length,
    lines: walk.lines,
    head: { seq: walk.seq, hash: walk.hash },
    firstSegment: files[0]?.number ?? 0,
    cuts: walk.cuts,
    tornBytes: walk.rests.reduce((sum, rest) => sum + rest.bytes.length, 0),
  });

  let awaited = files[0]?.number ?? 1;
  for (const [index, file] of files.entries()) {
    if (file.number !== awaited) return verdict(missingFile(awaited, walk));
    awaited += 1;
    const damage = walkSegment({ folder, files, index, walk, head });
    if (damage !== null) return verdict(damage);
  }
  return verdict(head !== null && walk.seq < head.seq ? cutTail(walk, head.seq) : null);
}

/** How far the chain was walked. */
interface Walk {
  seq: number;
  hash: string;
  lines: number;
  last: { file: string; line: number } | null;
  /** Bytes after the last LF of files since the last header, to be owned up to by the next one. */
  rests: { file: SegmentFile; line: number; bytes: Buffer }[];
  cuts: Cut[];
}

interface Place {
  folder: JournalFolder;
  files: readonly SegmentFile[];
  index: number;
  walk: Walk;
  head: { seq: number; hash: string } | null;
}

function walkSegment(o: Place): Damage | null {
  const { walk } = o;
  const file = o.files[o.index] as SegmentFile;
  const split = readLines(o.folder, file);
  if ("kind" in split) return { ...split, seq: walk.seq + 1 };
  // A crash may have left the oldest without its header: the first one that has lines vouches for itself.
  if (o.files[0]?.number !== 1 && walk.last === null && split.lines.length > 0) enterOldest(split.lines, walk);

  for (const [at, bytes] of split.lines.entries()) {
    const place = { file: file.name, line: at + 1, seq: walk.seq + 1 };
    const sealed = openLine(bytes);
    const line = parseLine(bytes);
    const isNext = sealed !== null && line !== null && line.seq === place.seq && fits(sealed, walk.hash);
    if (!isNext) return atMisfit(o, split.lines, at);
    if (at > 0 && isHeader(line))
      return { ...place, kind: "inserted", what: "a header stands at the start of a segment" };
    const damage = at === 0 ? judgeHeader(line, file, walk) : null;
    if (damage !== null) return damage;
    if (o.head?.seq === line.seq && o.head.hash !== line.hash) {
      return { ...place, kind: "changed", what: "the chain is whole, but it is not the one of the head given" };
    }
    walk.seq = line.seq;
    walk.hash = line.hash;
    walk.lines += 1;
    walk.last = place;
  }
  if (split.lines.length === 0 || split.rest.length > 0) {
    walk.rests.push({ file, line: split.lines.length + 1, bytes: split.rest });
  }
  return null;
}

function readLines(folder: JournalFolder, file: SegmentFile): { lines: Buffer[]; rest: Buffer } | Omit<Damage, "seq"> {
  try {
    return splitLines(segmentBytes(folder, file));
  } catch (error) {
    if (!(error instanceof JournalDamaged)) throw error;
    return { file: file.name, line: 0, kind: "changed", what: "the compressed file cannot be unpacked" };
  }
}

/** The oldest segment vouches for itself: nothing older is there to compare with, but for segment 1. */
function enterOldest(lines: readonly Buffer[], walk: Walk): void {
  const header = lines.map(parseLine).find((line): line is HeaderLine => line !== null && isHeader(line));
  const firstSeq = lines.map(parseLine).find((line) => line !== null)?.seq ?? 1;
  walk.seq = (header === undefined ? firstSeq - 1 : header.seq) - 1;
  walk.hash = header?.prev ?? CHAIN_START;
}

function judgeHeader(line: JournalLine, file: SegmentFile, walk: Walk): Damage | null {
  const place = { file: file.name, line: 1, seq: line.seq };
  if (!isHeader(line)) return { ...place, kind: "changed", what: "the first line of a segment must be its header" };
  if (line.segment !== file.number) {
    return { ...place, kind: "changed", what: `the file was renamed: its header belongs to segment ${line.segment}` };
  }
  const unowned = walk.rests.find((rest) => !isOwned(rest, line.cuts));
  if (unowned !== undefined) return restDamage(unowned, line);
  const lost = line.cuts.find((cut) => !walk.rests.some((rest) => rest.file.number === cut.segment));
  // A cut in a segment that was archived since cannot be checked any more.
  if (lost !== undefined && walk.last !== null) {
    const what = `the ${lost.bytes} bytes of an incomplete line, cut at a start, are gone`;
    return { file: segmentName(lost.segment), line: walk.last.line + 1, seq: line.seq, kind: "removed", what };
  }
  walk.cuts.push(...line.cuts);
  walk.rests = [];
  return null;
}

const isOwned = (rest: Walk["rests"][number], cuts: readonly Cut[]): boolean =>
  cuts.some((cut) => cut.segment === rest.file.number && cut.sha256 === digest(rest.bytes));

function restDamage(rest: Walk["rests"][number], next: HeaderLine): Damage {
  const place = { file: rest.file.name, line: rest.line, seq: next.seq };
  const isCut = next.cuts.some((cut) => cut.segment === rest.file.number);
  if (isCut) return { ...place, kind: "changed", what: "the incomplete line that was cut at a start is another now" };
  return { ...place, kind: "inserted", what: `${rest.bytes.length} bytes follow the last line of the segment` };
}

function atMisfit(o: Place, lines: readonly Buffer[], at: number): Damage {
  const { walk } = o;
  const file = o.files[o.index] as SegmentFile;
  const following = [...lines.slice(at + 1), ...firstLineAfter(o)];
  const misfit = judgeMisfit({ line: lines[at] as Buffer, following, hashBefore: walk.hash, seq: walk.seq + 1 });
  const first = at === 0 ? wholeHeader(lines[0] as Buffer) : null;
  if (first !== null && misfit.kind !== "inserted") {
    const torn = walk.rests.find((rest) => !isOwned(rest, first.cuts));
    const line = torn?.line ?? (walk.last?.line ?? 0) + 1;
    const lastFile = torn?.file.name ?? walk.last?.file;
    // The header is whole and goes on elsewhere: it is the end of the file before that is not as it was.
    if (lastFile !== undefined && (torn !== undefined || misfit.kind === "removed")) {
      const kind = torn !== undefined && torn.bytes.length > 0 ? "changed" : "removed";
      return { file: lastFile, line, seq: walk.seq + 1, kind, what: `${file.name} goes on after seq ${first.seq - 1}` };
    }
  }
  return { file: file.name, line: at + 1, seq: walk.seq + 1, ...misfit };
}

/** A header names the hash it builds on, so it can vouch for itself. */
function wholeHeader(bytes: Buffer): HeaderLine | null {
  const sealed = openLine(bytes);
  const line = parseLine(bytes);
  return sealed !== null && line !== null && isHeader(line) && fits(sealed, line.prev) ? line : null;
}

function firstLineAfter(o: Place): Buffer[] {
  for (const file of o.files.slice(o.index + 1)) {
    const split = readLines(o.folder, file);
    if ("kind" in split) return [];
    const first = split.lines[0];
    if (first !== undefined) return [first];
  }
  return [];
}

const missingFile = (number: number, walk: Walk): Damage => ({
  file: segmentName(number),
  line: 0,
  seq: walk.seq + 1,
  kind: "removed",
  what: "the whole segment is missing",
});

const cutTail = (walk: Walk, headSeq: number): Damage => ({
  file: walk.last?.file ?? segmentName(1),
  line: (walk.last?.line ?? 0) + 1,
  seq: walk.seq + 1,
  kind: "removed",
  what: `the chain ends here, the head given stands at seq ${headSeq}`,
});
