// A line of the feed is taken exactly as documented, and a rejected one is told what would be right.
import fc from "fast-check";
import { expect, test } from "vitest";
import { maxLineBytes, parseFeedLine } from "../../../src/customs/feed-line.ts";

const release = {
  kind: "release",
  company: "EMS",
  waybill: "RB123456785GB",
  stream: "cbec",
  direction: "import",
  status: "released",
  pieces: 1,
  validFrom: "2026-03-01T08:00:00+08:00",
  validTo: "2026-06-01T00:00:00Z",
  authority: "customs",
  reference: "510120261234567890",
  eventAt: "2026-03-01T08:00:00.250+08:00",
};
const hold = {
  kind: "hold",
  company: "EMS",
  waybill: "RB123456785GB",
  authority: "customs",
  holdKind: "seizure",
  reference: "H-1",
  eventAt: "2026-03-01T00:00:00Z",
};
const parse = (line: object) => parseFeedLine(JSON.stringify(line), 7);

test("a release line: times become ms since 1970, whatever their offset", () => {
  const { validFrom: _from, validTo: _to, eventAt: _at, ...rest } = release;
  const midnight = Date.UTC(2026, 2, 1);
  expect(parse(release)).toEqual({
    ok: true,
    event: { ...rest, validFromMs: midnight, validToMs: Date.UTC(2026, 5, 1), eventAtMs: midnight + 250 },
  });
});

test("hold, lift and heartbeat lines", () => {
  const { eventAt: _at, ...rest } = hold;
  const eventAtMs = Date.UTC(2026, 2, 1);
  expect(parse(hold)).toEqual({ ok: true, event: { ...rest, eventAtMs } });
  expect(parse({ ...hold, kind: "lift" })).toEqual({ ok: true, event: { ...rest, kind: "lift", eventAtMs } });
  const heartbeat = { kind: "heartbeat", authority: "customs", eventAt: hold.eventAt };
  expect(parse(heartbeat)).toEqual({ ok: true, event: { kind: "heartbeat", authority: "customs", eventAtMs } });
});

const wrong: [string, object, RegExp][] = [
  ["an unknown kind", { ...release, kind: "relase" }, /^kind must be "release", "hold", "lift" or "heartbeat"$/],
  ["a key that is not known", { ...release, Status: "hold" }, /^"Status" is not known here/],
  ["a missing key", { ...release, pieces: undefined }, /^pieces must be a whole number$/],
  ["a status that is not known", { ...release, status: "cleared" }, /^status must be one of released, inspect, hold/],
  ["a lower-case waybill", { ...release, waybill: "rb1" }, /^waybill must be 1 to 64 upper-case letters/],
  ["the code of a test parcel", { ...release, waybill: "COLINE-TEST-01" }, /^waybill must not be the code of a test/],
  ["a hold on one", { ...hold, waybill: "COLINE-TEST-99" }, /^waybill must not be the code of a test parcel/],
  ["a waybill with a slash", { ...release, waybill: "A/B" }, /^waybill must be/],
  ["no pieces", { ...release, pieces: 0 }, /^pieces must be 1 to 9999$/],
  ["half a piece", { ...release, pieces: 1.5 }, /^pieces must be a whole number$/],
  ["pieces as text", { ...release, pieces: "1" }, /^pieces must be a whole number$/],
  ["a time without offset", { ...release, eventAt: "2026-03-01T08:00:00" }, /^eventAt must be an RFC 3339 time/],
  ["a day that does not exist", { ...release, eventAt: "2026-02-30T08:00:00Z" }, /^eventAt must be an RFC 3339 time/],
  ["a time before 1970", { ...hold, eventAt: "1969-12-31T23:59:59Z" }, /^eventAt must be a time from 1970 on$/],
  ["a window that ends before it begins", { ...release, validTo: "2026-02-01T00:00:00Z" }, /^validTo must be later/],
  ["a window of seven months", { ...release, validTo: "2026-10-01T00:00:00Z" }, /^validTo must be at most 184 days/],
  ["a hold without its kind", { ...hold, holdKind: undefined }, /^holdKind must be a text of/],
  ["an array", [release], /must be a JSON object with a kind|^kind must be/],
];
for (const [what, line, message] of wrong) {
  test(`${what} is rejected, and the message says what would be right`, () => {
    const parsed = parse(line);
    expect(parsed).toMatchObject({ ok: false, error: { line: 7, code: "CUSTOMS_LINE_INVALID" } });
    if (!parsed.ok) expect(parsed.error.message).toMatch(message);
  });
}

test("several faults in one line are all named", () => {
  const parsed = parse({ ...release, status: "cleared", pieces: 0 });
  if (parsed.ok) throw new Error("was taken");
  expect(parsed.error.message).toMatch(/status .*; pieces .*/);
});

test("a key that stands twice is rejected, also when it is spelled with an escape", () => {
  const text = JSON.stringify(hold);
  for (const second of ['"kind"', '"ki\\u006ed"']) {
    const twice = text.replace("{", `{${second}:"lift",`);
    expect(parseFeedLine(twice, 1)).toMatchObject({ ok: false, error: { code: "CUSTOMS_LINE_DUPLICATE_KEY" } });
  }
});

test("a value that looks like a key is no key", () => {
  expect(parse({ ...hold, reference: '"kind":"lift"' }).ok).toBe(true);
});

test("a line of the longest length is read, one byte more is too long", () => {
  const text = JSON.stringify(hold);
  expect(parseFeedLine(text.padEnd(maxLineBytes), 1).ok).toBe(true);
  const longer = parseFeedLine(text.padEnd(maxLineBytes + 1), 1);
  expect(longer).toMatchObject({ ok: false, error: { code: "CUSTOMS_LINE_TOO_LONG" } });
});

test("no text makes the parser throw, and nothing but JSON is taken", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(parseFeedLine(text, 1).ok).toBe(false);
    }),
  );
});
