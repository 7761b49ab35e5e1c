// All that is known of a parcel by its code: what customs says of it now, and its stories on the line.
import { comparable } from "../journal/parcel.ts";
import { storyWords } from "../journal/story-words.ts";
import type { LineEntry } from "../line/entry.ts";
import type { ReleaseRecord } from "../line/release.ts";
import { recordAt } from "../releases/judge.ts";
import type { ReleaseStore, WaybillView } from "../releases/store.ts";
import { type PlacedLine, readPlaces } from "./index/read-places.ts";
import type { StoryIndex } from "./index/story-index.ts";

export interface ParcelView {
  code: string;
  /** One for each company that has this number in the release cache. */
  records: readonly (WaybillView & {
    /** The declaration that speaks for it now; null: none is valid. Holds in `standing` beat it. */
    now: ReleaseRecord | null;
  })[];
  /** Newest first. */
  stories: readonly Story[];
}

export interface Story {
  /** Entries whose segment is no longer in the journal's folder. */
  missing: number;
  entries: readonly {
    /** Wall time, RFC 3339 with the plant's offset; null: the segment does not tell. */
    at: string | null;
    run: number;
    /** Number of the journal's line and of the line core's entry. */
    seq: number;
    n: number;
    words: string;
    entry: LineEntry;
  }[];
}

export interface ParcelSources {
  store: Pick<ReleaseStore, "findByWaybill">;
  index: Pick<StoryIndex, "find">;
  journalFolder: string;
  wallMs(): number;
}

/** Stories of one answer, and companies of one number that are shown. */
const STORIES_MAX = 5;

/** null: neither the cache nor the index knows the code. */
export async function parcelView(sources: ParcelSources, asked: string): Promise<ParcelView | null> {
  const code = comparable(asked);
  const views = code === "" ? [] : sources.store.findByWaybill(code);
  const stories: Story[] = [];
  for (const places of sources.index.find(code).slice(0, STORIES_MAX)) {
    const { lines, missing } = await readPlaces(sources.journalFolder, places);
    stories.push({ missing, entries: lines.map(storyEntry) });
  }
  if (views.length === 0 && stories.length === 0) return null;
  return { code, records: views.map((view) => ({ ...view, now: recordNow(view, sources.wallMs()) })), stories };
}

function recordNow(view: WaybillView, nowMs: number): ReleaseRecord | null {
  const { company, waybill, declarations, version } = view;
  return recordAt({
    company,
    waybill,
    declarations,
    ledger: view.saturated ? "saturated" : view.spent,
    version,
    nowMs,
  });
}

const storyEntry = ({ line, at, entry }: PlacedLine): Story["entries"][number] => ({
  at,
  run: line.run,
  seq: line.seq,
  n: entry.n,
  words: storyWords(entry),
  entry,
});
