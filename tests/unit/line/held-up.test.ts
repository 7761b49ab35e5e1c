// A process that was held up reads a telegram late, when its parcel has moved on and the next one may be in its place.
import { expect, test } from "vitest";
import type { LineLayout, StationLayout } from "../../../src/line/layout.ts";
import { LineFixture, oneGateLayout } from "./line-fixture.ts";

const STATION: StationLayout = { id: "top", atUm: 1_000_000, scannerIds: ["scan"], fromUm: -300_000, toUm: 350_000 };

/** Wider than `check` lets pass, so that the next parcel is in the window while the first has just left it. */
function wideWindow(): LineLayout {
  const layout = oneGateLayout();
  return { ...layout, belts: layout.belts.map((belt) => ({ ...belt, stations: [STATION] })) };
}

/** Parcels 630 mm apart at 2 m/s, and no telegram of their own; the first one's front is at the station after `atMs`. */
function twoParcels(layout = oneGateLayout()): { line: LineFixture; firstReadMs: number } {
  const line = new LineFixture(layout).warmUp().release("A1");
  const atMs = line.nowMs + 100;
  line.put({ code: "", atMs }, { code: "", atMs: atMs + 315 });
  return { line, firstReadMs: atMs + 500 };
}

function readAfterHoldUp(line: LineFixture, o: { fromMs: number; forMs: number }): void {
  line.runTo(o.fromMs);
  line.isHeldUp = true;
  line.runTo(o.fromMs + o.forMs);
  line.isHeldUp = false;
  line.heldUpMs = o.forMs + 10;
  line.runTo(line.nowMs + 5);
  line.telegram(["A1"]);
  line.heldUpMs = 10;
}

test("read in time a telegram names its parcel", () => {
  const { line, firstReadMs } = twoParcels();
  line.runTo(firstReadMs);
  line.telegram(["A1"]);
  line.runTo(line.nowMs + 5000);
  expect(line.facts("telegram")).toMatchObject([{ itemId: 1, spoiled: [] }]);
});

test("read 50 ms late it still names its parcel", () => {
  const { line, firstReadMs } = twoParcels();
  readAfterHoldUp(line, { fromMs: firstReadMs, forMs: 50 });
  expect(line.facts("telegram")).toMatchObject([{ itemId: 1, spoiled: [] }]);
});

test("read so late that it may be either's, it names neither, and both take the safe path", () => {
  const { line, firstReadMs } = twoParcels(wideWindow());
  readAfterHoldUp(line, { fromMs: firstReadMs, forMs: 100 });
  line.runTo(line.nowMs + 5000);
  expect(line.facts("telegram")).toMatchObject([{ itemId: null, spoiled: [1, 2] }]);
  expect(line.ends()).toMatchObject([
    { end: "arrived", chuteId: "end", reason: "READ_CONFLICT" },
    { end: "arrived", chuteId: "end", reason: "READ_CONFLICT" },
  ]);
});

test("read after a hold-up in which the belt went anywhere, it names nobody", () => {
  const { line, firstReadMs } = twoParcels();
  // The second parcel is where the first one was.
  readAfterHoldUp(line, { fromMs: firstReadMs, forMs: 310 });
  expect(line.facts("telegram")).toMatchObject([{ itemId: null, spoiled: [] }]);
  line.runTo(line.nowMs + 5000);
  expect(line.facts("permit")).toEqual([]);
});

test("a telegram that the wire kept back until the next parcel came names nobody: the two of that parcel are a conflict", () => {
  const { line, firstReadMs } = twoParcels();
  line.release("A2");
  // The second parcel has just come into the window, the first has left it unread.
  line.runTo(firstReadMs + 270);
  line.telegram(["A1"]);
  expect(line.facts("telegram")).toMatchObject([{ itemId: 2 }]);
  expect(line.facts("decision").filter(({ itemId }) => itemId === 2)).toEqual([]);
  line.runTo(firstReadMs + 315);
  line.telegram(["A2"]);
  line.runTo(line.nowMs + 5000);
  expect(line.ends()).toMatchObject([
    { chuteId: "end", reason: "NO_READ" },
    { chuteId: "end", reason: "READ_CONFLICT" },
  ]);
});

