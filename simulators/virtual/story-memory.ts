// The newest entries of a virtual run, to tell what happened to one parcel in plain words.
import { itemsOf, parcelFilter } from "../../src/journal/parcel.ts";
import { storyWords } from "../../src/journal/story-words.ts";
import type { LineEntry } from "../../src/line/entry.ts";

/** Entries kept, the newest: some ten minutes of a full belt, longer than any parcel rides. */
const KEPT = 20_000;
/** Dropped so many at a time, so that dropping costs next to nothing. */
const SLACK = 10_000;

export class StoryMemory {
  #entries: { entry: LineEntry; atNs: number }[] = [];

  add(entry: LineEntry, atNs: number): void {
    this.#entries.push({ entry, atNs });
    if (this.#entries.length > KEPT + SLACK) this.#entries = this.#entries.slice(-KEPT);
  }

  ofCode(waybill: string): string[] {
    return this.#tell(
      itemsOf(
        this.#entries.map(({ entry }) => entry),
        waybill,
      ),
    );
  }

  ofItem(itemId: number): string[] {
    return this.#tell(new Set([itemId]));
  }

  #tell(items: ReadonlySet<number>): string[] {
    const tells = parcelFilter(items);
    return this.#entries
      .filter(({ entry }) => tells(entry))
      .map(({ entry, atNs }) => `${(atNs / 1e9).toFixed(3).padStart(10)} s  ${storyWords(entry)}`);
  }
}
