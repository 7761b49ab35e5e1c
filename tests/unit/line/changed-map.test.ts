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

/** The same plant, in which the chute `out` is called otherwise. */
function renamed(name: string, zone?: Zone): LineLayout {
  const text = JSON.stringify({ ...oneGateLayout(), hash: `layout-${name}` }).replaceAll('"out"', `"${name}"`);
  const layout = JSON.parse(text) as LineLayout;
  const chutes = layout.chutes.map((chute) => (chute.id === name && zone !== undefined ? { ...chute, zone } : chute));
  const routes = layout.routes.map((route) =>
    route.id === "released" && zone !== undefined && "stream" in zone ? { ...route, stream: zone.stream } : route,
  );
  return { ...layout, chutes, routes };
}

const isLocked = (line: LineFixture, id: string) =>
  line.core.snapshot(0).chutes.find((chute) => chute.id === id)?.locked;

/** One parcel has left into `out`, and nothing was said against it. */
function left(code = "A"): LineFixture {
  const line = new LineFixture().warmUp().release(code);
  line.put({ code, atMs: line.nowMs + 100 }).runTo(line.nowMs + 4000);
  expect(line.where(code)).toEqual(["out"]);
  return line;
}

describe("a chute that has another name by the next map", () => {
  const unlock = { command: "unlockChute", chuteId: "out-a" } as const;

  test("is locked as the old one was by a late hold, until an officer unlocks it", () => {
    const before = left();
    before.hold("A").hint("A");
    expect(isLocked(before, "out")).toBe(true);
    const line = new LineFixture(renamed("out-a"), before).warmUp().release("B").release("C");
    expect(isLocked(line, "out-a")).toBe(true);
    expect(sortNext(line, "B")).toEqual(["end"]);
    expect(line.facts("end").map(({ reason }) => reason)).toContain("CHUTE_LOCKED");
    expect(give(line, unlock, { roles: ["operator"] })).toMatchObject({ accepted: false, code: "COMMAND_ROLE" });
    expect(give(line, unlock)).toMatchObject({ accepted: true });
    expect(sortNext(line, "C")).toEqual(["out"]);
  });

  test("is not locked again by each start after that", () => {
    const first = left();
    first.hold("A").hint("A");
    const second = new LineFixture(renamed("out-a"), first);
    give(second, unlock);
    const entries = [...first.entries, ...second.entries];
    const third = new LineFixture(renamed("out-a"), { entries }, { run: 3 });
    expect([isLocked(third, "out"), isLocked(third, "out-a")]).toEqual([true, false]);
    expect(give(third, { command: "unlockChute", chuteId: "out" })).toMatchObject({ accepted: true });
    expect(isLocked(third, "out")).toBe(false);
  });

  test("is locked when a hold comes later for what has left under the old one, after yet another restart too", () => {
    const first = left();
    const second = new LineFixture(renamed("out-a"), first);
    expect(isLocked(second, "out-a")).toBe(false);
    const entries = [...first.entries, ...second.entries];
    const third = new LineFixture(renamed("out-a"), { entries }, { run: 3 }).release("A").hold("A");
    third.hint("A");
    expect(third.facts("lateHold")).toMatchObject([{ chuteId: "out" }]);
    expect(isLocked(third, "out-a")).toBe(true);
  });

  test("and gets its old one back, is locked as it was meanwhile", () => {
    const first = new LineFixture().warmUp();
    const second = new LineFixture(renamed("out-a"), first).warmUp();
    second.edge("out-eye", "dark");
    expect(isLocked(second, "out-a")).toBe(true);
    const entries = [...first.entries, ...second.entries];
    const third = new LineFixture(oneGateLayout(), { entries }, { run: 3 });
    // Of the first map nothing was ever known of it: it is new, and the other one is gone.
    expect(isLocked(third, "out")).toBe(true);
    expect(give(third, { command: "unlockChute", chuteId: "out" })).toMatchObject({ code: "COMMAND_BREACH_OPEN" });
  });

  test("that was known before, and comes back for a locked one, is locked; and not at each start", () => {
    const first = left();
    const second = new LineFixture(renamed("out-a"), first).warmUp();
    second.edge("out-eye", "dark");
    const third = new LineFixture(oneGateLayout(), { entries: [...first.entries, ...second.entries] }, { run: 3 });
    expect(isLocked(third, "out")).toBe(true);
    give(third, { command: "acknowledgeBreach", chuteId: "out-a" });
    expect(give(third, { command: "unlockChute", chuteId: "out" })).toMatchObject({ accepted: true });
    const entries = [...first.entries, ...second.entries, ...third.entries];
    const fourth = new LineFixture(oneGateLayout(), { entries }, { run: 4 });
    expect(isLocked(fourth, "out")).toBe(false);
  });

  test("and is for another stream, takes none of it into the old container", () => {
    const cbec: Zone = { kind: "outbound", stream: "cbec", direction: "import" };
    const line = new LineFixture(renamed("out-a", cbec), left()).warmUp();
    for (const code of ["B", "C"]) line.records.set(code, released(code, { stream: "cbec" }));
    expect(sortNext(line, "B")).toEqual(["end"]);
    expect(line.facts("end").map(({ reason }) => reason)).toContain("LAW_CONTAINER");
    expect(give(line, { command: "containerChanged", chuteId: "out-a" })).toMatchObject({ accepted: true });
    expect(sortNext(line, "C")).toEqual(["out"]);
  });

  test("and a parcel that was on its way into it when the controller died in its first run, is held without a crash", () => {
    const before = new LineFixture().warmUp().release("A");
    before.put({ code: "A", atMs: before.nowMs + 100 });
    while (before.facts("lastLook").length === 0) before.runTo(before.nowMs + 1);
    const line = new LineFixture(renamed("out-a"), before).release("A").hold("A");
    line.hint("A");
    expect(line.facts("lateHold")).toMatchObject([{ chuteId: "out" }]);
    expect(isLocked(line, "out-a")).toBe(true);
  });
});

