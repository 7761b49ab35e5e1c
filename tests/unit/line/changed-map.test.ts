// A restart with another chute map: what the law has latched stays, whatever the map calls it now.
import { describe, expect, test } from "vitest";
import type { LineLayout, Zone } from "../../../src/line/layout.ts";
import { give } from "./command-requests.ts";
import { LineFixture, oneGateLayout, released } from "./line-fixture.ts";

const belt = (line: LineFixture) => line.core.snapshot(0).belts[0];

describe("a breach in a chute that the next map does not have", () => {
  function renamed(line = new LineFixture().warmUp()): LineFixture {
    line.edge("out-eye", "dark");
    expect(belt(line)?.stops).toEqual(["LAW_BREACH:out"]);
    const text = JSON.stringify({ ...oneGateLayout(), hash: "layout-2" }).replaceAll('"out"', '"out-a"');
    return new LineFixture(JSON.parse(text) as LineLayout, line);
  }

  test("keeps every belt down until an officer has acknowledged it", () => {
    const line = renamed();
    const acknowledge = { command: "acknowledgeBreach", chuteId: "out" } as const;
    expect([belt(line)?.runPermit, belt(line)?.stops]).toEqual([false, ["LAW_BREACH:out"]]);
    expect(give(line, acknowledge, { roles: ["operator"] })).toMatchObject({ accepted: false, code: "COMMAND_ROLE" });
    expect(give(line, acknowledge)).toMatchObject({ accepted: true });
    expect(belt(line)?.stops).toEqual(["OPERATOR_STOP"]);
    expect(give(line, acknowledge)).toMatchObject({ accepted: false, code: "COMMAND_TARGET_UNKNOWN" });
    expect(give(line, { command: "resumeReady", beltId: null })).toMatchObject({ accepted: true });
    expect(belt(line)?.runPermit).toBe(true);
  });

  test("is still one after yet another restart", () => {
    const first = new LineFixture().warmUp();
    const before = renamed(first);
    const line = new LineFixture(before.layout, { entries: [...first.entries, ...before.entries] }, { run: 3 });
    expect(belt(line)?.stops).toEqual(["LAW_BREACH:out"]);
  });
});

/** Sorts two parcels after a restart: the first proves the way and rides to the end. */
function sortNext(line: LineFixture, code: string): string[] {
  line.put({ code: `${code}0`, atMs: line.nowMs + 100 }, { code, atMs: line.nowMs + 600 });
  line.runTo(line.nowMs + 6000);
  return line.where(code);
}

describe("a container that was filled by the map before", () => {
  function mapped(zones: Readonly<Record<string, Zone>>): LineLayout {
    const layout = oneGateLayout();
    const chutes = layout.chutes.map((chute) => ({ ...chute, zone: zones[chute.id] ?? chute.zone }));
    const [route] = layout.routes;
    if (route === undefined) throw new Error("the fixture's layout has no route");
    const { stream: _, ...any } = { ...route, to: ["out", "store"] };
    return { ...layout, hash: "layout-2", chutes, routes: [any] };
  }
  const cbecOut: Zone = { kind: "outbound", stream: "cbec", direction: "import" };

  test("with another stream takes no parcel of the new one until an empty one stands there", () => {
    const before = new LineFixture().warmUp().release("A");
    before.put({ code: "A", atMs: before.nowMs + 100 }).runTo(before.nowMs + 4000);
    expect(before.where("A")).toEqual(["out"]);
    const line = new LineFixture(mapped({ out: cbecOut }), before).warmUp();
    for (const code of ["B", "C"]) line.records.set(code, released(code, { stream: "cbec" }));
    expect(sortNext(line, "B")).toEqual(["end"]);
    expect(line.facts("end").map(({ reason }) => reason)).toContain("LAW_CONTAINER");
    expect(give(line, { command: "containerChanged", chuteId: "out" })).toMatchObject({ accepted: true });
    expect(sortNext(line, "C")).toEqual(["out"]);
  });

  test("with parcels that were not released is no outbound one", () => {
    const before = new LineFixture().warmUp().release("H").hold("H");
    before.put({ code: "H", atMs: before.nowMs + 100 }).runTo(before.nowMs + 5000);
    expect(before.where("H")).toEqual(["store"]);
    const expressOut: Zone = { kind: "outbound", stream: "express", direction: "import" };
    const line = new LineFixture(mapped({ store: expressOut, out: cbecOut }), before).warmUp().release("B");
    expect(sortNext(line, "B")).toEqual(["end"]);
    expect(line.facts("lastLook").filter(({ go }) => go)).toEqual([]);
  });

  test("as the map still has it is filled on", () => {
    const before = new LineFixture().warmUp().release("A");
    before.put({ code: "A", atMs: before.nowMs + 100 }).runTo(before.nowMs + 4000);
    const line = new LineFixture(mapped({}), before).warmUp().release("B");
    expect(sortNext(line, "B")).toEqual(["out"]);
  });
});
