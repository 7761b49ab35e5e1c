// The last entry in a stretch of a segment: by its own number, not by what stands in a text.
import fc from "fast-check";
import { expect, test } from "vitest";
import { lastEntryIn } from "../../../simulators/virtual/last-entry.ts";

test("the number of the last whole line that has one; none where no entry is", () => {
  const lines = [
    '{"seq":1,"run":1,"kind":"segment","format":2}',
    '{"seq":2,"run":1,"durable":1,"n":41,"atNs":5,"kind":"item"}',
    '{"seq":3,"run":1,"n":42,"atNs":6,"kind":"permit"}',
    '{"seq":4,"run":1,"kind":"checkpoint","text":"{\\"n\\":99}"}',
  ];
  expect(lastEntryIn(Buffer.from(`${lines.join("\n")}\n`))).toBe(42);
  expect(lastEntryIn(Buffer.from(`${lines[0]}\n${lines[3]}\n`))).toBeNull();
  expect(lastEntryIn(Buffer.alloc(0))).toBeNull();
  expect(lastEntryIn(Buffer.from(`${lines[1]}\n${lines[2]}`))).toBe(41);
  expect(lastEntryIn(Buffer.from(`${lines[1]}`))).toBeNull();
});

test("whichever lines there are, and wherever the last one is cut: the last whole line with a number of its own says it", () => {
  const entry = fc.nat().map((n) => ({ n, json: JSON.stringify({ seq: 1, n, kind: "item" }) }));
  const other = fc.string().map((text) => ({ n: null, json: JSON.stringify({ seq: 1, kind: "checkpoint", text }) }));
  fc.assert(
    fc.property(fc.array(fc.oneof(entry, other)), fc.nat({ max: 20 }), (lines, cut) => {
      const text = Buffer.from(lines.map(({ json }) => `${json}\n`).join(""));
      const whole = cut === 0 ? lines : lines.slice(0, -1);
      expect(lastEntryIn(text.subarray(0, text.length - cut))).toBe(whole.findLast(({ n }) => n !== null)?.n ?? null);
    }),
  );
});
