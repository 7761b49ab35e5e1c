// Finds the entries of a parcel by its code: places in the journal, kept in LMDB, bounded, built again when lost.
import { type Database, open, type RootDatabase } from "lmdb";
import type { LineEntry } from "../../line/entry.ts";
import { normalCode, type StoryPart, storyPart } from "./story-parts.ts";

/** Where a line of the journal stands: number of its segment file, and the line's sequence. */
export interface Place {
  segment: number;
  seq: number;
}

export interface PlacedEntry extends Place {
  entry: LineEntry;
}

export interface StoryIndex {
  /** Takes a stretch of the journal in, with the place it ends at, in one transaction. */
  add(entries: readonly PlacedEntry[], cursor: readonly string[]): Promise<void>;
  /** The cursor of the last `add`; null: nothing yet. */
  cursor(): readonly string[] | null;
  /** Places of each story of this code, newest story first. */
  find(code: string): readonly (readonly Place[])[];
  stories(): number;
  /** Forgets everything, to be built again from the journal's beginning. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

export interface StoryIndexOptions {
  /** The oldest stories go first; 2 million are eight days at 10,000 parcels an hour and some 600 MB. */
  storiesMax?: number;
}

const STORIES_MAX = 2_000_000;
/** A parcel that circulates for ever keeps its first and its newest places. */
const PLACES_MAX = 256;
const CODES_MAX = 8;
const STORIES_SHOWN_MAX = 20;
/** LMDB's keys end at 1,978 bytes; a code on a parcel is far shorter. */
const CODE_CHARS_MAX = 128;

interface Story {
  itemId: number;
  codes: string[];
  permits: number[];
  /** [segment, seq] pairs. */
  places: [number, number][];
}

export function openStoryIndex(file: string, o: StoryIndexOptions = {}): StoryIndex {
  const root = open<unknown, string>({ path: file, maxDbs: 6, encoding: "json" });
  const tables: Tables = {
    stories: root.openDB<Story, number>({ name: "stories", encoding: "json" }),
    byItem: root.openDB<number, number>({ name: "byItem", encoding: "json" }),
    byPermit: root.openDB<number, number>({ name: "byPermit", encoding: "json" }),
    byCode: root.openDB<true, [string, number]>({ name: "byCode", encoding: "json" }),
    marks: root.openDB<readonly string[], string>({ name: "marks", encoding: "json" }),
  };
  const storiesMax = o.storiesMax ?? STORIES_MAX;
  return {
    async add(entries, cursor) {
      await root.transaction(() => {
        for (const placed of entries) addEntry(tables, placed);
        forgetOldest(tables, storiesMax);
        void tables.marks.put("cursor", cursor);
      });
    },
    cursor: () => tables.marks.get("cursor") ?? null,
    find: (code) => findStories(tables, code).map((story) => story.places.map(([segment, seq]) => ({ segment, seq }))),
    stories: () => tables.stories.getCount(),
    async clear() {
      await root.transaction(() => {
        for (const table of Object.values(tables) as Database<unknown, string>[]) void table.clearAsync();
      });
    },
    close: () => (root as RootDatabase<unknown, string>).close(),
  };
}

interface Tables {
  /** By the sequence of the story's first entry: growing, never used twice. */
  stories: Database<Story, number>;
  byItem: Database<number, number>;
  byPermit: Database<number, number>;
  byCode: Database<true, [string, number]>;
  marks: Database<readonly string[], string>;
}

function addEntry(tables: Tables, placed: PlacedEntry): void {
  const part = storyPart(placed.entry);
  if (part === null) return;
  if (part.kind === "begins") {
    void tables.byItem.put(part.itemId, placed.seq);
    putStory(tables, placed.seq, {
      itemId: part.itemId,
      codes: [],
      permits: [],
      places: [[placed.segment, placed.seq]],
    });
    return;
  }
  for (const id of storiesOf(tables, part)) {
    const story = tables.stories.get(id);
    // The index may begin in the middle of a story, and the oldest ones were forgotten.
    if (story !== undefined) extend(tables, { id, story, part, placed });
  }
}

function storiesOf(tables: Tables, part: Exclude<StoryPart, { kind: "begins" }>): number[] {
  if (part.kind === "ofPermit") return [tables.byPermit.get(part.permit) ?? []].flat();
  const itemIds = part.kind === "ofItems" ? part.itemIds : [part.itemId];
  return [...new Set(itemIds.flatMap((itemId) => tables.byItem.get(itemId) ?? []))];
}

function extend(
  tables: Tables,
  { id, story, part, placed }: { id: number; story: Story; part: StoryPart; placed: PlacedEntry },
): void {
  story.places.push([placed.segment, placed.seq]);
  if (story.places.length > PLACES_MAX) story.places.splice(PLACES_MAX / 2, 1);
  for (const code of part.kind === "ofItem" || part.kind === "ofItems" ? part.codes.map(normalCode) : []) {
    const isNew = code !== "" && code.length <= CODE_CHARS_MAX && !story.codes.includes(code);
    if (!isNew || story.codes.length >= CODES_MAX) continue;
    story.codes.push(code);
    void tables.byCode.put([code, id], true);
  }
  if (part.kind === "ofItem" && part.permit !== null) {
    story.permits.push(part.permit);
    void tables.byPermit.put(part.permit, id);
  }
  putStory(tables, id, story);
}

function putStory(tables: Tables, id: number, story: Story): void {
  void tables.stories.put(id, story);
}

function forgetOldest(tables: Tables, storiesMax: number): void {
  const excess = tables.stories.getCount() - storiesMax;
  if (excess <= 0) return;
  for (const { key, value } of [...tables.stories.getRange({ limit: excess })]) {
    if (tables.byItem.get(value.itemId) === key) void tables.byItem.remove(value.itemId);
    for (const permit of value.permits) void tables.byPermit.remove(permit);
    for (const code of value.codes) void tables.byCode.remove([code, key]);
    void tables.stories.remove(key);
  }
}

function findStories(tables: Tables, code: string): Story[] {
  const wanted = normalCode(code);
  if (wanted === "" || wanted.length > CODE_CHARS_MAX) return [];
  // Backwards from behind the last story of this code.
  const newest: [string, number] = [wanted, Number.MAX_SAFE_INTEGER];
  const keys = tables.byCode.getKeys({ start: newest, end: [wanted, 0], reverse: true, limit: STORIES_SHOWN_MAX });
  return [...keys].flatMap(([, id]) => tables.stories.get(id) ?? []);
}
