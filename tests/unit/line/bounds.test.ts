// The orders that the core keeps of its items, against lists that are looked at in full.
import fc from "fast-check";
import { expect, test } from "vitest";
import { Bounds } from "../../../src/line/bounds.ts";
import { Places } from "../../../src/line/places.ts";
import { byNumber, indexOfId, insertId, placeOf, removeId } from "../../../src/line/sorted-ids.ts";

const id = fc.integer({ min: 1, max: 30 });
const um = fc.integer({ min: -50, max: 50 });

test("bounds that come, change and go: the lowest is known, and all up to a limit are found", () => {
  const change = fc.tuple(id, fc.oneof(um, fc.constant(Number.POSITIVE_INFINITY)));
  fc.assert(
    fc.property(fc.array(change, { maxLength: 120 }), um, (changes, limit) => {
      const bounds = new Bounds();
      const plain = new Map<number, number>();
      for (const [of, bound] of changes) {
        bounds.set(of, bound);
        if (bound === Number.POSITIVE_INFINITY) plain.delete(of);
        else plain.set(of, bound);
        expect(bounds.lowest).toBe(Math.min(Number.POSITIVE_INFINITY, ...plain.values()));
        expect(bounds.first === null ? undefined : plain.get(bounds.first)).toBe(
          plain.size === 0 ? undefined : bounds.lowest,
        );
      }
      const found = new Set<number>();
      bounds.upTo(limit, found);
      const expected = [...plain].filter(([, bound]) => bound <= limit).map(([of]) => of);
      expect([...found].sort(byNumber)).toEqual(expected.sort(byNumber));
    }),
  );
});

test("items that come, are seen elsewhere and go: those between two places are found", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(id, fc.option(um)), { maxLength: 120 }), um, um, (changes, from, to) => {
      const places = new Places();
      const plain = new Map<number, number>();
      for (const [of, originUm] of changes) {
        const before = plain.get(of);
        if (before !== undefined && originUm !== null) places.move(of, before, originUm);
        else if (before !== undefined) places.remove(of, before);
        else if (originUm !== null) places.add(of, originUm);
        if (originUm === null) plain.delete(of);
        else plain.set(of, originUm);
      }
      const expected = [...plain].filter(([, originUm]) => originUm >= from && originUm <= to).map(([of]) => of);
      expect(places.between(from, to).sort(byNumber)).toEqual(expected.sort(byNumber));
      const inOrder = Array.from({ length: plain.size }, (_, index) => plain.get(places.idAt(index) ?? 0) ?? 0);
      expect(inOrder).toEqual([...plain.values()].sort(byNumber));
    }),
  );
});

test("ids in growing order: found, put in and taken out where they belong", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(id, fc.boolean())), id, (changes, asked) => {
      const ids: number[] = [];
      const plain = new Set<number>();
      for (const [of, isIn] of changes) {
        if (isIn) insertId(ids, of);
        else removeId(ids, of);
        if (isIn) plain.add(of);
        else plain.delete(of);
      }
      expect(ids).toEqual([...plain].sort(byNumber));
      expect(indexOfId(ids, asked)).toBe(ids.indexOf(asked));
      expect(placeOf(ids, asked)).toBe(ids.filter((of) => of < asked).length);
    }),
  );
});
