// Names a layout by what it says: SHA-256 over its canonical JSON.
import { createHash } from "node:crypto";
import type { LineLayout } from "../line/layout.ts";

export const layoutHash = (layout: Omit<LineLayout, "hash">): string =>
  createHash("sha256").update(canonicalJson(layout), "utf8").digest("hex");

/** JSON with sorted keys and without blanks; the layout holds whole numbers, text, booleans and null only. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(",")}}`;
}
