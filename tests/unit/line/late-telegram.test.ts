// A wire or a kernel that hands telegrams over later than one parcel's distance: each comes while the next parcel is read.
import { describe, expect, test } from "vitest";
import type { StationLayout } from "../../../src/line/layout.ts";
import { LineFixture, oneGateLayout } from "./line-fixture.ts";

const PITCH_MS = 330;
const CODES = ["A", "B", "C", "D"];

function layoutOf(change: Partial<StationLayout>) {
  const layout = oneGateLayout();
  const belts = layout.belts.map((belt) => ({
    ...belt,
    stations: belt.stations.map((station) => ({ ...station, ...change })),
  }));
  return { ...layout, belts };
}

const SAYS_NOTHING = layoutOf({ saysNoRead: [] });

/**
 * Four parcels in a row. Of each the telegrams come that are said, by its place in the row, when it is under the scanner.
 * @param o.readAs null: no telegram at all; "": one that says that nothing was read
 */
function row(o: {
  readAs: readonly (readonly string[] | null)[];
  released: readonly string[];
  layout?: ReturnType<typeof layoutOf>;
  pitchMs?: number;
  change?: (line: LineFixture) => void;
}): LineFixture {
  const line = new LineFixture(o.layout ?? oneGateLayout()).warmUp();
  o.change?.(line);
  const at = line.nowMs + 100;
  const pitchMs = o.pitchMs ?? PITCH_MS;
  for (const code of o.released) line.release(code);
  // The true labels; none of them is read by itself.
  for (const [index, code] of CODES.entries()) line.put({ code, atMs: at + index * pitchMs });
  for (const parcel of line.parcels) parcel.read = true;
  for (const [index, texts] of o.readAs.entries()) {
    line.runTo(at + index * pitchMs + 500);
    for (const text of texts ?? []) line.telegram(text === "" ? [] : [text]);
  }
  return line.runTo(at + 9000);
}

const where = (line: LineFixture): string[] => CODES.flatMap((code) => line.where(code));

describe("a parcel has left its window without a telegram, of a scanner that says so when it reads nothing", () => {
  test("its telegram comes while the next one is there, whose own is as late: that one does not leave by it", () => {
    const line = row({ readAs: [null, ["A"], ["B"], null], released: ["A"] });
    expect(where(line)).toEqual(["end", "end", "end", "end"]);
    expect(line.facts("breach")).toEqual([]);
    expect(line.ends()[1]).toMatchObject({ reason: "ITEM_NAME_IN_DOUBT" });
  });

  test("so it goes on with the one after", () => {
    const line = row({ readAs: [null, ["A"], ["B"], ["C"]], released: ["B"] });
    expect(where(line)).toEqual(["end", "end", "end", "end"]);
  });

  test("the third one behind a silent parcel is sorted again", () => {
    const line = row({ readAs: [null, ["B"], ["C"], ["D"]], released: CODES });
    expect(where(line)).toEqual(["end", "end", "end", "out"]);
  });

  test("both come while the next one is there: a conflict, and those behind it are sorted", () => {
    const line = row({ readAs: [null, ["A", "B"], ["C"], ["D"]], released: CODES });
    expect(where(line)).toEqual(["end", "end", "out", "out"]);
    expect(line.ends().map(({ reason }) => reason)).toContain("READ_CONFLICT");
  });

  test("so long ago that its telegram must have come: those behind it are sorted", () => {
    const line = row({ readAs: [null, ["B"], ["C"], ["D"]], released: CODES, pitchMs: 700 });
    expect(where(line)).toEqual(["end", "out", "out", "out"]);
  });

  test("one that was said to be unreadable is not silent", () => {
    const line = row({ readAs: [[""], ["B"], ["C"], ["D"]], released: CODES });
    expect(where(line)).toEqual(["end", "out", "out", "out"]);
  });
});

test("a scanner that says nothing when it reads nothing: behind a silent parcel the next one is sorted", () => {
  const line = row({ readAs: [null, ["B"], ["C"], ["D"]], released: CODES, layout: SAYS_NOTHING });
  expect(where(line)).toEqual(["end", "out", "out", "out"]);
});

describe("a station of two scanners, of which one says nothing", () => {
  const layout = layoutOf({ scannerIds: ["scan", "side"], saysNoRead: ["scan", "side"] });
  const sideIsDown = (line: LineFixture): void => line.send({ kind: "scanner", scannerId: "side", state: "down" });
  const changes = [
    { state: "it is there, and was never triggered", change: () => undefined },
    { state: "it is down", change: sideIsDown },
  ];

  test.each(changes)(
    "$state: what the other one says of each parcel is of that parcel, and they sort",
    ({ change }) => {
      const readAs = CODES.map((code) => [code]);
      expect(where(row({ readAs, released: CODES, layout, change }))).toEqual(["out", "out", "out", "out"]);
    },
  );

  test.each(changes)("$state: behind one of which neither has spoken two are in doubt, and no more", ({ change }) => {
    const readAs = [null, ["B"], ["C"], ["D"]];
    expect(where(row({ readAs, released: CODES, layout, change }))).toEqual(["end", "end", "end", "out"]);
  });

  test.each(changes)(
    "$state: the other one's telegrams are late: nobody leaves by the name of the one ahead",
    ({ change }) => {
      const line = row({ readAs: [null, ["A"], ["B"], null], released: ["A", "B"], layout, change });
      expect(where(line)).toEqual(["end", "end", "end", "end"]);
      expect(line.facts("breach")).toEqual([]);
    },
  );
});

test("a scanner's second telegram of two parcels that fit it counts for the second: the next one is sorted", () => {
  const line = new LineFixture().warmUp().release("E");
  const at = line.nowMs + 100;
  line.put({ code: "A", atMs: at, lengthMm: 100 }, { code: "B", atMs: at + 60, lengthMm: 100 });
  line.put({ code: "E", atMs: at + 600 }).runTo(at + 9000);
  expect(line.facts("telegram")).toHaveLength(3);
  expect(line.where("E")).toEqual(["out"]);
});

describe("something too short for a parcel darkens the induction eye between two of them", () => {
  /** Of the parcel in the row that follows it so closely that a telegram fits both. */
  const glitch = (line: LineFixture): void => {
    const at = line.nowMs + 100;
    const others = line.layout.belts.flatMap(({ eyes }) =>
      eyes.flatMap(({ id, role }) => (role === "induction" ? [] : [id])),
    );
    line.put({ code: "", atMs: at + PITCH_MS - 80, lengthMm: 40, hiddenFrom: others });
  };

  test("it owes no telegram: those behind the one next to it are sorted", () => {
    const line = row({ readAs: [["A"], ["B"], ["C"], ["D"]], released: CODES, change: glitch });
    expect(line.facts("telegram")[1]).toMatchObject({ itemId: null, spoiled: [2, 3] });
    expect(where(line)).toEqual(["end", "end", "out", "out"]);
  });

  test("what fits it may be of the silent one ahead: the next one does not leave by the name that comes in its place", () => {
    const line = row({ readAs: [null, ["A"], ["B"], null], released: CODES, change: glitch });
    expect(where(line)).toEqual(["end", "end", "end", "end"]);
    expect(line.facts("breach")).toEqual([]);
  });
});
