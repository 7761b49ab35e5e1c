// A second eye beside the induction eye: two parcels abreast are not one, and what passes there alone is nobody.
import { describe, expect, test } from "vitest";
import type { LineLayout } from "../../../src/line/layout.ts";
import { LineFixture, oneGateLayout } from "./line-fixture.ts";

function withWidthEye(atMm = 200): LineLayout {
  const layout = oneGateLayout();
  const wide = {
    id: "wide",
    deviceId: "plc",
    role: "width" as const,
    atUm: atMm * 1000,
    sampleNs: 5_000_000,
    apartNs: 5_000_000,
    silenceNs: 0,
    debounceNs: 0,
  };
  return { ...layout, belts: layout.belts.map((belt) => ({ ...belt, eyes: [...belt.eyes, wide] })) };
}

/** A released parcel under the induction eye, and one without a label beside it that only the other eye sees. */
function abreast(o: { laterMm: number; lengthMm: number }): LineFixture {
  const line = new LineFixture(withWidthEye()).warmUp().release("A1");
  const at = line.nowMs + 100;
  line.put({ code: "A1", atMs: at, hiddenFrom: ["wide"] });
  line.put({ code: "", atMs: at + o.laterMm / 2, lengthMm: o.lengthMm, hiddenFrom: ["in"] });
  return line.runTo(at + 8000);
}

describe("two parcels abreast", () => {
  test.each([
    ["that begins later", { laterMm: 80, lengthMm: 120 }],
    ["that begins earlier", { laterMm: -80, lengthMm: 280 }],
    ["that is shorter", { laterMm: 0, lengthMm: 130 }],
    ["that is longer", { laterMm: 0, lengthMm: 260 }],
    ["that lies across its end", { laterMm: 160, lengthMm: 200 }],
  ])("with one %s: neither leaves", (_what, o) => {
    const line = abreast(o);
    expect([...line.where("A1"), ...line.where("")]).toEqual(["end", "end"]);
    expect(line.facts("breach")).toEqual([]);
  });

  test("the reason is that it is not one", () => {
    const line = abreast({ laterMm: 80, lengthMm: 120 });
    expect(line.ends()[0]).toMatchObject({ chuteId: "end", reason: "ITEM_NOT_ONE" });
  });
});

test.each([190, 200, 205])("single parcels are sorted, with the width eye at %i mm", (atMm) => {
  const line = new LineFixture(withWidthEye(atMm)).warmUp();
  const at = line.nowMs + 100;
  for (let i = 0; i < 8; i++) line.put({ code: `P${i}`, atMs: at + i * 330, lengthMm: 120 + 20 * (i % 4) });
  for (let i = 0; i < 8; i += 2) line.release(`P${i}`);
  line.runTo(at + 10_000);
  expect(line.parcels.map(({ where }) => where)).toEqual(["out", "end", "out", "end", "out", "end", "out", "end"]);
  expect(line.facts("alarm")).toEqual([]);
});

test("a narrow parcel that the width eye does not see is one all the same", () => {
  const line = new LineFixture(withWidthEye()).warmUp().release("A1").release("A2");
  const at = line.nowMs + 100;
  line.put({ code: "A1", atMs: at, hiddenFrom: ["wide"] }, { code: "A2", atMs: at + 330 }).runTo(at + 8000);
  expect([...line.where("A1"), ...line.where("A2")]).toEqual(["out", "out"]);
});

test("what passes beside the induction eye alone is unknown: its neighbours ride to the safe end, and so does it", () => {
  const line = new LineFixture(withWidthEye()).warmUp().release("A1").release("A3");
  const at = line.nowMs + 100;
  line.put({ code: "A1", atMs: at }, { code: "", atMs: at + 200, hiddenFrom: ["in"] }, { code: "A3", atMs: at + 400 });
  line.runTo(at + 8000);
  expect([...line.where("A1"), ...line.where(""), ...line.where("A3")]).toEqual(["end", "end", "end"]);
  expect(line.facts("alarm").map(({ code, source }) => [code, source])).toContainEqual(["EYE_UNEXPECTED_ITEM", "wide"]);
});
