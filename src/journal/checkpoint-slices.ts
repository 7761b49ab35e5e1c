// A checkpoint in slices: what changes is serialised at once, since the state lives on; pages only when their turn comes.
import type { LineCheckpoint } from "../line/step.ts";
import type { CheckpointSlice } from "./line.ts";

export interface CheckpointSlices {
  /** null: all have been taken. */
  next(): CheckpointSlice | null;
  isDone(): boolean;
}

/** A page, and the punctuation of the whole around it. */
interface PagePart {
  before: string;
  page: unknown;
  after: string;
}

/** @param sliceChars at most so many characters of what changes stand in one slice; a page is one slice, however long */
export function slicesOf(checkpoint: LineCheckpoint, sliceChars: number): CheckpointSlices {
  const { version, nextEntry, state, rounds, pages } = checkpoint;
  // The lists of pages stand last, so that the texts joined are the JSON of the whole.
  const changing = JSON.stringify({ version, nextEntry, state }).slice(0, -"}".length);
  const { opening, paged } = pageParts({ ...(rounds === undefined ? {} : { rounds }), pages });
  const head = changing + opening;
  const headParts = Math.ceil(head.length / sliceChars);
  const parts = headParts + paged.length;
  let part = 0;

  const textOf = (index: number): string => {
    const found = paged[index - headParts];
    if (found === undefined) return head.slice(index * sliceChars, (index + 1) * sliceChars);
    return found.before + JSON.stringify(found.page) + found.after;
  };

  return {
    next() {
      if (part === parts) return null;
      part += 1;
      return { kind: "checkpoint", part, parts, nextEntry, text: textOf(part - 1) };
    },
    isDone: () => part === parts,
  };
}

/** The lists as members of a JSON object that has others before, up to its end. @returns what comes before the first page */
function pageParts(lists: Readonly<Record<string, readonly unknown[]>>): { opening: string; paged: PagePart[] } {
  const paged: PagePart[] = [];
  let between = "";
  for (const [name, pages] of Object.entries(lists)) {
    between += `,"${name}":[`;
    pages.forEach((page, index) => {
      paged.push({ before: index === 0 ? between : ",", page, after: "" });
      between = "";
    });
    between += "]";
  }
  const last = paged.at(-1);
  if (last === undefined) return { opening: `${between}}`, paged };
  last.after = `${between}}`;
  return { opening: "", paged };
}
