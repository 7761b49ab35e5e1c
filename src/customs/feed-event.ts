// One line of the release feed: what it must look like, and what it means.
import { z } from "zod";
import { DIRECTIONS, DISPOSITIONS, STREAMS } from "../line/layout.ts";
import { isTestCode } from "../line/test-code.ts";
import type { ReleaseEvent } from "../releases/event.ts";

/** The longest life of a waybill number: six months, at most 184 days. Source: the declared list's own field notes. */
export const maxValidityMs = 184 * 24 * 3600 * 1000;
export const maxPieces = 9999;

/** The feed is alive and has nothing to say. Any other line says as much. */
export interface HeartbeatEvent {
  kind: "heartbeat";
  authority: string;
  eventAtMs: number;
}

export type FeedEvent = ReleaseEvent | HeartbeatEvent;

const company = name(/^[0-9A-Za-z._-]{1,32}$/, "1 to 32 letters, digits, dots, hyphens or underscores");
/** Whatever is said of a test code would be said of no parcel of customs'. */
const waybill = name(/^[0-9A-Z._-]{1,64}$/, "1 to 64 upper-case letters, digits, dots, hyphens or underscores").refine(
  (text) => !isTestCode(text),
  { error: "must not be the code of a test parcel (COLINE-TEST-..)" },
);
const label = name(/^[!-~]{1,32}$/, "1 to 32 visible ASCII characters");
/** Holds of the officers at the line are placed and lifted by their own commands, with their own names. */
const authority = label.refine((text) => !text.startsWith("officer:"), {
  error: 'must not begin with "officer:", which stands for officers at the line',
});
const reference = name(/^[!-~]{1,64}$/, "1 to 64 visible ASCII characters");
const time = z.iso
  .datetime({ offset: true, error: 'must be an RFC 3339 time with its offset, such as "2026-03-01T08:00:00+08:00"' })
  .transform((text) => Date.parse(text))
  .refine((ms) => Number.isSafeInteger(ms) && ms >= 0, { error: "must be a time from 1970 on" });
const pieces = z.int({ error: "must be a whole number" }).min(1, range()).max(maxPieces, range());

const release = z
  .strictObject({
    kind: z.literal("release"),
    company,
    waybill,
    stream: oneOf(STREAMS),
    direction: oneOf(DIRECTIONS),
    status: oneOf(DISPOSITIONS),
    pieces,
    validFrom: time,
    validTo: time,
    authority,
    reference,
    eventAt: time,
  })
  .superRefine((line, problems) => {
    const issue = (message: string): void => problems.addIssue({ code: "custom", path: ["validTo"], message });
    if (line.validTo <= line.validFrom) issue("must be later than validFrom");
    if (line.validTo - line.validFrom > maxValidityMs) {
      issue("must be at most 184 days after validFrom: a waybill number may be used again after six months");
    }
  });
const holdFields = { company, waybill, authority, holdKind: label, reference, eventAt: time };
const hold = z.strictObject({ kind: z.literal("hold"), ...holdFields });
const lift = z.strictObject({ kind: z.literal("lift"), ...holdFields });
const heartbeat = z.strictObject({ kind: z.literal("heartbeat"), authority, eventAt: time });

/** The four kinds of line, keys closed: a key that is not known is an error, since it may have meant something. */
export const feedLineSchema = z.discriminatedUnion("kind", [release, hold, lift, heartbeat], {
  error: (issue) => (issue.code === "invalid_union" ? 'must be "release", "hold", "lift" or "heartbeat"' : undefined),
});

/** The parsed line with its times as ms since 1970. */
export function toEvent(line: z.output<typeof feedLineSchema>): FeedEvent {
  const { eventAt: eventAtMs, ...said } = line;
  if (said.kind !== "release") return { ...said, eventAtMs };
  const { validFrom: validFromMs, validTo: validToMs, ...rest } = said;
  return { ...rest, validFromMs, validToMs, eventAtMs };
}

function name(pattern: RegExp, wanted: string) {
  return z.string({ error: `must be a text of ${wanted}` }).regex(pattern, { error: `must be ${wanted}` });
}

function oneOf<const T extends readonly string[]>(values: T) {
  return z.enum(values, { error: `must be one of ${values.join(", ")}` });
}

function range() {
  return { error: `must be 1 to ${maxPieces}` };
}
