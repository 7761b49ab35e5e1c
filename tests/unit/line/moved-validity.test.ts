// Customs moves the validity of a declaration while pieces of it are under way, or have left and the store does not know it yet.
import { expect, test } from "vitest";
import { LineFixture } from "./line-fixture.ts";

/** One parcel a run, the first of which proves the way. */
function sort(line: LineFixture, ...codes: readonly string[]): LineFixture {
  for (const code of codes) line.put({ code, atMs: line.nowMs + 100 }).runTo(line.nowMs + 3600);
  return line;
}

test("a piece that has left under the old validity, and that the store has not taken over, is spent under the new one", () => {
  const line = sort(new LineFixture().warmUp().release("A1"), "A1");
  line.release("A1", { validFromMs: 1000, version: 2 });
  sort(line, "A1");
  expect(line.where("A1")).toEqual(["out", "end"]);
  expect(line.ends().at(-1)).toMatchObject({ chuteId: "end", reason: "RELEASE_SPENT" });
});

test("so it is after a restart, whichever run has spent it", () => {
  const before = sort(new LineFixture().warmUp().release("A1"), "A1");
  const line = new LineFixture(before.layout, before).warmUp().release("A1", { validFromMs: 1000, version: 2 });
  sort(line, "X", "A1");
  expect(line.where("A1")).toEqual(["end"]);
});

test("of two pieces the second leaves under the new validity, and no third one", () => {
  const line = sort(new LineFixture().warmUp().release("A1", { pieces: 2 }), "A1");
  line.release("A1", { pieces: 2, validFromMs: 1000, version: 2 });
  sort(line, "A1", "A1");
  expect(line.where("A1")).toEqual(["out", "out", "end"]);
});

test("a parcel that has reserved its piece under the old validity leaves under the new one, and its piece is spent once", () => {
  const line = new LineFixture().warmUp().release("A1");
  const at = line.nowMs + 100;
  line.put({ code: "A1", atMs: at }).runTo(at + 900);
  expect(line.facts("permit")).toMatchObject([{ release: "ACME/A1/0" }]);
  line.release("A1", { validFromMs: 1000, version: 2 }).hint("A1");
  line.runTo(at + 4000);
  expect(line.where("A1")).toEqual(["out"]);
  expect(line.facts("giveBack")).toMatchObject([{ release: "ACME/A1/0", why: "withheld" }]);
  sort(line, "A1");
  expect(line.where("A1")).toEqual(["out", "end"]);
});

test("two pieces that ride at once are no copied label because the validity is moved", () => {
  const line = new LineFixture().warmUp().release("A1", { pieces: 2 });
  const at = line.nowMs + 100;
  line.put({ code: "A1", atMs: at }, { code: "A1", atMs: at + 600 }).runTo(at + 1150);
  line.release("A1", { pieces: 2, validFromMs: 1000, version: 2 }).hint("A1");
  line.runTo(at + 5000);
  expect(line.where("A1")).toEqual(["out", "out"]);
  expect(line.facts("alarm").map(({ code }) => code)).not.toContain("LABEL_DUPLICATED");
});

test("what the store has taken over is counted there, and not here again", () => {
  const line = sort(new LineFixture().warmUp().release("A1", { pieces: 2 }), "A1");
  line.carriedEntry = line.entries.at(-1)?.n ?? 0;
  line.release("A1", { pieces: 2, spent: 1, validFromMs: 1000, version: 2 });
  sort(line, "A1");
  expect(line.where("A1")).toEqual(["out", "out"]);
});
