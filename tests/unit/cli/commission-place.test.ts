// Where a gate stands, by a parcel that waits at its edge: measured only where the line knows for sure where that parcel is.
import { expect, test } from "vitest";
import { placeOf } from "../../../src/cli/commission/place.ts";
import type { LineView } from "../../../src/gateway/line-view.ts";

const gate = { gateId: "g1", beltId: "belt", atMm: 3200 };
const item = { id: 1, frontUm: 3_204_000, lengthUm: 200_000, errorUm: 6500, code: null, disposition: "unknown" };
const view = (change: object = {}, ...items: object[]): LineView => {
  const belt = { id: "belt", moving: false, items: items.length === 0 ? [{ ...item, state: "safe path" }] : items };
  return { line: { belts: [{ ...belt, ...change }] } } as unknown as LineView;
};

test("within what the line itself may be off, the place is as line.yaml says", () => {
  expect(placeOf(view(), gate, 0)).toEqual({ kind: "measured", atMm: 3204, errorMm: 7, difference: null });
});

test("further off it is ready to paste, the person's rule counted", () => {
  expect(placeOf(view(), gate, -12)).toMatchObject({ atMm: 3216, difference: { paste: "atMm: 3216" } });
  expect(placeOf(view(), gate, 30)).toMatchObject({ atMm: 3174, difference: { about: "gate g1" } });
});

test.each([
  ["moves", view({ moving: true })],
  ["no parcel", view({ items: [] })],
  ["more than one", view({}, { ...item, state: "riding" }, { ...item, state: "riding" })],
  ["does not know", view({}, { ...item, state: "ITEM_NOT_SEEN" })],
])("is not measured: %s", (why, what) => {
  expect(placeOf(what, gate, 0)).toMatchObject({ kind: "not", why: expect.stringContaining(why) });
});
