import fc from "fast-check";
import { expect, test } from "vitest";
import { type CheckpointSlices, slicesOf } from "../../../src/journal/checkpoint-slices.ts";
import type { CheckpointSlice } from "../../../src/journal/line.ts";

function taken(slices: CheckpointSlices) {
  const all: CheckpointSlice[] = [];
  for (let slice = slices.next(); slice !== null; slice = slices.next()) all.push(slice);
  return all;
}

test("slices joined in order are the checkpoint, numbered from one, and each says how many there are", () => {
  const json = fc.oneof(fc.jsonValue(), fc.array(fc.string(), { maxLength: 20 }));
  const lists = fc.array(fc.array(json));
  fc.assert(
    fc.property(json, lists, lists, fc.integer({ min: 1, max: 200 }), (state, rounds, pages, sliceChars) => {
      const checkpoint = { version: 1 as const, nextEntry: 7, state, rounds, pages };
      const slices = taken(slicesOf(checkpoint, sliceChars));
      expect(slices.map(({ text }) => text).join("")).toBe(JSON.stringify(checkpoint));
      expect(slices.map(({ part }) => part)).toEqual(slices.map((_, index) => index + 1));
      expect(new Set(slices.map(({ parts }) => parts))).toEqual(new Set([slices.length]));
    }),
  );
});

test("a page is not read before its turn, so that a long list of them holds nobody up", () => {
  let read = 0;
  const pages = Array.from({ length: 3 }, (_, index) => ({
    toJSON() {
      read += 1;
      return index;
    },
  }));
  const slices = slicesOf(
    { version: 1, nextEntry: 1, state: {}, rounds: pages.slice(0, 2), pages: pages.slice(2) },
    1000,
  );
  slices.next();
  expect(read).toBe(0);
  expect(slices.next()?.text).toContain("0");
  expect(read).toBe(1);
  expect(slices.next()?.text).toContain("1");
  expect([read, slices.isDone()]).toEqual([2, false]);
  expect(slices.next()?.text).toContain("2");
  expect([read, slices.isDone()]).toEqual([3, true]);
});

test("what changes is as it was when the checkpoint was taken, however late its slices are", () => {
  const state = { count: 1 };
  const slices = slicesOf({ version: 1, nextEntry: 1, state, pages: [] }, 10);
  slices.next();
  state.count = 2;
  expect(
    taken(slices)
      .map(({ text }) => text)
      .join(""),
  ).toContain('"count":1');
});
