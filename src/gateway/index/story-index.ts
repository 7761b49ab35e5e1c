// Finds the entries of a parcel by its code: places in the journal, kept in LMDB, bounded, built again when lost.
import { type Database, open, type RootDatabase } from "lmdb";
import { codesIn, comparable, itemsIn, orderOf } from "../../journal/parcel.ts";
import type { LineEntry } from "../../line/entry.ts";

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
  /** Numbers of its permits and of the withdrawals that called their gates home. */
  permits: number[];
  hasEnded?: boolean;
  /** [segment, seq] pairs. */
  places: [number, number][];
}

export function openStoryIndex(file: string, o: StoryIndexOptions = {}): StoryIndex {
  const root = open<unknown, string>({ path: file, maxDbs: 6, encoding: "json" });
  const tables: Tables = {
    stories: root.openDB<Story, number>({ name: "stories", encoding: "json" }),
    byItem: root.openDB<number, number>({ name: "byItem", encoding: "json" }),
    byPermit: root.openDB<number, number>({ name: "byPermit", encoding: "json" }),
    byGate: root.openDB<GateOut, string>({ name: "byGate", encoding: "json" }),
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

interface GateOut {
  permit: number;
  story: number;
}

interface Tables {
  /** By the sequence of the story's first entry: growing, never used twice. */
  stories: Database<Story, number>;
  byItem: Database<number, number>;
  /** By the number of a permit or withdrawal. */
  byPermit: Database<number, number>;
  /** Whose permit moved the gate last: a withdrawal belongs to that story until it has ended. */
  byGate: Database<GateOut, string>;
  byCode: Database<true, [string, number]>;
  marks: Database<readonly string[], string>;
}

function addEntry(tables: Tables, { segment, seq, entry }: PlacedEntry): void {
  if (entry.kind === "item") {
    // From here on its id means this one: a new journal counts from 1 again.
    void tables.byItem.put(entry.itemId, seq);
    putStory(tables, seq, { itemId: entry.itemId, codes: [], permits: [], places: [[segment, seq]] });
    return;
  }
  if (entry.kind === "permit") void tables.byGate.remove(entry.gateId);
  for (const id of storiesOf(tables, entry)) {
    const story = tables.stories.get(id);
    // The index may begin in the middle of a story, and the oldest ones were forgotten.
    if (story === undefined) continue;
    story.places.push([segment, seq]);
    if (story.places.length > PLACES_MAX) story.places.splice(PLACES_MAX / 2, 1);
    addCodes(tables, { id, story, entry });
    addOrder(tables, { id, story, entry });
    if (entry.kind === "end") story.hasEnded = true;
    putStory(tables, id, story);
  }
}

/** The same entries as `parcelFilter` of the journal takes, from tables that outlive the process. */
function storiesOf(tables: Tables, entry: LineEntry): number[] {
  const order = orderOf(entry);
  if (order !== null) return [tables.byPermit.get(order) ?? []].flat();
  if (entry.kind !== "withdraw") return [...new Set(itemsIn(entry).flatMap((item) => tables.byItem.get(item) ?? []))];
  const out = tables.byGate.get(entry.gateId);
  if (out === undefined || out.permit > entry.voidUpTo || tables.stories.get(out.story)?.hasEnded) return [];
  return [out.story];
}

interface Extension {
  id: number;
  story: Story;
  entry: LineEntry;
}

function addCodes(tables: Tables, { id, story, entry }: Extension): void {
  for (const code of codesIn(entry).map(comparable)) {
    const isNew = code !== "" && code.length <= CODE_CHARS_MAX && !story.codes.includes(code);
    if (!isNew || story.codes.length >= CODES_MAX) continue;
    story.codes.push(code);
    void tables.byCode.put([code, id], true);
  }
}

function addOrder(tables: Tables, { id, story, entry }: Extension): void {
  if (entry.kind !== "permit" && entry.kind !== "withdraw") return;
  const order = entry.kind === "permit" ? entry.n : entry.id;
  story.permits.push(order);
  void tables.byPermit.put(order, id);
  if (entry.kind === "permit") void tables.byGate.put(entry.gateId, { permit: order, story: id });
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
  const wanted = comparable(code);
  if (wanted === "" || wanted.length > CODE_CHARS_MAX) return [];
  // Backwards from behind the last story of this code.
  const newest: [string, number] = [wanted, Number.MAX_SAFE_INTEGER];
  const keys = tables.byCode.getKeys({ start: newest, end: [wanted, 0], reverse: true, limit: STORIES_SHOWN_MAX });
  return [...keys].flatMap(([, id]) => tables.stories.get(id) ?? []);
}
