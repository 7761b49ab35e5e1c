// What test parcels have shown against the configuration: what is within it says nothing, what is not is ready to paste.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type BeltSays, beltDifferences } from "../../../src/cli/commission/belt-findings.ts";
import { timesOf, type WaySays, wayDifferences } from "../../../src/cli/commission/gate-findings.ts";
import { passageOf } from "../../../src/cli/commission/passage.ts";
import type { TestEdge, TestResult } from "../../../src/line/commissioning-state.ts";

const eyes = [
  { id: "in", atMm: 200 },
  { id: "track", atMm: 2600 },
  { id: "past", atMm: 3600 },
  { id: "end", atMm: 5800 },
];
const says: BeltSays = { beltId: "belt", speedMmPerS: 1000, mmPerCount: 1, eyes };

/** Edges as a belt at `speed` gives them, whose eyes stand at `atMm` and whose counter shows `scale` of what it travels. */
function edges(
  o: { speed?: number; scale?: number; moved?: Record<string, number>; noiseMm?: number[] } = {},
): TestEdge[] {
  const { speed = 1000, scale = 1, moved = {}, noiseMm = [] } = o;
  return eyes.flatMap(({ id, atMm }, index) => {
    const atUm = (atMm + (moved[id] ?? 0)) * 1000;
    const atNs = Math.round((atUm / speed / 1000) * 1e9);
    const beltUm = Math.round(atUm * scale + (noiseMm[index] ?? 0) * 1000) + 5_000_000;
    const edge = { eyeId: id, atNs, beltUm, errorUm: 3500 };
    return [
      { ...edge, edge: "dark" as const },
      { ...edge, edge: "light" as const, beltUm: beltUm + 200_000 },
    ];
  });
}
const found = (...passages: TestEdge[][]) =>
  beltDifferences(
    says,
    passages.map((each) => ({ edges: each })),
  ).map(({ about, paste }) => [about, paste]);

describe("the belt", () => {
  test("as line.yaml says: nothing, whatever the samples blur", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 4, maxLength: 4 }), (noiseMm) => {
        expect(found(edges({ noiseMm }))).toEqual([]);
      }),
    );
  });

  test("all eyes out by one share is the encoder's wheel, and the share is its new mmPerCount", () => {
    expect(found(edges({ scale: 1.02 }))).toEqual([["belt belt", "mmPerCount: 0.9804"]]);
    expect(found(edges({ scale: 0.5 }))).toEqual([["belt belt", "mmPerCount: 2"]]);
  });

  test("one eye out alone is that eye's place", () => {
    expect(found(edges({ moved: { past: 24 } }))).toEqual([["eye past", "atMm: 3624"]]);
    expect(found(edges({ moved: { track: -15 } }))).toEqual([["eye track", "atMm: 2585"]]);
  });

  test("both at once are told apart", () => {
    expect(found(edges({ scale: 1.03, moved: { past: 40 } }))).toEqual([
      ["belt belt", "mmPerCount: 0.9709"],
      ["eye past", "atMm: 3640"],
    ]);
  });

  test("a speed that is not the nominal one, by the clock", () => {
    expect(found(edges({ speed: 940 }))).toEqual([["belt belt", "speedMmPerS: 940"]]);
    expect(found(edges({ speed: 990 }))).toEqual([]);
  });

  test("without an encoder the travel is reckoned from the speed: that is what is off", () => {
    const reckoned = beltDifferences({ ...says, mmPerCount: null }, [{ edges: edges({ scale: 1.05 }) }]);
    expect(reckoned.map(({ paste }) => paste)).toEqual(["speedMmPerS: 952"]);
  });

  test("several parcels make it surer", () => {
    const out = { moved: { past: 8 } };
    expect(found(edges(out))).toEqual([]);
    expect(found(...Array.from({ length: 9 }, () => edges(out)))).toEqual([["eye past", "atMm: 3608"]]);
  });

  test("edges of more than one parcel say nothing", () => {
    const [first = [], second = []] = [edges(), edges({ moved: { past: 300 } })];
    expect(passageOf([...first, ...second], eyes)).toBeNull();
    expect(found([...first, ...second])).toEqual([]);
    expect(passageOf(first.slice(2), eyes)).toBeNull();
  });
});

const way: WaySays = {
  chuteId: "out",
  gate: { id: "g1", busMs: 15, travelMs: 100, pollMs: 5, seesOut: true, aheadMs: null },
  slideMs: [150, 1200],
};
const seen = (change: Partial<TestResult> = {}): TestResult => ({
  ...{ command: "c", chuteId: "out", code: "COLINE-TEST-01", who: "wang", itemId: 1, end: "arrived", endedIn: "out" },
  ...{ why: "TEST_PARCEL", isProved: true, awaitsPerson: false, lengthUm: 200_000, endedNs: 9e9 },
  ...{ firedNs: 1e9, answeredNs: 1.004e9, outNs: 1.11e9, homewardNs: 1.5e9, homeNs: 1.61e9, atGateNs: 1.2e9 },
  edges: [{ eyeId: "out-eye", edge: "dark", atNs: 1.7e9, beltUm: null, errorUm: 0 }],
  ...change,
});
const pastes = (change: Partial<TestResult> = {}) => wayDifferences(way, seen(change)).map(({ paste }) => paste);

describe("the gate and its chute", () => {
  test("as the configuration says", () => {
    expect(timesOf(seen())).toEqual({ answeredMs: 4, outMs: 110, homeMs: 110, slideMs: 500 });
    expect(pastes()).toEqual([]);
  });

  test("slower than travelMs, bus and poll counted", () => {
    expect(pastes({ outNs: 1.131e9 })).toEqual(["travelMs: 120"]);
    expect(pastes({ homeNs: 1.7e9 })).toEqual(["travelMs: 185"]);
  });

  test("a device that answers later than busMs", () => {
    expect(pastes({ answeredNs: 1.022e9 })).toEqual(["busMs: 25"]);
  });

  test("a PLC that tracks has the time by which its destinations are sent ahead", () => {
    const gate = { id: "g1", busMs: 15, travelMs: 50, pollMs: 5, seesOut: false, aheadMs: 400 };
    const result = seen({ answeredNs: 1.12e9, outNs: null, homewardNs: null, homeNs: null });
    expect(wayDifferences({ ...way, gate }, result)).toEqual([]);
    const late = wayDifferences({ ...way, gate }, { ...result, answeredNs: 1.412e9 });
    expect(late.map(({ paste }) => paste)).toEqual(["aheadMs: 415"]);
  });

  test("a slide outside its window", () => {
    const mouth = (atNs: number) => ({ edges: [{ ...seen().edges[0]!, atNs }] });
    expect(pastes(mouth(1.3e9))).toEqual(["slideMs: [70, 1200]"]);
    expect(pastes(mouth(2.5e9))).toEqual(["slideMs: [150, 1690]"]);
  });

  test("a switch that was not seen", () => {
    expect(wayDifferences(way, seen({ outNs: null }))).toMatchObject([{ paste: null }]);
  });

  test("a parcel that did not arrive says nothing of the slide", () => {
    expect(timesOf(seen({ isProved: false })).slideMs).toBeNull();
  });
});
