// Eyes that miss, see too much, too early or too late: who is in doubt rides to the safe end, and no name shifts by one.
import { describe, expect, test } from "vitest";
import { type FixtureParcel, LineFixture } from "./line-fixture.ts";

const PITCH_MS = 330;
const PARCELS = 12;

/** A row at the proved gap; every second parcel is released, or all of them are. */
function row(o: { all: boolean; change?: (index: number) => Partial<FixtureParcel> }): {
  line: LineFixture;
  at: number;
} {
  const line = new LineFixture().warmUp();
  const at = line.nowMs + 100;
  for (let i = 0; i < PARCELS; i++) {
    if (o.all || i % 2 === 0) line.release(`P${i}`);
    line.put({ code: `P${i}`, atMs: at + i * PITCH_MS, ...o.change?.(i) });
  }
  return { line, at };
}

const isReleased = (line: LineFixture, code: string | null): boolean => line.records.has(code ?? "");
const strangers = (line: LineFixture) =>
  line.parcels.filter(({ code, where }) => where === "out" && !isReleased(line, code)).map(({ code }) => code);
const spared = (line: LineFixture) =>
  line.parcels.filter(({ code, where }) => isReleased(line, code) && where !== "out").map(({ code }) => code);

const runOut = (line: LineFixture, at: number): LineFixture => line.runTo(at + PARCELS * PITCH_MS + 6000);

/** When the front of parcel 5 is at a place, in ms of the run. */
const fifthAt = (at: number, placeMm: number): number => at + 5 * PITCH_MS + (placeMm - 200) / 2;

describe.each(["in", "mid", "last"])("eye %s", (eyeId) => {
  const placeMm = { in: 200, mid: 2000, last: 5800 }[eyeId] ?? 0;

  test.each([true, false])(
    "misses one parcel of a row (all released: %s): at most three ride to the safe end",
    (all) => {
      const { line, at } = row({ all, change: (i) => (i === 5 ? { hiddenFrom: [eyeId] } : {}) });
      runOut(line, at);
      expect(strangers(line)).toEqual([]);
      expect(spared(line).length).toBeLessThanOrEqual(3);
      expect(line.facts("breach")).toEqual([]);
      expect(line.facts("end")).toHaveLength(eyeId === "in" ? PARCELS - 1 : PARCELS);
    },
  );

  const offsets = [-320, -200, -100, -40, -10, 10, 40, 60, 90, 110, 150, 250];
  test.each(offsets)(
    "sees something more %i ms after the front of a parcel: at most three ride to the safe end, five where that makes a parcel without telegram",
    (ms) => {
      const most = eyeId === "in" ? 5 : 3;
      for (const all of [true, false]) {
        const { line, at } = row({ all });
        line.runTo(fifthAt(at, placeMm) + ms);
        const isDark = ms >= 0 && ms <= 100;
        line.edge(eyeId, isDark ? "light" : "dark");
        line.runTo(line.nowMs + 15);
        line.edge(eyeId, isDark ? "dark" : "light");
        runOut(line, at);
        expect(strangers(line)).toEqual([]);
        expect([ms, all, spared(line).length <= most, spared(line)]).toEqual([ms, all, true, spared(line)]);
        expect(line.facts("breach")).toEqual([]);
      }
    },
  );
});

test("after the doubt the belt sorts again before a belt length has gone by", () => {
  const { line, at } = row({ all: true, change: (i) => (i === 5 ? { hiddenFrom: ["mid"] } : {}) });
  runOut(line, at);
  const names = line.parcels.flatMap(({ code, where }) => (where === "out" ? [code] : []));
  expect(names).toContain("P8");
  expect(names).toContain("P11");
});

describe("a parcel that is not where it was", () => {
  const shifts = [-430, -400, -300, -200, -100, -50, -30, -20, -10, -5, 5, 10, 20, 30, 50, 100, 200, 300, 400, 430];
  test.each(shifts)("shifted by %i mm between two eyes: no name goes to its neighbour", (mm) => {
    for (const index of [4, 5]) {
      const { line, at } = row({ all: false });
      line.runTo(at + index * PITCH_MS + 650);
      const shifted = line.parcels[index];
      if (shifted !== undefined) shifted.frontMm += mm;
      runOut(line, at);
      expect([index, strangers(line)]).toEqual([index, []]);
      expect(spared(line).length).toBeLessThanOrEqual(3);
      expect(line.facts("breach")).toEqual([]);
    }
  });

  test("beyond its error, but found: an alarm, and everything on the belt is known less well", () => {
    const { line, at } = row({ all: true });
    line.runTo(at + 5 * PITCH_MS + 650);
    const slipped = line.parcels[5];
    if (slipped !== undefined) slipped.frontMm -= 27;
    const errorOf = () => line.core.snapshot(0).belts[0]?.items.at(-1)?.errorUm ?? 0;
    line.runTo(fifthAt(at, 2000) + 5);
    const before = errorOf();
    line.runTo(fifthAt(at, 2000) + 25);
    expect(line.facts("alarm").map(({ code, source }) => [code, source])).toEqual([["BELT_SLIPS", "b"]]);
    expect(errorOf()).toBeGreaterThan(before + 1000);
    runOut(line, at);
    expect(strangers(line)).toEqual([]);
  });

  test("a belt whose parcels lie still raises no slip", () => {
    const { line, at } = row({ all: true });
    runOut(line, at);
    expect(line.facts("alarm")).toEqual([]);
    expect(spared(line)).toEqual([]);
  });
});

