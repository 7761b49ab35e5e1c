// Follows the controller's journal files for the gateway's readers: stretches of durable entries, each at its place.
import { existsSync, readdirSync } from "node:fs";
import { type Cursor, followJournal, type JournalFollower } from "../journal/follower.ts";
import { entryOf, isEntry, isHeader, type JournalLine } from "../journal/line.ts";
import { listSegments } from "../journal/segment.ts";
import type { PlacedEntry } from "./index/story-index.ts";
import type { Follow, Stretch } from "./journal-feed.ts";

export interface JournalFiles {
  follow: Follow;
  /** The controller's word that lines up to this one are on the disk; 0: a new controller, nothing said yet. */
  durable(seq: number): void;
}

/** Between two looks at files that have nothing new; a word of the controller ends the wait at once. */
const LOOK_EVERY_MS = 100;

export function journalFiles(folder: string): JournalFiles {
  const followers = new Set<JournalFollower>();
  const waiting = new Set<() => void>();
  let durableSeq = 0;

  async function* follow(from: readonly string[] | null, signal: AbortSignal): AsyncGenerator<Stretch> {
    const start = from === null ? null : cursorOf(from);
    const follower = followJournal({ folder, from: start });
    followers.add(follower);
    follower.durable(durableSeq);
    const places = placer(start?.segment ?? 0);
    try {
      while (!signal.aborted) {
        const entries = places(await follower.next());
        const last = entries.at(-1);
        const cursor = follower.cursor();
        // Headers and checkpoints alone are passed over: nothing depends on them, and they come again after a restart.
        if (last !== undefined && cursor !== null) {
          yield { entries, upToEntry: last.entry.n, upToSeq: cursor.seq, cursor: textOf(cursor) };
        }
        if (!follower.isBehind()) await pause(signal);
      }
    } finally {
      followers.delete(follower);
      await follower.close();
    }
  }

  const pause = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        waiting.delete(done);
        signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, LOOK_EVERY_MS);
      waiting.add(done);
      signal.addEventListener("abort", done);
      if (signal.aborted) done();
    });

  return {
    follow,
    durable(seq) {
      durableSeq = seq;
      for (const follower of followers) follower.durable(seq);
      for (const wake of [...waiting]) wake();
    },
  };
}

/**
 * Whether a cursor that fits nowhere belongs to another journal than the one in the folder, or to the same one before it
 * was put back. Otherwise segments beyond it were archived away before they were read; or there is no journal at all now
 * (a disk that is not mounted), which says nothing yet.
 */
export function isOtherJournal(folder: string, from: readonly string[]): boolean {
  const oldest = existsSync(folder) ? listSegments(readdirSync(folder))[0] : undefined;
  return oldest !== undefined && oldest.number <= cursorOf(from).segment;
}

/** Gives each entry the segment it stands in: a segment's header names it, and rules until the next one. */
function placer(first: number): (lines: readonly JournalLine[]) => PlacedEntry[] {
  let segment = first;
  return (lines) => {
    const placed: PlacedEntry[] = [];
    for (const line of lines) {
      if (isHeader(line)) segment = line.segment;
      else if (isEntry(line)) placed.push({ segment, seq: line.seq, entry: entryOf(line) });
    }
    return placed;
  };
}

const textOf = ({ segment, seq, hash }: Cursor): string[] => [String(segment), String(seq), hash];

/** The place behind a stretch's opaque cursor. */
export function cursorOf([segment, seq, hash]: readonly string[]): Cursor {
  return { segment: Number(segment), seq: Number(seq), hash: hash ?? "" };
}
