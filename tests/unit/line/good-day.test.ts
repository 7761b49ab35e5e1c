// The core on a good day: released parcels leave by their gate, everything else rides to the safe end or its store.
import { describe, expect, test } from "vitest";
import { LineFixture } from "./line-fixture.ts";

describe("one parcel at a time", () => {
  test("a released parcel goes out by its gate, after its entry was durable, and ends there once", () => {
    const line = new LineFixture().warmUp().release("A1");
    line.put({ code: "A1", atMs: line.nowMs + 100 }).runTo(line.nowMs + 5000);
    expect(line.where("A1")).toEqual(["out"]);
    expect(line.ends()).toEqual([{ end: "arrived", chuteId: "out", reason: "RELEASED" }]);
    expect(line.facts("permit")).toHaveLength(1);
    expect(line.facts("lastLook").map((entry) => entry.go)).toEqual([true]);
    expect(line.facts("giveBack")).toEqual([]);
  });

  test("a parcel without a record rides to the safe end", () => {
    const line = new LineFixture().warmUp();
    line.put({ code: "A1", atMs: line.nowMs + 100 }).runTo(line.nowMs + 5000);
    expect(line.where("A1")).toEqual(["end"]);
    expect(line.ends()).toEqual([{ end: "arrived", chuteId: "end", reason: "RELEASE_NOT_FOUND" }]);
    expect(line.facts("permit")).toEqual([]);
  });

  test("a held parcel goes to the store of its stream", () => {
    const line = new LineFixture().warmUp().release("A1").hold("A1");
    line.put({ code: "A1", atMs: line.nowMs + 100 }).runTo(line.nowMs + 5000);
    expect(line.where("A1")).toEqual(["store"]);
    expect(line.ends()).toEqual([{ end: "arrived", chuteId: "store", reason: "HELD" }]);
  });

  test("a no-read telegram, and no telegram at all, ride to the safe end as no-reads", () => {
    const line = new LineFixture().warmUp();
    const at = line.nowMs + 100;
    line.put({ code: null, atMs: at }, { code: "", atMs: at + 400 }).runTo(line.nowMs + 6000);
    expect(line.ends()).toEqual([
      { end: "arrived", chuteId: "end", reason: "NO_READ" },
      { end: "arrived", chuteId: "end", reason: "NO_READ" },
    ]);
  });

  test("two codes on one parcel are a conflict, though both are released", () => {
    const line = new LineFixture().warmUp().release("A1").release("A2");
    line.put({ code: "A1;A2", atMs: line.nowMs + 100 }).runTo(line.nowMs + 5000);
    expect(line.ends()).toEqual([{ end: "arrived", chuteId: "end", reason: "READ_CONFLICT" }]);
  });
});

test("a row of released parcels at the site's pitch all leave, each once, and nobody else does", () => {
  const line = new LineFixture().warmUp();
  const start = line.nowMs + 100;
  for (let i = 0; i < 20; i++) {
    if (i % 3 !== 0) line.release(`P${i}`);
    line.put({ code: `P${i}`, atMs: start + i * 360, lengthMm: 150 + (i % 4) * 40 });
  }
  line.runTo(start + 20 * 360 + 6000);
  for (let i = 0; i < 20; i++) expect([i, ...line.where(`P${i}`)]).toEqual([i, i % 3 === 0 ? "end" : "out"]);
  expect(line.facts("end")).toHaveLength(20);
  expect(line.facts("breach")).toEqual([]);
});

test("the encoder's wrap at 2^32 goes unnoticed", () => {
  // The fixture's counter starts 3,000 counts before its wrap.
  const line = new LineFixture().warmUp().release("A1");
  expect(line.facts("alarm").filter((entry) => entry.code === "ENCODER_LOST")).toEqual([]);
  line.put({ code: "A1", atMs: line.nowMs + 1 }).runTo(line.nowMs + 5000);
  expect(line.where("A1")).toEqual(["out"]);
});