describe("more than one parcel", () => {
  test("closer than the proved gap at induction both ride to the safe end, and say why", () => {
    const line = new LineFixture().warmUp().release("A1").release("A2").release("A3");
    const at = line.nowMs + 100;
    line.put({ code: "A1", atMs: at }, { code: "A2", atMs: at + 300 }, { code: "A3", atMs: at + 700 });
    line.runTo(at + 8000);
    expect(line.ends()).toMatchObject([
      { end: "arrived", chuteId: "out", reason: "RELEASED" },
      { chuteId: "end", reason: "ITEM_TOO_CLOSE" },
      { chuteId: "end", reason: "ITEM_TOO_CLOSE" },
    ]);
  });

  test("at the proved gap nobody is too close", () => {
    const { line, at } = row({ all: true });
    runOut(line, at);
    expect(spared(line)).toEqual([]);
  });

  test.each([0, 3, 8])(
    "one laid %i mm behind a released one, past the induction eye, does not leave with it",
    (gapMm) => {
      const line = new LineFixture().warmUp().release("A1");
      const at = line.nowMs + 100;
      line.put({ code: "A1", atMs: at }).runTo(at + 500);
      line.put({ code: "", atMs: 0, lengthMm: 180 });
      const [first, laid] = line.parcels;
      if (first !== undefined && laid !== undefined) laid.frontMm = first.frontMm - first.lengthMm - gapMm;
      line.runTo(at + 8000);
      expect([...line.where("A1"), ...line.where("")]).toEqual(["end", "end"]);
      // A gap that a sample shows makes the laid one a stranger.
      expect(line.ends()[0]?.reason).toBe(gapMm === 0 ? "ITEM_LENGTH_CHANGED" : "ITEM_NEIGHBOUR_ASTRAY");
    },
  );

  test("a parcel that was turned on the way is in doubt: it may be another one", () => {
    const line = new LineFixture().warmUp().release("A1");
    const at = line.nowMs + 100;
    line.put({ code: "A1", atMs: at }).runTo(at + 500);
    const [turned] = line.parcels;
    if (turned !== undefined) turned.lengthMm = 120;
    line.runTo(at + 8000);
    // What came to the safe end is not said to be it.
    expect(line.ends()).toMatchObject([{ end: "divertedUnseen", chuteId: "end", reason: "ITEM_LENGTH_CHANGED" }]);
  });

  test("turned sideways at induction it is shorter than a parcel may be", () => {
    const line = new LineFixture().warmUp().release("A1");
    line.put({ code: "A1", atMs: line.nowMs + 100, lengthMm: 50 }).runTo(line.nowMs + 8000);
    expect(line.ends()).toMatchObject([{ chuteId: "end", reason: "ITEM_TOO_SHORT" }]);
  });
});

describe("hands on the belt between two eyes", () => {
  test("a parcel taken off: its neighbours keep their names, and it costs nobody else", () => {
    const { line, at } = row({ all: false });
    line.runTo(at + 4 * PITCH_MS + 600);
    const taken = line.parcels[4];
    if (taken !== undefined) taken.where = "end";
    runOut(line, at);
    expect(strangers(line)).toEqual([]);
    expect(spared(line)).toEqual(["P4"]);
  });

  test.each([250, 330, 420])("a parcel added %i mm ahead of another: nobody takes its place or its name", (mm) => {
    const { line, at } = row({ all: false });
    line.runTo(at + 4 * PITCH_MS + 650);
    const [before] = line.parcels.slice(4);
    line.put({ code: "", atMs: 0, lengthMm: 150 });
    const added = line.parcels.at(-1);
    if (added !== undefined && before !== undefined) added.frontMm = before.frontMm + mm;
    runOut(line, at);
    expect(strangers(line)).toEqual([]);
    expect(spared(line).length).toBeLessThanOrEqual(3);
  });
});
