// A checkpoint in slices: what changes is serialised at once, since the state lives on; pages only when their turn comes.
import type { LineCheckpoint } from "../line/step.ts";
import type { CheckpointSlice } from "./line.ts";

export interface CheckpointSlices {
  /** null: all have been taken. */
  next(): CheckpointSlice | null;
  isDone(): boolean;
}

/** @param sliceChars at most so many characters of what changes stand in one slice; a page is one slice, however long */
export function slicesOf(checkpoint: LineCheckpoint, sliceChars: number): CheckpointSlices {
  const { nextEntry, pages } = checkpoint;
  // `pages` stands last, so that the texts joined are the JSON of the whole.
  const whole = JSON.stringify({ ...checkpoint, pages: [] });
  const head = pages.length === 0 ? whole : whole.slice(0, -"]}".length);
  const headParts = Math.ceil(head.length / sliceChars);
  const parts = headParts + pages.length;
  let part = 0;

  const pageText = (index: number) =>
    `${index === 0 ? "" : ","}${JSON.stringify(pages[index])}${index === pages.length - 1 ? "]}" : ""}`;

  const textOf = (index: number) =>
    index < headParts ? head.slice(index * sliceChars, (index + 1) * sliceChars) : pageText(index - headParts);

  return {
    next() {
      if (part === parts) return null;
      part += 1;
      return { kind: "checkpoint", part, parts, nextEntry, text: textOf(part - 1) };
    },
    isDone: () => part === parts,
  };
}
