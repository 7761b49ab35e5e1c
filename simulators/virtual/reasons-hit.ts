// Which codes of the fault table an entry of the journal bears: what a run has tried shows in them.
import type { LineEntry } from "../../src/line/entry.ts";

/** Without what is named behind the colon: `MODE_DEGRADED:feed` is `MODE_DEGRADED`. */
export function codesOf(entry: LineEntry): string[] {
  return said(entry).map(bare);
}

function bare(code: string): string {
  const colon = code.indexOf(":");
  return colon === -1 ? code : code.slice(0, colon);
}

function said(entry: LineEntry): string[] {
  switch (entry.kind) {
    case "decision":
      return [entry.why, ...entry.refusals.map(({ code }) => code)];
    case "lastLook":
      return entry.refusals.map(({ code }) => code);
    case "end":
      return [entry.reason];
    case "withdraw":
    case "chute":
    case "linePermit":
    case "mode":
      return [entry.why];
    case "alarm":
      return entry.active ? [entry.code] : [];
    default:
      return [];
  }
}
