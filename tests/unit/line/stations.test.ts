// Reading stations: several scanners, one of them down, codes that contradict each other early and late, strange labels.
import { describe, expect, test } from "vitest";
import { CAPS } from "../../../src/line/caps.ts";
import type { LineLayout, StationLayout } from "../../../src/line/layout.ts";
import { LineFixture, oneGateLayout } from "./line-fixture.ts";

const SCANNERS = ["top", "side", "bottom"];

function stationOf(change: Partial<StationLayout>, layout = oneGateLayout()): LineLayout {
  const belts = layout.belts.map((belt) => ({
    ...belt,
    stations: belt.stations.map((station) => ({ ...station, ...change })),
  }));
  return { ...layout, belts };
}

/** Waybills begin with A; what begins with R is a routing code of lower rank. */
const RANKED = [
  { id: "waybill", regex: "A[0-9]+", check: "none", companies: ["ACME"], rank: 1 },
  { id: "routing", regex: "R[0-9]+", check: "none", companies: ["ACME"], rank: 2 },
] as const;

/** A parcel whose front has just come into the station's window; no scanner has spoken. */
function atStation(layout: LineLayout = stationOf({ scannerIds: SCANNERS })): { line: LineFixture; at: number } {
  const line = new LineFixture(layout).warmUp().release("A1").release("A2");
  const at = line.nowMs + 100;
  line.put({ code: "", atMs: at }).runTo(at + 450);
  return { line, at };
}

const identities = (line: LineFixture) => line.facts("decision").map(({ identity }) => identity);

describe("a station of several scanners", () => {
  test("decides when the last of them has spoken, whatever saw nothing", () => {
    const { line, at } = atStation();
    line.telegram([], "top");
    line.telegram(["A1"], "side");
    expect(identities(line)).toEqual([]);
    line.telegram([], "bottom");
    expect(identities(line)).toMatchObject([{ kind: "code", waybill: "A1" }]);
    expect(line.runTo(at + 7000).where("")).toEqual(["out"]);
  });

  test("two scanners with two waybills are a conflict", () => {
    const { line, at } = atStation();
    line.telegram(["A1"], "top");
    line.telegram(["A2"], "side");
    line.telegram([], "bottom");
    line.runTo(at + 7000);
    expect(line.ends()).toMatchObject([{ chuteId: "end", reason: "READ_CONFLICT" }]);
  });

  test("a stronger code of one scanner rules over a weaker one of another", () => {
    const { line, at } = atStation({ ...stationOf({ scannerIds: SCANNERS }), patterns: RANKED });
    line.telegram(["R7"], "top");
    line.telegram(["A1"], "side");
    line.telegram(["R9"], "bottom");
    expect(line.runTo(at + 7000).where("")).toEqual(["out"]);
  });

  test("with one scanner down the others decide at the end of the window: degraded, and sorting", () => {
    const { line, at } = atStation();
    line.send({ kind: "scanner", scannerId: "bottom", state: "down" });
    line.telegram(["A1"], "top");
    line.telegram([], "side");
    expect(identities(line)).toEqual([]);
    // The window ends with the front 350 mm past the reading line, 1150 mm past the induction eye.
    line.runTo(at + 620);
    expect(identities(line)).toMatchObject([{ kind: "code", waybill: "A1" }]);
    expect(line.runTo(at + 7000).where("")).toEqual(["out"]);
    expect(line.core.snapshot(0).belts[0]).toMatchObject({ mode: "degraded" });
  });

  test("with one scanner down a second waybill that comes after the decision is a conflict all the same", () => {
    const { line, at } = atStation();
    line.telegram(["A1"], "top");
    line.runTo(at + 575);
    expect(identities(line)).toEqual([]);
    line.runTo(at + 590);
    expect(identities(line)).toMatchObject([{ kind: "code", waybill: "A1" }]);
    // It came before the window's end and was read after it.
    line.heldUpMs = 30;
    line.telegram(["A2"], "side");
    line.heldUpMs = 10;
    line.runTo(at + 7000);
    expect(line.ends()).toMatchObject([{ chuteId: "end", reason: "READ_CONFLICT" }]);
  });

  test("a scanner of one station does not speak for a scanner of another", () => {
    const layout = stationOf({ scannerIds: ["top", "side"] });
    const far = { id: "far", atUm: 1_500_000, scannerIds: ["hand"], fromUm: 50_000, toUm: 350_000 };
    const belts = layout.belts.map((belt) => ({ ...belt, stations: [...belt.stations, far] }));
    const { line, at } = atStation({ ...layout, belts });
    line.telegram(["A1"], "top");
    line.runTo(at + 720);
    line.telegram([], "hand");
    expect(identities(line)).toMatchObject([{ kind: "code", waybill: "A1" }]);
  });
});

/** A window that reaches to the gate, so that a telegram can come when the gate is out already. */
const LONG = { scannerIds: SCANNERS, toUm: 2_200_000 };

