// Whether a line of the feed is taken: its event, or an error that names the line and says what would be right.
import type { z } from "zod";
import { type FeedEvent, feedLineSchema, toEvent } from "./feed-event.ts";

/** In UTF-8, without the line break. */
export const maxLineBytes = 64 * 1024;

export type FeedErrorCode =
  | "CUSTOMS_LINE_TOO_LONG"
  | "CUSTOMS_LINE_NOT_UTF8"
  | "CUSTOMS_LINE_NOT_JSON"
  | "CUSTOMS_LINE_DUPLICATE_KEY"
  | "CUSTOMS_LINE_INVALID";

export interface FeedError {
  /** Counted from 1. */
  line: number;
  code: FeedErrorCode;
  message: string;
}

export type ParsedLine = { ok: true; event: FeedEvent } | { ok: false; error: FeedError };

/** Reads one NDJSON line. Never throws; the same text always gives the same answer. */
export function parseFeedLine(text: string, lineNumber: number): ParsedLine {
  const fail = (code: FeedErrorCode, message: string): ParsedLine => ({
    ok: false,
    error: { line: lineNumber, code, message },
  });
  if (Buffer.byteLength(text) > maxLineBytes) {
    return fail("CUSTOMS_LINE_TOO_LONG", `the line has more than ${maxLineBytes} bytes: send one event a line`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return fail("CUSTOMS_LINE_NOT_JSON", `the line is not JSON (${(error as Error).message}): one JSON object a line`);
  }
  const parsed = feedLineSchema.safeParse(value);
  if (!parsed.success) return fail("CUSTOMS_LINE_INVALID", parsed.error.issues.map(explain).join("; "));
  const repeated = repeatedKey(text);
  if (repeated !== null) {
    return fail("CUSTOMS_LINE_DUPLICATE_KEY", `the key "${repeated}" stands twice, and which one counts is not sure`);
  }
  return { ok: true, event: toEvent(parsed.data) };
}

function explain(issue: z.core.$ZodIssue): string {
  if (issue.code === "unrecognized_keys") {
    const keys = issue.keys.map((key) => `"${key}"`).join(", ");
    return `${keys} is not known here: leave it out (keys are case-sensitive)`;
  }
  if (issue.path.length === 0) return "the line must be a JSON object with a kind";
  return `${issue.path.join(".")} ${issue.message}`;
}

/**
 * JSON.parse silently keeps the last of two equal keys; another reader keeps the first. Sound for a flat object only,
 * which the schema has made sure of: every text before a colon is then a key.
 */
function repeatedKey(text: string): string | null {
  const seen = new Set<string>();
  for (const [, quoted, colon] of text.matchAll(/("(?:[^"\\]|\\.)*")\s*(:?)/g)) {
    if (colon === "" || quoted === undefined) continue;
    const key = JSON.parse(quoted) as string;
    if (seen.has(key)) return key;
    seen.add(key);
  }
  return null;
}
