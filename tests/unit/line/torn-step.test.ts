// A loss of power within what one step wrote: the journal ends with the first of its entries, and the rest is not forgotten.
import { describe, expect, test } from "vitest";
import type { LineCommand } from "../../../src/line/command.ts";
import type { LineEntry } from "../../../src/line/entry.ts";
import { give } from "./command-requests.ts";
import { LineFixture, oneGateLayout } from "./line-fixture.ts";

const chute = (line: LineFixture, id: string) => line.core.snapshot(0).chutes.find((each) => each.id === id);
const belt = (line: LineFixture) => line.core.snapshot(0).belts[0];

/** The next run, whose journal ends with the first entry of that kind. */
function tornAfter(line: LineFixture, kind: LineEntry["kind"]): LineFixture {
  const index = line.entries.findIndex((entry) => entry.kind === kind);
  expect(index).toBeGreaterThan(0);
  return new LineFixture(line.layout, { entries: line.entries.slice(0, index + 1) });
}

describe("a command that is repeated with its id", () => {
  const commands: [LineCommand, (line: LineFixture) => boolean][] = [
    [{ command: "lockChute", chuteId: "out" }, (line) => chute(line, "out")?.locked === true],
    [{ command: "disableChute", chuteId: "out" }, (line) => chute(line, "out")?.enabled === false],
    [{ command: "stopLine", beltId: null }, (line) => belt(line)?.runPermit === false],
  ];
  test.each(commands)("$command is carried out then", (what, isDone) => {
    const line = new LineFixture().warmUp();
    give(line, what, { id: "x" });
    const next = tornAfter(line, "operator");
    expect(isDone(next)).toBe(false);
    expect(give(next, what, { id: "x" })).toMatchObject({ accepted: true, isRepeated: false });
    expect(isDone(next)).toBe(true);
  });

  const given: [LineCommand, (line: LineFixture) => void, (line: LineFixture) => boolean][] = [
    [
      { command: "unlockChute", chuteId: "out" },
      (line) => void give(line, { command: "lockChute", chuteId: "out" }),
      (line) => chute(line, "out")?.locked === false,
    ],
    [
      { command: "enableChute", chuteId: "out" },
      (line) => void give(line, { command: "disableChute", chuteId: "out" }),
      (line) => chute(line, "out")?.enabled === true,
    ],
  ];
  test.each(given)("$command was carried out, and is not again when it was undone since", (what, undo, isDone) => {
    const line = new LineFixture().warmUp();
    undo(line);
    line.runTo(line.nowMs + 10);
    give(line, what, { id: "x" });
    const index = line.entries.findIndex((entry) => entry.kind === "operator" && entry.id === "x");
    const next = new LineFixture(line.layout, { entries: line.entries.slice(0, index + 1) });
    expect(isDone(next)).toBe(true);
    undo(next);
    expect(give(next, what, { id: "x" })).toMatchObject({ accepted: true, isRepeated: true });
    expect(isDone(next)).toBe(false);
  });

  test("containerChanged: what has come down since is not forgotten", () => {
    const line = new LineFixture().warmUp().release("A1");
    line.put({ code: "A1", atMs: line.nowMs + 100 });
    while (line.facts("lastLook").length === 0) line.runTo(line.nowMs + 1);
    const what: LineCommand = { command: "containerChanged", chuteId: "out" };
    give(line, what, { id: "x" });
    const next = new LineFixture(line.layout, line);
    next.edge("out-eye", "dark");
    expect(next.facts("lateArrival")).toMatchObject([{ came: true }]);
    expect(give(next, what, { id: "x" })).toMatchObject({ isRepeated: true });
    expect(next.facts("operator")).toEqual([]);
  });

  test("changeChuteStream: the chute serves the new one", () => {
    const layout = oneGateLayout();
    const chutes = layout.chutes.map((each) =>
      each.id === "out" ? { ...each, alsoFor: [{ stream: "cbec" as const, direction: "import" as const }] } : each,
    );
    const line = new LineFixture({ ...layout, chutes }).warmUp().release("A1");
    const change: LineCommand = { command: "changeChuteStream", chuteId: "out", stream: "cbec", direction: "import" };
    give(line, { command: "containerChanged", chuteId: "out" });
    line.runTo(line.nowMs + 10);
    expect(give(line, change, { id: "x" })).toMatchObject({ accepted: true });
    const index = line.entries.findIndex((entry) => entry.kind === "operator" && entry.id === "x");
    const next = new LineFixture(line.layout, { entries: line.entries.slice(0, index + 1) }).warmUp().release("A1");
    next.put({ code: "A1", atMs: next.nowMs + 100 }, { code: "A1", atMs: next.nowMs + 900 }).runTo(next.nowMs + 6000);
    expect(next.where("A1")).not.toContain("out");
  });

  test("acknowledgeBreach: until then the breach stands, and then a person has to be ready", () => {
    const line = new LineFixture().warmUp();
    line.edge("out-eye", "dark");
    line.runTo(line.nowMs + 10);
    const what: LineCommand = { command: "acknowledgeBreach", chuteId: "out" };
    give(line, what, { id: "x" });
    for (const kind of ["operator", "halt"] as const) {
      const next = tornAfter(line, kind);
      expect(belt(next)?.stops).toContain("LAW_BREACH:out");
      expect(give(next, what, { id: "x" })).toMatchObject({ accepted: true, isRepeated: false });
      expect([belt(next)?.runPermit, belt(next)?.stops]).toEqual([false, ["OPERATOR_STOP"]]);
    }
    const whole = new LineFixture(line.layout, line);
    expect([belt(whole)?.runPermit, belt(whole)?.stops]).toEqual([false, ["OPERATOR_STOP"]]);
  });
});

test("a breach has locked its chute, and opens it for nobody when it is acknowledged", () => {
  const line = new LineFixture().warmUp();
  line.edge("out-eye", "dark");
  const next = tornAfter(line, "breach");
  expect(belt(next)?.stops).toEqual(["LAW_BREACH:out"]);
  give(next, { command: "acknowledgeBreach", chuteId: "out" });
  expect(chute(next, "out")?.locked).toBe(true);
});

test("a late hold has locked its chute, and the other piece of the parcel is asked for when the hold is told again", () => {
  const line = new LineFixture().warmUp().release("A1", { pieces: 2 });
  const at = line.nowMs + 100;
  line.put({ code: "A1", atMs: at }, { code: "A1", atMs: at + 600 }).runTo(at + 6000);
  line.hold("A1").hint("A1");
  expect(line.facts("lateHold")).toHaveLength(2);
  const next = tornAfter(line, "lateHold").release("A1", { pieces: 2 }).hold("A1");
  expect(chute(next, "out")?.locked).toBe(true);
  next.hint("A1");
  next.hint("A1");
  const [first, second] = line.facts("lateHold");
  expect(next.facts("lateHold").map(({ itemId }) => itemId)).toEqual([second?.itemId]);
  expect(first?.itemId).not.toBe(second?.itemId);
});
