// A hold after the point of no return: people are told once, by the right parcel, over restarts too; it is no breach.
import { describe, expect, test } from "vitest";
import { LineFixture } from "./line-fixture.ts";

/** Front at the gate 1,400 ms after the induction eye; the last look comes about 75 ms before. */
const RIDING_PAST_LAST_LOOK_MS = 1390;

function firedLine(): { line: LineFixture; at: number } {
  const line = new LineFixture().warmUp().release("A1");
  const at = line.nowMs + 100;
  line.put({ code: "A1", atMs: at }).runTo(at + RIDING_PAST_LAST_LOOK_MS);
  expect(line.facts("lastLook").map(({ go }) => go)).toEqual([true]);
  return { line, at };
}

test("a hold for a parcel that is already in its gate is told once, however often the line decides anew", () => {
  const { line, at } = firedLine();
  line.hold("A1").hint("A1");
  line.hint("A1");
  line.send({ kind: "storage", state: "slow" });
  line.runTo(at + 5000);
  line.hint("A1");
  expect(line.where("A1")).toEqual(["out"]);
  expect(line.facts("lateHold")).toHaveLength(1);
  expect(line.facts("breach")).toEqual([]);
});

test("a recalled parcel that its gate took all the same is a late hold, no breach: the hold came after the last look", () => {
  const line = new LineFixture().warmUp().release("A1");
  const at = line.nowMs + 100;
  line.gateMoves = true;
  line.put({ code: "A1", atMs: at }).runTo(at + 1200);
  for (let ms = at + 1200; line.facts("lastLook").length === 0; ms++) line.runTo(ms);
  line.hold("A1");
  // The gate does not obey its withdrawal.
  line.gateMoves = false;
  line.hint("A1");
  expect(line.facts("withdraw").map(({ why }) => why)).toEqual(["RECALLED"]);
  line.runTo(at + 6000);
  expect(line.where("A1")).toEqual(["out"]);
  expect(line.facts("breach")).toEqual([]);
  expect(line.facts("lateHold")).toHaveLength(1);
  expect(line.ends()).toEqual([{ end: "misdiverted", chuteId: "out", reason: "RECALLED" }]);
});

test("a hold on another company's parcel of the same number is nobody's here", () => {
  const { line, at } = firedLine();
  line.runTo(at + 5000);
  line.hold("A1");
  line.send({ kind: "releaseHint", waybills: [{ company: "OTHER", waybill: "A1" }] });
  expect(line.facts("lateHold")).toEqual([]);
  line.hint("A1");
  expect(line.facts("lateHold")).toHaveLength(1);
});

test("every piece of a held parcel that has left is asked for", () => {
  const line = new LineFixture().warmUp().release("A1", { pieces: 2 });
  const at = line.nowMs + 100;
  line.put({ code: "A1", atMs: at }, { code: "A1", atMs: at + 600 }).runTo(at + 6000);
  expect(line.where("A1")).toEqual(["out", "out"]);
  line.hold("A1").hint("A1");
  expect(line.facts("lateHold").map(({ itemId }) => itemId)).toEqual([1, 2]);
});

test("a parcel that was in its gate when the controller died is asked for by the next run, once", () => {
  const { line } = firedLine();
  const next = new LineFixture(line.layout, { entries: line.entries });
  next.release("A1").hold("A1").hint("A1");
  next.hint("A1");
  expect(next.facts("lateHold")).toMatchObject([{ chuteId: "out", waybill: "A1" }]);
  const third = new LineFixture(line.layout, { entries: [...line.entries, ...next.entries] });
  third.release("A1").hold("A1").hint("A1");
  expect(third.facts("lateHold")).toEqual([]);
});

test("a parcel that slides when the controller dies twice is no breach when its chute's eye sees it", () => {
  const { line } = firedLine();
  const second = new LineFixture(line.layout, { entries: line.entries });
  const third = new LineFixture(line.layout, { entries: [...line.entries, ...second.entries] });
  const stamp = { atNs: third.nowMs * 1e6, count: null };
  third.send({ kind: "eye", eyeId: "out-eye", edge: "dark", after: stamp, upTo: stamp });
  expect(third.facts("breach")).toEqual([]);
  third.send({ kind: "eye", eyeId: "out-eye", edge: "dark", after: stamp, upTo: stamp });
  expect(third.facts("breach")).toHaveLength(1);
});

test("a command whose parcel has ended before it was answered still puts its gate in doubt", () => {
  const line = new LineFixture().warmUp().release("A1").release("A2");
  line.outcome = "none";
  const at = line.nowMs + 100;
  line.put({ code: "A1", atMs: at }, { code: "A2", atMs: at + 2800 });
  for (let ms = at; line.facts("lastLook").length === 0; ms++) line.runTo(ms);
  const id = line.facts("permit")[0]?.n ?? 0;
  const taken = line.parcels[0];
  if (taken !== undefined) taken.where = "out";
  line.runTo(at + 3500);
  expect(line.ends()).toHaveLength(1);
  line.send({ kind: "command", id, outcome: "inDoubt" });
  expect(line.facts("alarm").map(({ code }) => code)).toContain("GATE_IN_DOUBT");
  line.runTo(at + 8000);
});

