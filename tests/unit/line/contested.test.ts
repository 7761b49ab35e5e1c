// An eye behind a gate and the eye of its chute that speak of one parcel: which of them is believed, and what a piece costs.
import { describe, expect, test } from "vitest";
import { LineFixture } from "./line-fixture.ts";

/** Front at the induction eye until front at a place, ms. */
const untilMs = (placeMm: number): number => (placeMm - 200) / 2;

/** The eye says dark, and light again 25 ms later: nothing is there. */
function trigger(line: LineFixture, eyeId: string, atMs: number): void {
  for (const edge of ["dark", "light"] as const) {
    line.runTo(edge === "dark" ? atMs : atMs + 25);
    line.edge(eyeId, edge);
  }
}

const raised = (line: LineFixture): string[] =>
  line.facts("alarm").flatMap(({ code, phase }) => (phase === "unacknowledged" ? [code] : []));

describe("a trigger too many behind the gate, just where the parcel would be had it not been taken", () => {
  function mistaken(): { line: LineFixture; at: number } {
    const line = new LineFixture().warmUp().release("R").release("S");
    const at = line.nowMs + 100;
    line.put({ code: "R", atMs: at }, { code: "S", atMs: at + 2500 });
    trigger(line, "past1", at + untilMs(3210));
    return { line, at };
  }

  test("is no breach: the parcel has arrived in its chute, its piece is spent, the line runs and sorts on", () => {
    const { line, at } = mistaken();
    line.runTo(at + 9000);
    expect(raised(line)).toContain("GATE_MISSED_ITEM");
    expect(line.facts("breach")).toEqual([]);
    expect(line.ends().map(({ end, chuteId }) => [end, chuteId])).toEqual([
      ["arrived", "out"],
      ["arrived", "out"],
    ]);
    expect(line.facts("giveBack")).toEqual([]);
    expect(line.facts("linePermit").filter(({ permit, allowed }) => permit === "run" && !allowed)).toEqual([]);
  });

  test("is one that the next eye decides on: until then the parcel has no end", () => {
    const { line, at } = mistaken();
    line.runTo(at + untilMs(4210) - 50);
    expect(line.ends()).toEqual([]);
    expect(line.facts("stray").map(({ detail }) => detail)).toEqual([
      "chute out: item 1, or another one in its place: the next eye on its way tells",
    ]);
  });

  test("and the next eye has seen it too: another one is in the chute, which is a breach", () => {
    const { line, at } = mistaken();
    trigger(line, "past2", at + untilMs(4210));
    expect(line.facts("breach")).toMatchObject([{ chuteId: "out" }]);
  });

  test("and the counter is lost before the next eye: nobody can tell any more, which is a breach", () => {
    const { line, at } = mistaken();
    line.runTo(at + untilMs(4210) - 100);
    expect(line.facts("breach")).toEqual([]);
    line.counterMm += 2000;
    line.runTo(at + 9000);
    expect(line.facts("breach")).toMatchObject([{ chuteId: "out" }]);
  });
});

test("a parcel bounces off its gate, and something enters the chute in its time: a breach as soon as two eyes have seen it ride on", () => {
  const line = new LineFixture().warmUp().release("R");
  const at = line.nowMs + 100;
  line.put({ code: "R", atMs: at, bounces: true });
  trigger(line, "out-eye", at + untilMs(3000) + 310);
  expect(line.facts("breach")).toEqual([]);
  line.runTo(at + untilMs(4210) + 20);
  expect(line.facts("breach")).toMatchObject([{ chuteId: "out" }]);
  line.runTo(at + 9000);
  expect(line.ends()).toEqual([{ end: "misdiverted", chuteId: "end", reason: "GATE_MISSED_ITEM" }]);
});

describe("a parcel that its gate has taken, unseen by its chute's eye", () => {
  test("is not what comes in its place to a later eye, and its piece is not given back for that one", () => {
    const line = new LineFixture().warmUp().release("R");
    const at = line.nowMs + 100;
    line.put({ code: "R", atMs: at, hiddenFrom: ["out-eye"] });
    trigger(line, "past2", at + untilMs(4210));
    trigger(line, "last", at + untilMs(5800));
    line.runTo(at + 9000);
    expect(line.where("R")).toEqual(["out"]);
    expect(line.ends().map(({ end, chuteId }) => [end, chuteId])).toEqual([["divertedUnseen", "out"]]);
    expect(line.facts("giveBack")).toEqual([]);
  });

  test("while nobody could read the eye behind the gate either: its piece stays spent, whatever comes to the safe end", () => {
    const line = new LineFixture().warmUp().release("R");
    const at = line.nowMs + 100;
    line.put({ code: "R", atMs: at, hiddenFrom: ["out-eye"] });
    line.runTo(at + untilMs(3000) + 10);
    line.send({ kind: "device", deviceId: "plc", connected: false, armed: false });
    line.connected = false;
    line.runTo(at + untilMs(3210) + 100);
    line.connect();
    trigger(line, "past2", at + untilMs(4210));
    trigger(line, "last", at + untilMs(5800));
    line.runTo(at + 9000);
    expect(line.facts("giveBack")).toEqual([]);
    // An eye has disagreed with the counter that went on meanwhile.
    expect(line.facts("end")).toMatchObject([{ end: "lost", possiblyOutbound: true, reason: "ITEM_BELT_UNKNOWN" }]);
  });
});

test("a parcel whose gate was called home in time, and which the first eye behind it has not seen: its piece stays spent", () => {
  for (const hiddenFrom of [[], ["past1"]]) {
    const line = new LineFixture().warmUp().release("R");
    const at = line.nowMs + 100;
    line.put({ code: "R", atMs: at, hiddenFrom });
    line.runTo(at + 600);
    while (line.facts("lastLook").length === 0) line.runTo(line.nowMs + 1);
    line.hold("R").hint("R");
    line.runTo(at + 9000);
    expect(line.where("R")).toEqual(["end"]);
    expect(line.facts("giveBack")).toHaveLength(hiddenFrom.length === 0 ? 1 : 0);
  }
});
