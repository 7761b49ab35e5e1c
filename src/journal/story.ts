// Tells what happened, from the lines of a journal: when by the wall clock, what in plain words, the entry as evidence.
import type { LineEntry } from "../line/entry.ts";
import { entryOf, type HeaderLine, isEntry, isHeader, type JournalLine } from "./line.ts";
import { storyWords } from "./story-words.ts";

export interface StoryLine {
  /** Wall time, RFC 3339 with the offset of the plant; null: the segment's header was not among the lines. */
  at: string | null;
  atMs: number | null;
  seq: number;
  run: number;
  words: string;
  entry: LineEntry;
}

/**
 * @param lines in the journal's order, headers included: they tie the run's monotonic clock to the wall clock
 * @param tells whether an entry belongs to the story; called for each entry, in order
 */
export function* tellStory(lines: Iterable<JournalLine>, tells: (entry: LineEntry) => boolean): Generator<StoryLine> {
  let header: HeaderLine | null = null;
  for (const line of lines) {
    if (isHeader(line)) header = line;
    else if (isEntry(line)) {
      const entry = entryOf(line);
      if (!tells(entry)) continue;
      const { at, atMs } = wallTimeOf(header?.run === line.run ? header : null, entry.atNs);
      yield { at, atMs, seq: line.seq, run: line.run, words: storyWords(entry), entry };
    }
  }
}

/** The header names one instant on both clocks; entries before it (of the same run) count back from there. */
export function wallTimeOf(
  header: Pick<HeaderLine, "wallTime" | "atNs"> | null,
  atNs: number,
): { at: string | null; atMs: number | null } {
  const headerMs = header === null ? Number.NaN : Date.parse(header.wallTime);
  if (header === null || Number.isNaN(headerMs)) return { at: null, atMs: null };
  const atMs = headerMs + (atNs - header.atNs) / 1e6;
  const offset = /(?:Z|[+-]\d\d:\d\d)$/.exec(header.wallTime)?.[0] ?? "Z";
  const local = new Date(atMs + offsetMs(offset)).toISOString().slice(0, -1);
  return { at: `${local}${offset}`, atMs };
}

function offsetMs(offset: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(offset) ?? [];
  if (sign === undefined) return 0;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
