// Lines out of chunks: the same lines wherever the stream is cut, and a bound on their length.
import fc from "fast-check";
import { expect, test } from "vitest";
import { lineSplitter } from "../../../src/process/line-splitter.ts";

test("the same lines come out wherever the stream is cut", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme" })), fc.infiniteStream(fc.nat(9)), (texts, cuts) => {
      const wanted = texts.map((text) => text.replaceAll("\n", ""));
      const stream = Buffer.from(wanted.map((line) => `${line}\n`).join(""));
      const splitter = lineSplitter(1 << 16);
      const lines: string[] = [];
      for (let at = 0; at < stream.length; ) {
        const length = 1 + (cuts.next().value as number);
        lines.push(...(splitter.push(stream.subarray(at, at + length)) ?? ["too long"]));
        at += length;
      }
      expect(lines).toEqual(wanted.map((line) => Buffer.from(line).toString()));
    }),
  );
});

test("a line of exactly the bound passes; one byte more does not, finished or not", () => {
  expect(lineSplitter(4).push(Buffer.from("abcd\n"))).toEqual(["abcd"]);
  expect(lineSplitter(4).push(Buffer.from("abcde\n"))).toBeNull();
  expect(lineSplitter(4).push(Buffer.from("abcde"))).toBeNull();
  const split = lineSplitter(4);
  expect(split.push(Buffer.from("abc"))).toEqual([]);
  expect(split.push(Buffer.from("de\n"))).toBeNull();
});
