// The feed's lines come out the same wherever the stream of bytes is cut, and no line takes more than its room.
import fc from "fast-check";
import { expect, test } from "vitest";
import { maxLineBytes } from "../../../src/customs/feed-line.ts";
import { type FeedItem, FeedSplitter } from "../../../src/customs/feed-splitter.ts";

const heartbeat = '{"kind":"heartbeat","authority":"customs","eventAt":"2026-03-01T00:00:00Z"}';

function split(chunks: readonly Buffer[]): FeedItem[] {
  const splitter = new FeedSplitter();
  return [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.end()];
}
const outcomes = (items: readonly FeedItem[]) => items.map((item) => [item.line, item.ok ? "ok" : item.error.code]);

test("lines end by LF or CR LF, empty ones only count, the last needs no break", () => {
  const text = `${heartbeat}\n\r\n${heartbeat}\r\n{\n${heartbeat}`;
  expect(outcomes(split([Buffer.from(text)]))).toEqual([
    [1, "ok"],
    [3, "ok"],
    [4, "CUSTOMS_LINE_NOT_JSON"],
    [5, "ok"],
  ]);
});

test("cut at any byte, the items are the same", () => {
  const bytes = Buffer.from(`${heartbeat}\r\n{"kind":"放行"}\n\n${heartbeat}\n`);
  const whole = split([bytes]);
  for (let at = 0; at <= bytes.length; at++) {
    expect(split([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(whole);
  }
});

test("any bytes in any pieces give the same items as in one piece, and never throw", () => {
  const piece = fc.oneof(fc.constantFrom(heartbeat, "\n", "\r\n").map(Buffer.from), fc.uint8Array().map(Buffer.from));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      expect(split(pieces)).toEqual(split([Buffer.concat(pieces)]));
    }),
  );
});

test("a line that never ends is one error, and the next line is read", () => {
  const chunk = Buffer.alloc(maxLineBytes, 0x20);
  const items = split([chunk, chunk, chunk, Buffer.from(`\n${heartbeat}\n`)]);
  expect(outcomes(items)).toEqual([
    [1, "CUSTOMS_LINE_TOO_LONG"],
    [2, "ok"],
  ]);
});

test("the longest line is taken with CR LF too", () => {
  const line = heartbeat.padEnd(maxLineBytes);
  expect(outcomes(split([Buffer.from(`${line}\r\n${line} \r\n`)]))).toEqual([
    [1, "ok"],
    [2, "CUSTOMS_LINE_TOO_LONG"],
  ]);
});

test("bytes that are not UTF-8 are an error of their line alone", () => {
  const items = split([Buffer.from([0xff, 0xfe, 0x0a]), Buffer.from(heartbeat)]);
  expect(outcomes(items)).toEqual([
    [1, "CUSTOMS_LINE_NOT_UTF8"],
    [2, "ok"],
  ]);
});