test("behind a parcel that no scanner has read, the next one is named when it has left the window: in doubt", () => {
  const { line, firstReadMs } = twoParcels();
  line.runTo(firstReadMs + 315);
  line.telegram(["A1"]);
  expect(line.facts("decision").filter(({ itemId }) => itemId === 2)).toEqual([]);
  line.runTo(line.nowMs + 5000);
  expect(line.where("")).toEqual(["end", "end"]);
  expect(line.ends()).toMatchObject([
    { end: "arrived", reason: "NO_READ" },
    { end: "divertedUnseen", reason: "ITEM_NAME_IN_DOUBT" },
  ]);
});

/** The first parcel has been read and its gate told to move; the second has come into the window just after that reading. */
function sentAndFollower(): { line: LineFixture; firstReadMs: number } {
  const layout = wideWindow();
  const belts = layout.belts.map((belt) => ({
    ...belt,
    stations: [{ ...STATION, fromUm: -400_000 }],
    gates: belt.gates.map((gate) => (gate.id === "g1" ? { ...gate, atUm: 1_470_000 } : gate)),
  }));
  const { line, firstReadMs } = twoParcels({ ...layout, belts });
  line.runTo(firstReadMs);
  line.telegram(["A1"]);
  const isSent = (): boolean => line.facts("lastLook").some(({ go }) => go);
  while (!isSent() && line.nowMs < firstReadMs + 1000) line.runTo(line.nowMs + 1);
  expect(isSent()).toBe(true);
  return { line, firstReadMs };
}

function readAmbiguously(line: LineFixture, heldUpMs: number): void {
  line.heldUpMs = heldUpMs;
  line.telegram(["A2"]);
  line.heldUpMs = 10;
  expect(line.facts("telegram").at(-1)).toMatchObject({ itemId: null, spoiled: [1, 2] });
}

test("a telegram that fits a parcel already sent and its follower: the sent one is recalled while it can be, and both are spoiled", () => {
  const { line, firstReadMs } = sentAndFollower();
  readAmbiguously(line, line.nowMs - firstReadMs + 10);
  expect(line.facts("withdraw").map(({ why }) => why)).toContain("RECALLED");
  line.runTo(line.nowMs + 5000);
  expect(line.ends().map(({ chuteId }) => chuteId)).toEqual(["end", "end"]);
  expect(line.facts("chute").filter(({ locked }) => locked)).toEqual([]);
});

test("beyond recall it is an alarm and locks nothing, since the sent one has had its own telegram; the follower is spoiled", () => {
  const { line, firstReadMs } = sentAndFollower();
  line.runTo(firstReadMs + 84);
  readAmbiguously(line, 50);
  expect(line.facts("alarm").map(({ code }) => code)).toContain("READ_AFTER_NO_RETURN");
  expect(line.facts("withdraw").map(({ why }) => why)).not.toContain("RECALLED");
  expect(line.facts("chute").filter(({ locked }) => locked)).toEqual([]);
  line.runTo(line.nowMs + 5000);
  expect(line.ends().map(({ reason }) => reason)).toContain("READ_CONFLICT");
  expect(line.facts("permit")).toHaveLength(1);
});

test("kept back until the next parcel had been found unreadable, a telegram does not name that one", () => {
  const { line, firstReadMs } = twoParcels();
  line.runTo(firstReadMs + 270);
  line.telegram([]);
  line.runTo(firstReadMs + 315);
  line.telegram(["A1"]);
  line.runTo(line.nowMs + 5000);
  expect(line.facts("permit")).toEqual([]);
  expect(line.ends()).toMatchObject([
    { chuteId: "end", reason: "NO_READ" },
    { chuteId: "end", reason: "READ_CONFLICT" },
  ]);
});

test("of a kept back telegram and a parcel's own, the code of the stronger rank does not win", () => {
  const pattern = { check: "none" as const, companies: ["ACME"] };
  const strong = { id: "strong", regex: "A[0-9]", rank: 1, ...pattern };
  const weak = { id: "weak", regex: "B[0-9]", rank: 2, ...pattern };
  const { line, firstReadMs } = twoParcels({ ...oneGateLayout(), patterns: [strong, weak] });
  line.release("B2");
  line.runTo(firstReadMs + 270);
  line.telegram(["A1"]);
  line.runTo(firstReadMs + 315);
  line.telegram(["B2"]);
  line.runTo(line.nowMs + 5000);
  expect(line.facts("permit")).toEqual([]);
  expect(line.ends()).toMatchObject([
    { chuteId: "end", reason: "NO_READ" },
    { chuteId: "end", reason: "READ_CONFLICT" },
  ]);
});