describe("a second waybill after the decision, from another scanner", () => {
  test("withdraws the gate while that is in time", () => {
    const { line, at } = atStation(stationOf(LONG));
    for (const id of SCANNERS) line.telegram(id === "top" ? ["A1"] : [], id);
    line.runTo(at + 1320);
    expect(line.facts("lastLook").map(({ go }) => go)).toEqual([true]);
    line.telegram(["A2"], "side");
    line.runTo(at + 7000);
    expect(line.facts("withdraw").map(({ why }) => why)).toEqual(["RECALLED"]);
    expect(line.where("")).toEqual(["end"]);
  });

  test("after the point of no return it is a misread alarm, and the chute is locked", () => {
    const { line, at } = atStation(stationOf(LONG));
    for (const id of SCANNERS) line.telegram(id === "top" ? ["A1"] : [], id);
    line.runTo(at + 1390);
    line.telegram(["A2"], "side");
    line.runTo(at + 7000);
    expect(line.facts("alarm").map(({ code }) => code)).toContain("READ_AFTER_NO_RETURN");
    expect(line.facts("chute")).toMatchObject([{ chuteId: "out", locked: true }]);
  });

  test("a stronger code that is not released takes a gate back that is out on a weaker one", () => {
    const layout = { ...stationOf({ toUm: 2_200_000 }), patterns: RANKED };
    const { line, at } = atStation(layout);
    line.release("R7");
    line.telegram(["R7"]);
    line.runTo(at + 1320);
    expect(line.facts("lastLook").map(({ go }) => go)).toEqual([true]);
    // No record of it: not found is not released.
    line.telegram(["A9"]);
    line.runTo(at + 7000);
    expect(line.where("")).toEqual(["end"]);
  });
});

test("more codes on one parcel than are kept are a conflict: a waybill among the rest could not be seen", () => {
  const { line, at } = atStation(stationOf({}, { ...oneGateLayout(), patterns: [...RANKED] }));
  line.telegram(["A1", ...Array.from({ length: CAPS.codesPerItem }, (_, i) => `X${i}`), "A2"]);
  line.runTo(at + 7000);
  expect(line.ends()).toMatchObject([{ chuteId: "end", reason: "READ_CONFLICT" }]);
});

describe("two parcels that touch and ride as one", () => {
  const strong = { id: "waybill", regex: "A[0-9]+", check: "none" as const, companies: ["ACME"], rank: 1 };
  const weak = { id: "weak", regex: "B[0-9]+", check: "none" as const, companies: ["ACME"], rank: 2 };

  /** 260 mm long, as two of the belt's shortest are; the scanner speaks when each front is at its place. */
  function read(first: string[], second: string[], o: { firstMs?: number; lengthMm?: number } = {}): LineFixture {
    const { firstMs = 450, lengthMm = 260 } = o;
    const line = new LineFixture({ ...oneGateLayout(), patterns: [strong, weak] }).warmUp().release("A1");
    const at = line.nowMs + 100;
    line.put({ code: "", atMs: at, lengthMm }).runTo(at + firstMs);
    line.telegram(first);
    line.runTo(line.nowMs + 70);
    line.telegram(second);
    line.runTo(at + 7000);
    return line;
  }

  test.each([
    ["another label of a weaker rank", ["A1"], ["B2"]],
    ["no label that can be read", ["A1"], []],
    ["a label of its own, where the first had none", [], ["A1"]],
    ["codes that are no waybill", ["A1"], ["?"]],
  ])("the scanner speaks once more, of %s: neither leaves by the other's release", (_, first, second) => {
    const line = read(first, second);
    expect(line.where("")).toEqual(["end"]);
    expect(line.ends()).toMatchObject([{ chuteId: "end", reason: "READ_CONFLICT" }]);
  });

  test("the second is read when the front is out of the window: it lies under the item all the same", () => {
    for (const second of [["B2"], []]) {
      const line = read(["A1"], second, { firstMs: 550 });
      expect(line.facts("telegram").at(-1)).toMatchObject({ itemId: null, spoiled: [1] });
      expect(line.ends()).toMatchObject([{ chuteId: "end", reason: "READ_CONFLICT" }]);
    }
  });

  test("the same label read once more is nobody else's, nor is what more a scanner finds on a parcel too short to be two", () => {
    expect(read(["A1"], ["A1"]).where("")).toEqual(["out"]);
    expect(read(["A1"], ["A1", "B2"]).where("")).toEqual(["out"]);
    expect(read(["A1"], ["B2"], { lengthMm: 150 }).where("")).toEqual(["out"]);
  });
});

