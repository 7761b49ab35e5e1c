// One label on several parcels at once: more of them than the release has pieces, and none leaves.
import { describe, expect, test } from "vitest";
import type { LineLayout } from "../../../src/line/layout.ts";
import { LineFixture, oneGateLayout } from "./line-fixture.ts";

const alarms = (line: LineFixture): string[] =>
  line.facts("alarm").flatMap(({ code, active }) => (active ? [code] : []));

/** Parcels with the label A1, 800 mm apart. */
function row(line: LineFixture, parcels: number): number {
  const at = line.nowMs + 100;
  for (let i = 0; i < parcels; i++) line.put({ code: "A1", atMs: at + i * 400 });
  return at;
}

describe("more parcels under one label than it has pieces", () => {
  test.each([
    [1, 2],
    [1, 3],
    [2, 3],
  ])("release of %i piece(s), %i parcels: none of them leaves, and somebody is told", (pieces, parcels) => {
    const line = new LineFixture().warmUp().release("A1", { pieces });
    line.runTo(row(line, parcels) + 9000);
    expect(line.where("A1")).toEqual(Array(parcels).fill("end"));
    expect(new Set(line.ends().map(({ reason }) => reason))).toEqual(new Set(["ITEM_LABEL_DUPLICATED"]));
    expect(alarms(line)).toEqual(["LABEL_DUPLICATED"]);
    expect(line.facts("breach")).toEqual([]);
  });

  test("as many as it has pieces all leave, without a word", () => {
    const line = new LineFixture().warmUp().release("A1", { pieces: 3 });
    line.runTo(row(line, 3) + 9000);
    expect(line.where("A1")).toEqual(["out", "out", "out"]);
    expect(alarms(line)).toEqual([]);
  });

  test("pieces that have left before count: of three, one left, two may still ride", () => {
    const line = new LineFixture().warmUp().release("A1", { pieces: 3 });
    line.runTo(row(line, 1) + 6000);
    line.runTo(row(line, 3) + 9000);
    expect(line.where("A1")).toEqual(["out", "end", "end", "end"]);
  });

  test("the reserved pieces are given back: a parcel that a person has judged goes out when it is fed again", () => {
    const line = new LineFixture().warmUp().release("A1");
    line.runTo(row(line, 2) + 9000);
    expect(line.facts("giveBack").map(({ why }) => why)).toEqual(["withheld"]);
    line.runTo(row(line, 1) + 6000);
    expect(line.where("A1")).toEqual(["end", "end", "out"]);
  });

  test("a gate that is out for the first is withdrawn while that is in time", () => {
    const line = new LineFixture(oneGateLayout()).warmUp().release("A1");
    const at = line.nowMs + 100;
    line.put({ code: "A1", atMs: at }, { code: "", atMs: at + 820 });
    // The gate takes its command 90 ms before the parcel; asked 65 ms before at the latest it is home again in time.
    line.runTo(at + 1320);
    const fired = line.facts("lastLook").filter(({ go }) => go).length;
    line.telegram(["A1"]);
    line.runTo(at + 7000);
    expect(fired).toBe(1);
    expect(line.facts("withdraw").map(({ why }) => why)).toEqual(["ITEM_LABEL_DUPLICATED"]);
    expect([...line.where("A1"), ...line.where("")]).toEqual(["end", "end"]);
  });

  test("one that cannot be stopped any more locks its chute, and the line runs on", () => {
    const line = new LineFixture().warmUp().release("A1");
    const at = line.nowMs + 100;
    line.put({ code: "A1", atMs: at }, { code: "", atMs: at + 900 }).runTo(at + 1430);
    line.telegram(["A1"]);
    line.runTo(at + 7000);
    expect([...line.where("A1"), ...line.where("")]).toEqual(["out", "end"]);
    expect(line.facts("chute")).toMatchObject([{ chuteId: "out", locked: true, why: "ITEM_LABEL_DUPLICATED" }]);
    expect(line.core.snapshot(0).belts[0]?.runPermit).toBe(true);
  });

  test("the doubt outlives the other: the second does not leave because the first has come to its end", () => {
    const line = new LineFixture().warmUp().release("A1");
    const at = row(line, 2);
    line.runTo(at + 2700);
    expect(line.ends()).toHaveLength(0);
    line.runTo(at + 3000);
    expect(line.ends()).toHaveLength(1);
    line.hint("A1");
    line.runTo(at + 9000);
    expect(line.where("A1")).toEqual(["end", "end"]);
  });

  test("a release that comes while both ride frees neither", () => {
    const line = new LineFixture().warmUp();
    const at = row(line, 2);
    line.runTo(at + 1100);
    line.release("A1").hint("A1");
    line.runTo(at + 9000);
    expect(line.where("A1")).toEqual(["end", "end"]);
  });

  test("a release that shrinks without a word is found by the last look", () => {
    const line = new LineFixture().warmUp().release("A1", { pieces: 2 });
    const at = row(line, 2);
    line.runTo(at + 1100);
    line.release("A1", { pieces: 1 });
    line.runTo(at + 9000);
    expect(line.where("A1")).toEqual(["end", "end"]);
  });
});

/** A second belt beside the first, without an encoder; its parcels are told by hand. */
function twoBelts(): LineLayout {
  const layout = oneGateLayout();
  const [belt] = layout.belts;
  if (belt === undefined) throw new Error("the fixture's layout is empty");
  const eyes = belt.eyes.filter(({ role }) => role !== "chute").map((eye) => ({ ...eye, id: `c-${eye.id}` }));
  const stations = belt.stations.map((station) => ({ ...station, id: "c-top", scannerIds: ["c-scan"] }));
  const other = { ...belt, id: "c", eyes, stations, gates: [], safeEnd: { chuteId: "c-end", reserveItems: 20 } };
  const end = { ...(layout.chutes.at(-1) as LineLayout["chutes"][number]), id: "c-end", beltId: "c" };
  return { ...layout, belts: [belt, other], chutes: [...layout.chutes, end] };
}

test("the same label on two belts is one label: neither parcel leaves", () => {
  const line = new LineFixture(twoBelts()).warmUp().release("A1");
  const at = line.nowMs + 100;
  line.alsoMoves("c");
  line.runTo(line.nowMs + 3500);
  line.put({ code: "A1", atMs: line.nowMs + 100 });
  line.runTo(line.nowMs + 300);
  line.edge("c-in", "dark");
  line.runTo(line.nowMs + 100);
  line.edge("c-in", "light");
  line.runTo(line.nowMs + 400);
  expect(line.facts("permit")).toHaveLength(1);
  line.telegram(["A1"], "c-scan");
  line.runTo(at + 12_000);
  expect(line.where("A1")).toEqual(["end"]);
  expect(alarms(line)).toContain("LABEL_DUPLICATED");
});
