// Sequences of 16 bits for permits of 32: in order, voided up to a permit, and past all that an earlier controller sent.
import fc from "fast-check";
import { expect, test } from "vitest";
import { isNewer } from "../../../drivers/buses/number-format.ts";
import { OWN_NUMBERS, ShortSequences } from "../../../drivers/gates/sequences.ts";

test("with 32 bits a permit's sequence is its number", () => {
  expect([OWN_NUMBERS.of(7), OWN_NUMBERS.upTo(9)]).toEqual([7, 9]);
  expect([OWN_NUMBERS.compare(7, 7), OWN_NUMBERS.compare(8, 7), OWN_NUMBERS.compare(6, 7)]).toEqual([
    "same",
    "newer",
    "older",
  ]);
});

test("none is given before the device was heard; then they begin far past what it has judged", () => {
  const sequences = new ShortSequences();
  expect(sequences.isReady).toBe(false);
  expect(sequences.heard(40)).toBe(true);
  expect(sequences.upTo(0)).toBe(40 + 1024);
  expect(sequences.of(1_000_000)).toBe(40 + 1025);
  expect(sequences.heard(41), "only once").toBe(false);
});

test("what an earlier controller may have sent is void before anything new is sent", () => {
  const sequences = new ShortSequences();
  sequences.heard(0xffff);
  const limit = sequences.upTo(0);
  for (let sent = 1; sent <= 1024; sent += 1) expect(isNewer((0xffff + sent) & 0xffff, limit, 16)).toBe(false);
  expect(isNewer(sequences.of(5), limit, 16)).toBe(true);
});

test("a withdrawal covers the permits up to it and none after", () => {
  fc.assert(
    fc.property(
      fc.nat(0xffff),
      fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 60 }),
      (at, steps) => {
        const sequences = new ShortSequences();
        sequences.heard(at);
        let id = 0;
        const ids = steps.map((step) => {
          id += step;
          sequences.of(id);
          return id;
        });
        for (const upTo of ids) {
          const limit = sequences.upTo(upTo);
          for (const each of ids) expect(isNewer(sequences.of(each), limit, 16)).toBe(each > upTo);
        }
      },
    ),
  );
});