describe("one telegram with codes of two ranks", () => {
  const strong = { id: "waybill", regex: "A[0-9]+", check: "none" as const, companies: ["ACME"], rank: 1 };
  const weak = { id: "weak", regex: "B[0-9]+", check: "none" as const, companies: ["BETA", "ACME"], rank: 2 };

  function read(o: { lengthMm?: number; store?: (line: LineFixture) => void; late?: (line: LineFixture) => void }) {
    const line = new LineFixture({ ...oneGateLayout(), patterns: [strong, weak] }).warmUp().release("A1");
    o.store?.(line);
    const at = line.nowMs + 100;
    line.put({ code: "", atMs: at, lengthMm: o.lengthMm ?? 260 }).runTo(at + 450);
    line.telegram(["B2", "A1"]);
    line.runTo(line.nowMs + 200);
    o.late?.(line);
    line.runTo(at + 7000);
    return line;
  }

  test("customs knows both, and what came is long enough for two: nobody can say whose label is whose", () => {
    const line = read({ store: (store) => store.release("B2") });
    expect(line.facts("permit")).toEqual([]);
    expect(line.ends()).toMatchObject([{ chuteId: "end", reason: "READ_CONFLICT" }]);
    expect(read({ store: (store) => store.release("B2", { status: "pending" }) }).where("")).toEqual(["end"]);
    // A hold needs no record.
    expect(read({ store: (store) => store.hold("B2") }).where("")).toEqual(["end"]);
  });

  test("customs hears of the other one while it rides: the last look does not let it go", () => {
    const line = read({ late: (store) => store.release("B2") });
    expect(line.facts("permit")).toHaveLength(1);
    expect(line.where("")).toEqual(["end"]);
  });

  test("what customs does not know is a label of the same parcel, and so is what stands on one too short to be two", () => {
    expect(read({}).where("")).toEqual(["out"]);
    expect(read({ lengthMm: 150, store: (store) => store.release("B2") }).where("")).toEqual(["out"]);
  });

  test("read before its tail has shown how short it is: it is decided anew then", () => {
    const layout = oneGateLayout();
    const [belt] = layout.belts;
    const [station] = belt?.stations ?? [];
    if (belt === undefined || station === undefined) throw new Error("the fixture's layout is empty");
    const near = { ...station, atUm: 230_000, fromUm: 0, toUm: 150_000 };
    const line = new LineFixture({
      ...layout,
      patterns: [strong, weak],
      belts: [{ ...belt, stations: [near] }],
    }).warmUp();
    line.release("A1").release("B2");
    const at = line.nowMs + 100;
    line.put({ code: "", atMs: at, lengthMm: 150 }).runTo(at + 50);
    line.telegram(["B2", "A1"]);
    line.runTo(at + 7000);
    const decisions = line.facts("decision").map(({ why }) => why);
    expect(decisions).toEqual(["READ_CONFLICT", "RELEASED"]);
    expect(line.where("")).toEqual(["out"]);
  });
});

describe("a telegram that the wire kept back until the next parcel came", () => {
  test("is not that parcel's name when its own telegram says that nothing was read", () => {
    const line = new LineFixture().warmUp().release("A1");
    const at = line.nowMs + 100;
    line.put({ code: "", atMs: at }, { code: "", atMs: at + 315 }).runTo(at + 770);
    line.telegram(["A1"]);
    line.runTo(at + 815);
    line.telegram([]);
    line.runTo(at + 7000);
    expect(line.where("")).toEqual(["end", "end"]);
    expect(line.facts("permit")).toEqual([]);
  });
});

describe("a label that no known parcel can bear", () => {
  /** The induction eye misses a parcel that rides 430 mm behind one for the gate; no other eye comes before the gate. */
  function unseenBehind(): LineFixture {
    const layout = oneGateLayout();
    const belts = layout.belts.map((belt) => ({ ...belt, eyes: belt.eyes.filter(({ id }) => id !== "mid") }));
    const line = new LineFixture({ ...layout, belts }).warmUp().release("A1");
    const at = line.nowMs + 100;
    line.put({ code: "A1", atMs: at }, { code: "X9", atMs: at + 190, hiddenFrom: ["in"] });
    line.runTo(at + 8000);
    return line;
  }

  test("makes its stretch unknown: a parcel that the induction eye missed does not slip into the gate of its neighbour", () => {
    const line = unseenBehind();
    expect([...line.where("X9"), ...line.where("A1")]).toEqual(["end", "end"]);
    expect(line.facts("breach")).toEqual([]);
    expect(line.facts("end").find(({ waybill }) => waybill === "A1")?.reason).toBe("LAW_GAP_BEHIND");
  });

  test("read once more outside the window, a known label costs nobody anything", () => {
    const line = new LineFixture().warmUp().release("A1").release("A2");
    const at = line.nowMs + 100;
    line.put({ code: "A1", atMs: at }, { code: "A2", atMs: at + 600 }).runTo(at + 700);
    line.telegram(["A1"]);
    line.runTo(at + 8000);
    expect([...line.where("A1"), ...line.where("A2")]).toEqual(["out", "out"]);
  });
});