describe("a parcel whose declaration is withdrawn after its last look", () => {
  const withdrawn = (line: LineFixture): void => {
    line.records.delete("A1");
    line.hint("A1");
  };

  test("is called back while that is in time", () => {
    const line = new LineFixture().warmUp().release("A1");
    const at = line.nowMs + 100;
    line.put({ code: "A1", atMs: at }).runTo(at + 1200);
    while (line.facts("lastLook").length === 0) line.runTo(line.nowMs + 1);
    withdrawn(line);
    expect(line.facts("withdraw").map(({ why }) => why)).toEqual(["RECALLED"]);
    line.runTo(at + 5000);
    expect(line.where("A1")).toEqual(["end"]);
    expect(line.ends()).toMatchObject([{ chuteId: "end", reason: "LAW_UNRELEASED" }]);
  });

  test("beyond recall it has left by a sound last look, and locks nothing", () => {
    const { line, at } = firedLine();
    withdrawn(line);
    line.runTo(at + 5000);
    expect(line.where("A1")).toEqual(["out"]);
    expect(line.facts("lateHold")).toEqual([]);
  });
});

describe("a parcel whose declaration loses pieces after its last look", () => {
  function second(): { line: LineFixture; at: number } {
    const line = new LineFixture().warmUp().release("A1", { pieces: 2 });
    const at = line.nowMs + 600;
    line.put({ code: "A1", atMs: at - 500 }, { code: "A1", atMs: at }).runTo(at + 1200);
    while (line.facts("lastLook").length < 2) line.runTo(line.nowMs + 1);
    return { line, at };
  }

  test("is called back while that is in time, if it is the one too many", () => {
    const { line, at } = second();
    line.release("A1", { pieces: 1 }).hint("A1");
    expect(line.facts("withdraw").map(({ why }) => why)).toEqual(["RECALLED"]);
    line.runTo(at + 5000);
    expect(line.where("A1")).toEqual(["out", "end"]);
    expect(line.ends().at(-1)).toMatchObject({ chuteId: "end", reason: "LAW_UNRELEASED" });
  });

  test("leaves if there are pieces enough", () => {
    const { line, at } = second();
    line.release("A1", { pieces: 2 }).hint("A1");
    line.runTo(at + 5000);
    expect(line.where("A1")).toEqual(["out", "out"]);
    expect(line.facts("withdraw")).toEqual([]);
  });
});

describe("a parcel that customs moves to another stream while it rides", () => {
  const moved = (line: LineFixture): void => {
    line.release("A1", { stream: "cbec", version: 2 }).hint("A1");
  };

  test("before its last look it is not sent into the old stream's chute", () => {
    const line = new LineFixture().warmUp().release("A1");
    const at = line.nowMs + 100;
    line.put({ code: "A1", atMs: at }).runTo(at + 900);
    expect(line.facts("permit").map(({ chuteId }) => chuteId)).toEqual(["out"]);
    moved(line);
    line.runTo(at + 5000);
    expect(line.where("A1")).toEqual(["end"]);
    expect(line.facts("giveBack")).toHaveLength(1);
  });

  test("without a hint the last look sees it", () => {
    const line = new LineFixture().warmUp().release("A1");
    const at = line.nowMs + 100;
    line.put({ code: "A1", atMs: at }).runTo(at + 900);
    line.release("A1", { stream: "cbec", version: 2 }).runTo(at + 5000);
    expect(line.where("A1")).toEqual(["end"]);
    expect(line.facts("lastLook")[0]?.refusals.map(({ code }) => code)).toContain("LAW_STREAM");
  });

  test("after its last look its gate is called back while that is in time", () => {
    const line = new LineFixture().warmUp().release("A1");
    const at = line.nowMs + 100;
    line.put({ code: "A1", atMs: at }).runTo(at + 1200);
    while (line.facts("lastLook").length === 0) line.runTo(line.nowMs + 1);
    moved(line);
    expect(line.facts("withdraw").map(({ why }) => why)).toEqual(["RECALLED"]);
    line.runTo(at + 5000);
    expect(line.where("A1")).toEqual(["end"]);
  });

  test("its gate into supervised storage is called back too, and no chute is locked", () => {
    const line = new LineFixture().warmUp().release("A1").hold("A1");
    const at = line.nowMs + 100;
    line.put({ code: "A1", atMs: at }).runTo(at + 1700);
    while (line.facts("lastLook").length === 0) line.runTo(line.nowMs + 1);
    expect(line.facts("permit").map(({ chuteId }) => chuteId)).toEqual(["store"]);
    moved(line);
    expect(line.facts("withdraw").map(({ why }) => why)).toEqual(["RECALLED"]);
    line.runTo(at + 5000);
    expect(line.ends()).toMatchObject([{ chuteId: "end", reason: "LAW_STREAM" }]);
    expect(line.facts("lateHold")).toEqual([]);
  });

  test("beyond recall its chute is locked and it is asked for", () => {
    const { line, at } = firedLine();
    moved(line);
    line.runTo(at + 5000);
    expect(line.facts("lateHold")).toMatchObject([{ chuteId: "out", waybill: "A1" }]);
    expect(line.facts("breach")).toEqual([]);
  });
});