describe("an empty container into which a parcel may have come unseen", () => {
  const cbecOut: Zone = { kind: "outbound", stream: "cbec", direction: "import" };
  const change = { command: "changeChuteStream", chuteId: "out", stream: "cbec", direction: "import" } as const;

  function emptied(layout: LineLayout): LineFixture {
    const line = new LineFixture(layout).warmUp().release("A");
    expect(give(line, { command: "containerChanged", chuteId: "out" })).toMatchObject({ accepted: true });
    line.put({ code: "A", atMs: line.nowMs + 100 });
    while (line.facts("lastLook").length === 0) line.runTo(line.nowMs + 1);
    return line;
  }

  function twoStreams(): LineLayout {
    const layout = oneGateLayout();
    const chutes = layout.chutes.map((chute) => ({
      ...chute,
      eyeId: null,
      alsoFor: chute.id === "out" ? [{ stream: "cbec" as const, direction: "import" as const }] : [],
    }));
    const belts = layout.belts.map((belt) => ({ ...belt, eyes: belt.eyes.filter(({ role }) => role !== "chute") }));
    return { ...layout, belts, chutes };
  }

  test("when the counter was lost: another stream has to wait for the next one", () => {
    const line = emptied(twoStreams());
    line.counterMm += 900_000;
    line.runTo(line.nowMs + 12_000);
    expect(line.ends()).toMatchObject([{ end: "lost", reason: "ITEM_BELT_UNKNOWN" }]);
    expect(give(line, change)).toMatchObject({ accepted: false, code: "COMMAND_CONTAINER_FIRST" });
  });

  test("when the controller died: another stream by the next map has to wait for the next one", () => {
    const before = emptied(oneGateLayout());
    const layout = oneGateLayout();
    const chutes = layout.chutes.map((chute) => (chute.id === "out" ? { ...chute, zone: cbecOut } : chute));
    const routes = layout.routes.map((route) =>
      route.id === "released" ? { ...route, stream: "cbec" as const } : route,
    );
    const line = new LineFixture({ ...layout, hash: "layout-2", chutes, routes }, before).warmUp();
    line.records.set("B", released("B", { stream: "cbec" }));
    expect(sortNext(line, "B")).toEqual(["end"]);
    expect(line.facts("end").map(({ reason }) => reason)).toContain("LAW_CONTAINER");
  });

  test("when the parcel comes down after the container was changed: the new one holds it, after another restart too", () => {
    const before = emptied(oneGateLayout());
    const layout = oneGateLayout();
    const chutes = layout.chutes.map((chute) => (chute.id === "out" ? { ...chute, zone: cbecOut } : chute));
    const routes = layout.routes.map((route) =>
      route.id === "released" ? { ...route, stream: "cbec" as const } : route,
    );
    const line = new LineFixture({ ...layout, hash: "layout-2", chutes, routes }, before);
    expect(give(line, { command: "containerChanged", chuteId: "out" })).toMatchObject({ accepted: true });
    line.edge("out-eye", "dark");
    line.edge("out-eye", "light");
    expect(line.facts("lateArrival")).toMatchObject([{ came: true }]);
    const entries = [...before.entries, ...line.entries];
    for (const next of [line, new LineFixture(line.layout, { entries }, { run: 3 })]) {
      next.warmUp().records.set("B", released("B", { stream: "cbec" }));
      expect(sortNext(next, "B")).toEqual(["end"]);
      expect(next.facts("end").map(({ reason }) => reason)).toContain("LAW_CONTAINER");
    }
  });
});
