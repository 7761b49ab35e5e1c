// Reads what a journal's files hold, segment by segment, without judging the chain: for stories, not for evidence.
import type { JournalFolder } from "./disk.ts";
import { entryOf, isEntry, isHeader, type JournalLine, parseLine } from "./line.ts";
import { comparable, itemsOf, parcelFilter } from "./parcel.ts";
import { type SegmentFile, segmentBytes, segmentFiles, splitLines } from "./segment.ts";
import { type StoryLine, tellStory } from "./story.ts";

export interface Past {
  /** null: everything. */
  parcel: string | null;
  /** Wall time, ms since 1970; null: from the beginning. */
  sinceMs: number | null;
  /** Told of lines that are none: `coline verify` says more. */
  unreadable(file: string, line: number): void;
}

/** Oldest first. Reads one segment at a time. */
export function* storiesOf(folder: JournalFolder, o: Past): Generator<StoryLine> {
  const files = filesSince(folder, o.sinceMs);
  const isRecent = (line: StoryLine): boolean => o.sinceMs === null || line.atMs === null || line.atMs >= o.sinceMs;
  const { parcel } = o;
  if (parcel === null) {
    for (const line of tellStory(linesIn(folder, files, o), () => true)) if (isRecent(line)) yield line;
    return;
  }
  const bearing = files.flatMap((file) => (mentions(segmentBytes(folder, file), parcel) ? [file.number] : []));
  const first = bearing[0];
  if (first === undefined) return;
  // A parcel rides for minutes: its story reaches over the ends of the segments that name its code, no further.
  const near = files.filter(({ number }) => number >= first - 1 && number <= (bearing.at(-1) ?? first) + 1);
  const naming = near.filter((file) => bearing.includes(file.number));
  const items = itemsOf(entriesIn(folder, naming), parcel);
  const tells = parcelFilter(items);
  for (const line of tellStory(linesIn(folder, near, o), tells)) if (isRecent(line)) yield line;
}

const mentions = (bytes: Buffer, code: string): boolean => bytes.includes(code) || bytes.includes(comparable(code));

/** From the newest segment that began before that time; a header that cannot be read counts as before. */
function filesSince(folder: JournalFolder, sinceMs: number | null): SegmentFile[] {
  const files = segmentFiles(folder);
  if (sinceMs === null) return files;
  const from = files.findLastIndex((file) => {
    const first = splitLines(segmentBytes(folder, file)).lines[0];
    const header = first === undefined ? null : parseLine(first);
    return header !== null && isHeader(header) && !(Date.parse(header.wallTime) > sinceMs);
  });
  return files.slice(Math.max(from, 0));
}

function* linesIn(folder: JournalFolder, files: readonly SegmentFile[], o: Past): Generator<JournalLine> {
  for (const file of files) {
    for (const [index, bytes] of splitLines(segmentBytes(folder, file)).lines.entries()) {
      const line = parseLine(bytes);
      if (line === null) o.unreadable(file.name, index + 1);
      else yield line;
    }
  }
}

function* entriesIn(folder: JournalFolder, files: readonly SegmentFile[]): Generator<ReturnType<typeof entryOf>> {
  for (const file of files) {
    for (const bytes of splitLines(segmentBytes(folder, file)).lines) {
      const line = parseLine(bytes);
      if (line !== null && isEntry(line)) yield entryOf(line);
    }
  }
}
