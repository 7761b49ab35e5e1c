// Hand-fed parcels: the one that lies in the window gets the name that a person reads, and only where none comes by itself.
import { expect, test } from "vitest";
import type { LineLayout } from "../../../src/line/layout.ts";
import { LineFixture, oneGateLayout } from "./line-fixture.ts";

/** The station of the fixture is one of a hand-held scanner; another, fixed one may stand behind it. */
function handFed(o: { fixed: boolean }): LineLayout {
  const layout = oneGateLayout();
  const belts = layout.belts.map((belt) => ({
    ...belt,
    stations: belt.stations.flatMap((station) => [
      { ...station, isHandFed: true as const },
      ...(o.fixed ? [{ ...station, id: "fixed", atUm: 1_500_000, scannerIds: ["fixed"] }] : []),
    ]),
  }));
  const signals = { downstreamReady: { inputId: "next", deviceId: "plc" } };
  return { ...layout, belts: belts.map((belt) => ({ ...belt, signals })) };
}

/** A released parcel that lies in the hand-held scanner's window. */
function lying(layout: LineLayout): { line: LineFixture; at: number } {
  const line = new LineFixture(layout);
  line.send({ kind: "signal", inputId: "next", value: true });
  line.warmUp().release("A1");
  const at = line.nowMs + 100;
  line.put({ code: "", atMs: at }).runTo(at + 450);
  return { line, at };
}

test("on a belt that people feed, the parcel in the window is named and leaves", () => {
  const { line, at } = lying(handFed({ fixed: false }));
  line.telegram(["A1"]);
  expect(line.facts("telegram")).toMatchObject([{ itemId: 1 }]);
  line.runTo(at + 7000);
  expect(line.where("")).toEqual(["out"]);
});

test("a person reads label by label: the stronger one names the parcel", () => {
  const pattern = { check: "none" as const, companies: ["ACME"] };
  const patterns = [
    { id: "waybill", regex: "A[0-9]+", rank: 1, ...pattern },
    { id: "routing", regex: "R[0-9]+", rank: 2, ...pattern },
  ];
  const { line, at } = lying({ ...handFed({ fixed: false }), patterns });
  line.telegram(["R7"]);
  line.telegram(["A1"]);
  line.runTo(at + 7000);
  expect(line.where("")).toEqual(["out"]);
});

test("a label read while two lie in the window names neither", () => {
  const line = new LineFixture(handFed({ fixed: false })).warmUp().release("A1");
  const at = line.nowMs + 100;
  line.put({ code: "", atMs: at, lengthMm: 100 }, { code: "", atMs: at + 75, lengthMm: 100 }).runTo(at + 540);
  line.telegram(["A1"]);
  line.runTo(at + 7000);
  expect(line.where("")).toEqual(["end", "end"]);
});

test("where parcels come by themselves, a label that somebody holds in his hand names nobody", () => {
  const { line, at } = lying(handFed({ fixed: true }));
  line.telegram(["A1"]);
  expect(line.facts("telegram")).toMatchObject([{ itemId: null, codes: ["A1"] }]);
  line.runTo(at + 7000);
  expect(line.where("")).toEqual(["end"]);
});

test("while the infeed is held, the parcel in the window is named there too, and the fixed scanner may contradict", () => {
  for (const [seen, end] of [
    [[], "out"],
    [["A1"], "out"],
    [["A2"], "end"],
  ] as const) {
    const { line, at } = lying(handFed({ fixed: true }));
    holdInfeed(line);
    line.telegram(["A1"]);
    expect(line.facts("telegram")).toMatchObject([{ itemId: 1 }]);
    line.runTo(at + 750);
    line.telegram(seen, "fixed");
    line.runTo(at + 7000);
    expect(line.where(""), seen.join()).toEqual([end]);
  }
});

/** The next plant says that it takes nothing. */
function holdInfeed(line: LineFixture): void {
  line.send({ kind: "signal", inputId: "next", value: false });
  line.runTo(line.nowMs + 5);
}
