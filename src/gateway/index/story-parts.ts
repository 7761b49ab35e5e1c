// Which entries of the journal belong to the story of which item, and under which codes the story is found.
import type { LineEntry } from "../../line/entry.ts";

export type StoryPart =
  /** A new item: from here on its id means this one. */
  | { kind: "begins"; itemId: number }
  | { kind: "ofItem"; itemId: number; codes: readonly string[]; permit: number | null }
  | { kind: "ofPermit"; permit: number }
  /** A telegram that spoiled the reads of several items belongs to each. */
  | { kind: "ofItems"; itemIds: readonly number[]; codes: readonly string[] };

/** null: the entry is of the plant, not of a parcel. */
export function storyPart(entry: LineEntry): StoryPart | null {
  switch (entry.kind) {
    case "item":
      return { kind: "begins", itemId: entry.itemId };
    case "telegram": {
      const itemIds = [...(entry.itemId === null ? [] : [entry.itemId]), ...entry.spoiled];
      return itemIds.length === 0 ? null : { kind: "ofItems", itemIds, codes: entry.codes };
    }
    case "decision":
      return { kind: "ofItem", itemId: entry.itemId, codes: waybillsOf(entry.identity), permit: null };
    case "permit":
      return { kind: "ofItem", itemId: entry.itemId, codes: [], permit: entry.n };
    case "end":
      return {
        kind: "ofItem",
        itemId: entry.itemId,
        codes: entry.waybill === null ? [] : [entry.waybill],
        permit: null,
      };
    case "lateHold":
      return { kind: "ofItem", itemId: entry.itemId, codes: [entry.waybill], permit: null };
    case "length":
    case "breach":
      return { kind: "ofItem", itemId: entry.itemId, codes: [], permit: null };
    case "lastLook":
    case "command":
    case "giveBack":
      return { kind: "ofPermit", permit: entry.permit };
    default:
      return null;
  }
}

function waybillsOf(identity: Extract<LineEntry, { kind: "decision" }>["identity"]): readonly string[] {
  if (identity.kind === "code") return [identity.waybill];
  return identity.kind === "conflict" ? identity.waybills : [];
}

/** Codes are looked up as they are compared: trimmed and upper-cased. */
export const normalCode = (code: string): string => code.trim().toUpperCase();
