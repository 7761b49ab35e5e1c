// Parcels that stand between two eyes while the belt moves: nobody sees it, and no gate may take one of them for another.
import { describe, expect, test } from "vitest";
import type { EyeLayout } from "../../../src/line/layout.ts";
import { LineFixture, oneGateLayout } from "./line-fixture.ts";

const reasons = (line: LineFixture): string[] => line.facts("end").map(({ reason }) => reason);

/** An unreleased parcel and a released one, 720 mm apart; the first stands at a place for so long. */
function heldUp(o: { placeMm: number; forMs: number }): LineFixture {
  const line = new LineFixture().warmUp().release("R");
  const at = line.nowMs + 100;
  line.put({ code: "U", atMs: at }, { code: "R", atMs: at + 360 });
  line.runTo(at + (o.placeMm - 200) / 2).holdAt(o.placeMm);
  line.runTo(line.nowMs + o.forMs).holdAt(null);
  return line.runTo(at + 8000);
}

describe("an unreleased parcel that stands between the last eye and the gate, or in it", () => {
  const places = [2300, 2500, 2700, 2900, 2990, 3050, 3190, 3300, 3390];
  test.each(places.flatMap((placeMm) => [80, 200, 300, 360, 450, 700].map((forMs) => ({ placeMm, forMs }))))(
    "at $placeMm mm for $forMs ms: never leaves, whatever comes behind it",
    (o) => {
      const line = heldUp(o);
      expect(line.where("U")).toEqual(["end"]);
      expect(line.facts("breach")).toEqual([]);
      const arrived = line.facts("end").filter(({ end, chuteId }) => end === "arrived" && chuteId === "out");
      expect(arrived).toHaveLength(line.where("R")[0] === "out" ? 1 : 0);
    },
  );

  test("the follower rides on, and its reason says that nobody saw the zone free", () => {
    const line = heldUp({ placeMm: 2900, forMs: 200 });
    expect(line.where("R")).toEqual(["end"]);
    expect(line.facts("lastLook").flatMap(({ refusals }) => refusals.map(({ code }) => code))).toEqual([
      "LAW_ZONE_UNSEEN",
    ]);
    expect(reasons(line)).toContain("LAW_ZONE_UNSEEN");
  });

  test("the one after the follower is sorted again", () => {
    const line = new LineFixture().warmUp().release("R").release("S");
    const at = line.nowMs + 100;
    line.put({ code: "U", atMs: at }, { code: "R", atMs: at + 360 }, { code: "S", atMs: at + 1500 });
    line.runTo(at + 1350).holdAt(2900);
    line.runTo(at + 1550).holdAt(null);
    line.runTo(at + 9000);
    expect([...line.where("U"), ...line.where("R"), ...line.where("S")]).toEqual(["end", "end", "out"]);
  });
});

describe("a stranger that a hand has laid right behind a released parcel, and the last eye before the gate is read late", () => {
  /** That eye at 2500 mm is asked for the last time when the parcel's tail should have left it by so many mm. */
  function touched(o: { pastMm: number; hasStranger: boolean }): LineFixture {
    const layout = oneGateLayout();
    const belts = layout.belts.map((belt) => ({
      ...belt,
      eyes: belt.eyes.map((eye) => (eye.id === "mid" ? { ...eye, atUm: 2_500_000 } : eye)),
    }));
    const line = new LineFixture({ ...layout, belts }).warmUp().release("A1");
    const at = line.nowMs + 100;
    line.put({ code: "A1", atMs: at });
    if (o.hasStranger) line.put({ code: "S", atMs: at + 100, hiddenFrom: ["in"] });
    // It is laid there behind the scanner.
    for (const parcel of line.parcels) if (parcel.code === "S") parcel.read = true;
    line.runTo(at + (2500 + o.pastMm) / 2);
    line.isHeldUp = true;
    line.runTo(at + 1420);
    line.isHeldUp = false;
    return line.runTo(at + 8000);
  }

  test.each([32, 36, 40])("its tail should have left it %i mm before: neither leaves", (pastMm) => {
    const line = touched({ pastMm, hasStranger: true });
    expect(line.where("S")).toEqual(["end"]);
    expect(line.where("A1")).toEqual(["end"]);
  });

  test("without one, and with the eye asked in time, it leaves", () => {
    expect(touched({ pastMm: 30, hasStranger: false }).where("A1")).toEqual(["out"]);
  });
});

describe("a held parcel that went, unseen, into a chute further on, and a released one behind it", () => {
  function followed(): LineFixture {
    const layout = oneGateLayout();
    const belts = layout.belts.map((belt) => ({ ...belt, eyes: belt.eyes.filter(({ id }) => id !== "store-eye") }));
    const chutes = layout.chutes.map((chute) => (chute.id === "store" ? { ...chute, eyeId: null } : chute));
    const line = new LineFixture({ ...layout, belts, chutes }).warmUp().release("H").hold("H").release("R");
    const at = line.nowMs + 100;
    line.put({ code: "H", atMs: at }, { code: "R", atMs: at + 1700 });
    return line.runTo(at + 8000);
  }

  test("the eye behind the gate has seen the tail of the first: the second one leaves", () => {
    const line = followed();
    expect(line.facts("end").map(({ end, chuteId }) => ({ end, chuteId }))).toMatchObject([
      { end: "divertedUnseen", chuteId: "store" },
      { end: "arrived", chuteId: "out" },
    ]);
    expect([...line.where("H"), ...line.where("R")]).toEqual(["store", "out"]);
  });
});

describe("the eye before the gate is asked late, and a parcel's length is known badly there", () => {
  interface Pause {
    fromMs: number;
    toMs: number;
  }

  /**
   * That eye at 2200 mm is not asked around the moments when a front, and a tail, come there: ms before and after.
   * @param o.eye what else is said of it
   */
  function askedLate(o: {
    front: Pause | null;
    tail: Pause | null;
    strangerMm: number | null;
    eye?: Partial<EyeLayout>;
  }): LineFixture {
    const layout = oneGateLayout();
    const belts = layout.belts.map((belt) => ({
      ...belt,
      eyes: belt.eyes.map((eye) => (eye.id === "mid" ? { ...eye, ...o.eye, atUm: 2_200_000 } : eye)),
    }));
    const line = new LineFixture({ ...layout, belts }).warmUp().release("A1");
    const at = line.nowMs + 100;
    line.put({ code: "A1", atMs: at });
    if (o.strangerMm !== null) line.put({ code: "S", atMs: at + 100, lengthMm: o.strangerMm, hiddenFrom: ["in"] });
    for (const parcel of line.parcels) if (parcel.code === "S") parcel.read = true;
    const pauses: [number, Pause | null][] = [
      [at + 1000, o.front],
      [at + 1000 + (200 + (o.strangerMm ?? 0)) / 2, o.tail],
    ];
    for (const [ms, pause] of pauses) {
      if (pause === null) continue;
      line.runTo(ms + pause.fromMs);
      line.isHeldUp = true;
      line.runTo(ms + pause.toMs);
      line.isHeldUp = false;
    }
    return line.runTo(at + 8000);
  }

  const late = { fromMs: -28, toMs: 2 };

  test.each([
    { of: "front", front: late, tail: null },
    { of: "tail", front: null, tail: late },
  ])("once, at its $of: the other edge leaves no room for another parcel, and it leaves", ({ front, tail }) => {
    expect(askedLate({ front, tail, strangerMm: null }).where("A1")).toEqual(["out"]);
  });

  test("at both: it rides on, since the shortest parcel could touch it", () => {
    const line = askedLate({ front: { fromMs: -38, toMs: 3 }, tail: { fromMs: -38, toMs: 3 }, strangerMm: null });
    expect(line.where("A1")).toEqual(["end"]);
    expect(line.facts("lastLook").at(-1)?.refusals).toMatchObject([{ code: "LAW_ZONE_UNSEEN" }]);
  });

  test("a stranger that touches it never leaves with it, however the pauses fall", () => {
    let shown = 0;
    for (const fromMs of [-7, -17, -27, -37, -47])
      for (const toMs of [3, 8, 13, 18])
        for (const tailFromMs of [-12, -22, -32, -42]) {
          const line = askedLate({
            ...{ front: { fromMs, toMs }, tail: { fromMs: tailFromMs, toMs: 3 } },
            strangerMm: 100,
          });
          expect([...line.where("A1"), ...line.where("S")]).toEqual(["end", "end"]);
          if (line.facts("lastLook").at(-1)?.refusals[0]?.code === "LAW_ZONE_UNSEEN") shown++;
        }
    // Elsewhere its length is not its own any more, or nobody knows what came there.
    expect(shown).toBeGreaterThan(10);
  });

  /** None of them is so coarse that the shortest parcel is lost in what it leaves open on any day. */
  const coarse = [{ debounceNs: 10e6 }, { sampleNs: 20e6, apartNs: 20e6 }];

  test.each(coarse)("nor with a coarse eye that is asked late (%o)", (eye) => {
    for (const fromMs of [-2, -7, -17])
      for (const toMs of [3, 8, 13, 18, 23])
        for (const tail of [null, { fromMs: -12, toMs: 3 }, { fromMs: -22, toMs: 3 }])
          for (const strangerMm of [100, 120]) {
            const line = askedLate({ eye, front: { fromMs, toMs }, tail, strangerMm });
            expect([fromMs, toMs, tail, ...line.where("A1"), ...line.where("S")]).toEqual([
              fromMs,
              toMs,
              tail,
              "end",
              "end",
            ]);
          }
  });
});

describe("a stranger that a hand has laid close behind a released parcel, and the last eye before the gate is read late", () => {
  /** That eye at 2200 mm is asked for the last time when the parcel's tail has left it by so many mm. */
  function followed(o: { pastMm: number; gapMm: number | null }): LineFixture {
    const layout = oneGateLayout();
    const belts = layout.belts.map((belt) => ({
      ...belt,
      eyes: belt.eyes.map((eye) => (eye.id === "mid" ? { ...eye, atUm: 2_200_000 } : eye)),
    }));
    const line = new LineFixture({ ...layout, belts }).warmUp().release("A1");
    const at = line.nowMs + 100;
    line.put({ code: "A1", atMs: at, lengthMm: 270 });
    if (o.gapMm !== null) line.put({ code: "S", atMs: at + (270 + o.gapMm) / 2, hiddenFrom: ["in"] });
    for (const parcel of line.parcels) if (parcel.code === "S") parcel.read = true;
    line.runTo(at + (2200 + 270 - 200 + o.pastMm) / 2);
    line.isHeldUp = true;
    // The gate goes home by itself, and nobody can call it home before.
    line.runTo(at + 1700);
    line.isHeldUp = false;
    return line.runTo(at + 8000);
  }

  test.each([265, 275, 285])("%i mm behind, and not seen yet: neither leaves", (gapMm) => {
    const line = followed({ pastMm: 260, gapMm });
    expect(line.where("S")).toEqual(["end"]);
    expect(line.where("A1")).toEqual(["end"]);
    expect(line.facts("lastLook").at(-1)?.refusals).toMatchObject([{ code: "LAW_ZONE_UNSEEN" }]);
  });

  test("without one, and with the eye asked for long enough, it leaves", () => {
    expect(followed({ pastMm: 320, gapMm: null }).where("A1")).toEqual(["out"]);
  });
});

describe("a stranger that a hand has laid right before a released parcel, and that came to the last eye while nobody looked", () => {
  /** The device of all eyes is away for 100 ms, and back before the stranger has left the eye at 2000 mm. */
  function passed(o: { hasStranger: boolean }): LineFixture {
    const line = new LineFixture().warmUp().release("A1");
    const at = line.nowMs + 300;
    if (o.hasStranger) line.put({ code: "S", atMs: at - 145, hiddenFrom: ["in"] });
    for (const parcel of line.parcels) parcel.read = true;
    line.put({ code: "A1", atMs: at });
    line.runTo(at + 720);
    line.send({ kind: "device", deviceId: "plc", connected: false, armed: false });
    line.connected = false;
    line.runTo(at + 820);
    line.connect();
    return line.runTo(at + 8000);
  }

  test("is seen to leave it: neither leaves the line", () => {
    const line = passed({ hasStranger: true });
    expect([...line.where("S"), ...line.where("A1")]).toEqual(["end", "end"]);
  });

  test("without one the parcel leaves", () => {
    expect(passed({ hasStranger: false }).where("A1")).toEqual(["out"]);
  });
});

test("a released parcel that stands before its gate: nothing that follows into another chute is let go behind it", () => {
  const line = new LineFixture().warmUp().release("R").release("H").hold("H");
  const at = line.nowMs + 100;
  line.put({ code: "R", atMs: at }, { code: "H", atMs: at + 360 });
  line.runTo(at + 1370).holdAt(2950);
  line.runTo(at + 1900).holdAt(null);
  line.runTo(at + 8000);
  expect(line.facts("breach")).toEqual([]);
  expect(line.where("H")).not.toContain("out");
});

test("of parcels into one chute that are held up before its gate, none is said to have arrived that rides on", () => {
  for (const forMs of [100, 200, 300, 360, 420, 600, 900]) {
    const line = new LineFixture().warmUp();
    const at = line.nowMs + 100;
    const codes = ["A", "B", "C", "D"];
    for (const [index, code] of codes.entries()) line.release(code).put({ code, atMs: at + index * 360 });
    line.runTo(at + 1380).holdAt(2960);
    line.runTo(at + 1380 + forMs).holdAt(null);
    line.runTo(at + 10_000);
    expect(line.facts("breach")).toEqual([]);
    for (const { end, chuteId, waybill } of line.facts("end"))
      if (end === "arrived") expect([forMs, waybill, ...line.where(waybill)]).toEqual([forMs, waybill, chuteId]);
  }
});

test("a parcel that its chute's eye should have seen by now may stand before its gate: it is not moved for the next one", () => {
  const line = new LineFixture().warmUp().release("A").release("B");
  const at = line.nowMs + 100;
  line.put({ code: "A", atMs: at }, { code: "B", atMs: at + 1800 });
  line.runTo(at + 1370).holdAt(2950);
  line.runTo(at + 3170).holdAt(null);
  line.runTo(at + 9000);
  expect(line.facts("end").find(({ waybill }) => waybill === "A")).toMatchObject({ end: "divertedUnseen" });
  const [, ofB] = line.facts("lastLook");
  expect(ofB).toMatchObject({ go: false, refusals: [{ code: "LAW_ZONE_UNSEEN" }] });
  expect([...line.where("A"), ...line.where("B")]).toEqual(["end", "end"]);
});

test("a parcel that stands in its gate, and is held by customs meanwhile, is not taken for the next one of its chute", () => {
  const line = new LineFixture().warmUp().release("A").release("B");
  const at = line.nowMs + 100;
  line.put({ code: "A", atMs: at }, { code: "B", atMs: at + 1500 });
  line.runTo(at + 1390).holdAt(2990);
  line.runTo(at + 2200);
  line.hold("A").hint("A");
  expect(line.facts("lateHold")).toHaveLength(1);
  // Somebody unlocks the chute without having found the parcel in it.
  const unlock = { command: "unlockChute", chuteId: "out" } as const;
  const request = { id: "u", what: unlock, who: "o", roles: ["officer" as const], untilNs: 1e15, eventAtMs: 0 };
  line.send({ kind: "operator", tag: 1, request });
  line.runTo(at + 2400);
  line.holdAt(null);
  line.runTo(at + 9000);
  expect(line.where("A")).toEqual(["end"]);
  expect(line.facts("breach")).toEqual([]);
});

describe("a stranger that a hand lays down where the line takes a parcel to be that is held up, and one ahead of that is missing", () => {
  /** Two released parcels are held up between the scanner and the next eye; the stranger lies so far from the second's place. */
  function laidInPlace(o: { offMm: number; hasStranger: boolean }): LineFixture {
    const line = new LineFixture().warmUp().release("B").release("C");
    const at = line.nowMs + 100;
    line.put({ code: "B", atMs: at }, { code: "C", atMs: at + 360 });
    line.put({ code: "S", atMs: Number.POSITIVE_INFINITY, lengthMm: 190 });
    line.runTo(at + 700).holdAt(1700);
    line.runTo(at + 360 + 800);
    for (const parcel of line.parcels)
      if (parcel.code === "S" && o.hasStranger) Object.assign(parcel, { frontMm: 1800 + o.offMm, read: true });
    line.runTo(at + 2500).holdAt(null);
    return line.runTo(at + 9000);
  }

  test.each([-25, -16, -8, 0, 8, 16, 25])("%i mm from it: it does not leave", (offMm) => {
    const line = laidInPlace({ offMm, hasStranger: true });
    expect(line.where("S")).toEqual(["end"]);
    expect(line.facts("breach")).toEqual([]);
  });

  test("exactly in its place: the reason says that the parcel ahead was missing", () => {
    expect(reasons(laidInPlace({ offMm: 0, hasStranger: true }))).toContain("ITEM_NEIGHBOUR_ASTRAY");
  });
});

describe("a stranger in the place of the first parcel that is held up: nobody ahead of it is missing", () => {
  /** The stranger lies in the first one's place; the second is held up too, or the first comes by itself after a moment. */
  function inFirstPlace(o: { isFollowed: boolean; forMs: number }): LineFixture {
    const line = new LineFixture().warmUp().release("A").release("B").release("C");
    const at = line.nowMs + 800;
    line.put({ code: "A", atMs: at - 700 }, { code: "B", atMs: at });
    if (o.isFollowed) line.put({ code: "C", atMs: at + 300 });
    line.put({ code: "S", atMs: Number.POSITIVE_INFINITY, lengthMm: 190 });
    line.runTo(at + 700).holdAt(1700);
    line.runTo(at + 800);
    for (const parcel of line.parcels) if (parcel.code === "S") Object.assign(parcel, { frontMm: 1800, read: true });
    line.runTo(at + 750 + o.forMs).holdAt(null);
    return line.runTo(at + 9000);
  }

  test.each([
    { isFollowed: true, forMs: 1500, what: "the second is missing" },
    { isFollowed: false, forMs: 350, what: "the first comes late, and nobody expects it" },
  ])("$what: the stranger does not leave", (o) => {
    const line = inFirstPlace(o);
    expect([...line.where("A"), ...line.where("S")]).toEqual(["out", "end"]);
    expect(line.facts("breach")).toEqual([]);
  });
});

test.each([320, 330, 340])(
  "the first is held up for just the distance to the second, %i ms, and comes in its place, the second touching it: the stranger does not leave",
  (forMs) => {
    const layout = oneGateLayout();
    const belts = layout.belts.map((belt) => ({
      ...belt,
      eyes: belt.eyes.map((eye) => (eye.id === "mid" ? { ...eye, atUm: 1_700_000 } : eye)),
    }));
    const line = new LineFixture({ ...layout, belts }).warmUp().release("A").release("B");
    const at = line.nowMs + 100;
    line.put({ code: "A", atMs: at }, { code: "B", atMs: at + 330 });
    line.put({ code: "S", atMs: Number.POSITIVE_INFINITY });
    line.runTo(at + 600).holdAt(1500);
    line.runTo(at + 700);
    for (const parcel of line.parcels) if (parcel.code === "S") Object.assign(parcel, { frontMm: 1600, read: true });
    line.runTo(at + 650 + forMs).holdAt(null);
    line.runTo(at + 8000);
    expect(line.where("S")).toEqual(["end"]);
    expect(line.facts("breach")).toEqual([]);
  },
);

test("behind one that is missing at an eye before the scanner: the label that is read there counts", () => {
  const layout = oneGateLayout();
  const belts = layout.belts.map((belt) => ({
    ...belt,
    eyes: belt.eyes.map((eye) => (eye.id === "mid" ? { ...eye, atUm: 800_000 } : eye)),
  }));
  const line = new LineFixture({ ...layout, belts }).warmUp().release("B").release("C");
  const at = line.nowMs + 100;
  line.put(
    { code: "B", atMs: at, hiddenFrom: ["mid"] },
    { code: "C", atMs: at + 600 },
    { code: "C2", atMs: at + 1300 },
  );
  line.runTo(at + 8000);
  expect(line.where("C")).toEqual(["out"]);
});

describe("what nobody saw leave is in the way of the next one only", () => {
  test("a parcel taken off between the last eye and the gate", () => {
    const line = new LineFixture().warmUp().release("R").release("S");
    const at = line.nowMs + 100;
    line.put({ code: "U", atMs: at }, { code: "R", atMs: at + 400 }, { code: "S", atMs: at + 800 }).runTo(at + 1200);
    for (const parcel of line.parcels) if (parcel.code === "U") parcel.where = "end";
    line.runTo(at + 8000);
    expect([...line.where("R"), ...line.where("S")]).toEqual(["end", "out"]);
  });

  test("the first parcel of a later run, for what was on the belt may stand somewhere; the next one is sorted", () => {
    const before = new LineFixture().warmUp();
    const line = new LineFixture(oneGateLayout(), before).warmUp().release("R").release("S");
    const at = line.nowMs + 100;
    line.put({ code: "R", atMs: at }, { code: "S", atMs: at + 400 }).runTo(at + 6000);
    expect([...line.where("R"), ...line.where("S")]).toEqual(["end", "out"]);
    expect(reasons(line)).toContain("LAW_ZONE_UNSEEN");
  });
});

/** A parcel that comes by no eye: it is on the belt from when it is laid there. */
function unseen(line: LineFixture, code: string): { layAt(frontMm: number, o?: { bounces: boolean }): void } {
  line.put({ code, atMs: Number.POSITIVE_INFINITY });
  const riding = line.parcels.at(-1);
  if (riding === undefined) throw new Error("it was put");
  riding.read = true;
  return { layAt: (frontMm, o = { bounces: false }) => Object.assign(riding, { frontMm, ...o }) };
}

/** It rides past a gate that is out, just behind whom that has taken; and no gate that it comes to later misses it. */
function bumpPast(line: LineFixture, code: string, untilMs: number): void {
  line.runTo(untilMs);
  for (const parcel of line.parcels) if (parcel.code === code) parcel.bounces = false;
}

/** Gate g1 leads to storage and g2 out, and the last eye is right before g2, whose command is due before a tail shows there. */
function storageFirst(eyesMm: Readonly<Record<string, number>>): LineFixture {
  const layout = oneGateLayout();
  const [out, store, end] = layout.chutes;
  const [belt] = layout.belts;
  const [released, hold] = layout.routes;
  if (!out || !store || !end || !belt || !released || !hold) throw new Error("the fixture's layout has changed");
  const eyes = belt.eyes.flatMap((eye) => {
    const atMm = eyesMm[eye.id];
    if (atMm !== undefined) return [{ ...eye, atUm: atMm * 1000 }];
    return eye.id.startsWith("past") ? [] : [eye];
  });
  return new LineFixture({
    ...layout,
    chutes: [{ ...out, zone: store.zone }, { ...store, zone: out.zone }, end],
    routes: [
      { ...released, to: ["store"] },
      { ...hold, to: ["out"] },
    ],
    belts: [{ ...belt, eyes }],
  }).warmUp();
}

test("of two that were sent into one chute one is seen there, and it may be either: the other is not taken for the one behind both", () => {
  const line = storageFirst({ past1: 3750 }).release("A").hold("A").release("B").hold("B").release("R");
  const at = line.nowMs + 100;
  line.put({ code: "A", atMs: at, bounces: true }, { code: "B", atMs: at + 600 }, { code: "R", atMs: at + 1600 });
  // The eye misses it before the chute's eye has seen it.
  line.slideMs = 450;
  line.holdAt(3600);
  line.runTo(at + 2900);
  expect([...line.where("A"), ...line.where("B")]).toEqual(["belt", "out"]);
  expect(line.ends().map(({ end }) => end)).toEqual(["divertedUnseen", "divertedUnseen"]);
  const [stuck] = line.parcels;
  if (stuck !== undefined) stuck.bounces = false;
  // The released one has pushed against it for as long as it takes the other's length.
  line.runTo(at + 3300).holdAt(null);
  line.runTo(at + 8900);
  expect([...line.where("A"), ...line.where("R")]).toEqual(["end", "end"]);
  expect(line.facts("breach")).toEqual([]);
});

describe("what the first eye behind a gate has seen in the place of a parcel that is in its chute", () => {
  test("may stand there, and no gate behind that eye is moved for the next parcel", () => {
    const line = new LineFixture().warmUp().release("R").release("S").hold("S");
    const at = line.nowMs + 100;
    line.put({ code: "R", atMs: at }, { code: "S", atMs: at + 400 });
    const stranger = unseen(line, "U");
    line.runTo(at + 1500);
    stranger.layAt(3200, { bounces: true });
    bumpPast(line, "U", at + 1700);
    line.holdAt(3900);
    line.runTo(at + 2150).holdAt(null);
    line.runTo(at + 8000);
    expect(line.ends()).toContainEqual({ end: "arrived", chuteId: "out", reason: "RELEASED" });
    expect([...line.where("U"), ...line.where("S")]).toEqual(["end", "end"]);
    expect(line.facts("lastLook").at(-1)?.refusals).toMatchObject([{ code: "LAW_ZONE_UNSEEN" }]);
  });

  test("may come to the next eye in the next parcel's place, which has to show its own tail then", () => {
    const line = storageFirst({ past1: 3210, past2: 3750 }).release("R").hold("R").release("S");
    const at = line.nowMs + 100;
    const stranger = unseen(line, "U");
    line.put({ code: "R", atMs: at }, { code: "S", atMs: at + 400 });
    line.runTo(at + 1500);
    stranger.layAt(3200, { bounces: true });
    line.holdAt(3700);
    bumpPast(line, "U", at + 1750);
    line.runTo(at + 1900);
    expect(line.ends()).toMatchObject([{ end: "arrived", chuteId: "out" }]);
    line.runTo(at + 2150).holdAt(null);
    line.runTo(at + 9000);
    expect([...line.where("U"), ...line.where("S")]).toEqual(["end", "end"]);
    expect(line.facts("breach")).toEqual([]);
  });
});

test("a stranger that an eye has seen may stand behind it, also when nobody could look at that eye for a moment", () => {
  const line = new LineFixture().warmUp().release("R");
  const at = line.nowMs + 100;
  line.put({ code: "R", atMs: at });
  const stranger = unseen(line, "U");
  line.runTo(at + 200);
  stranger.layAt(1900);
  line.holdAt(2900);
  line.runTo(at + 400);
  line.send({ kind: "device", deviceId: "plc", connected: false, armed: false });
  line.connected = false;
  line.runTo(at + 430);
  line.connect();
  line.runTo(at + 1300).holdAt(null);
  line.runTo(at + 8000);
  expect([...line.where("U"), ...line.where("R")]).toEqual(["end", "end"]);
  expect(line.facts("breach")).toEqual([]);
});

test("what came past two eyes while the loop stood still stands before a gate: it does not leave by the one behind it", () => {
  const line = new LineFixture().warmUp().release("R");
  const at = line.nowMs + 100;
  line.put({ code: "", atMs: at, lengthMm: 110 }, { code: "R", atMs: at + 520 });
  for (const fromMs of [at - 10, at + 890]) {
    line.runTo(fromMs).isHeldUp = true;
    line.runTo(fromMs + 100).isHeldUp = false;
  }
  line.holdAt(2900);
  line.runTo(at + 1720).holdAt(null);
  line.runTo(at + 8000);
  expect([...line.where(""), ...line.where("R")]).toEqual(["end", "end"]);
  expect(line.facts("breach")).toEqual([]);
});

test("a gate that no eye sees the end of takes only what comes behind nothing, or behind another one for its chute", () => {
  const layout = oneGateLayout();
  const belts = layout.belts.map((belt) => ({ ...belt, eyes: belt.eyes.filter(({ role }) => role !== "track") }));
  const line = new LineFixture({ ...layout, belts }).warmUp().release("R").release("S").release("T");
  const at = line.nowMs + 100;
  line.put({ code: "R", atMs: at }, { code: "S", atMs: at + 360 });
  line.put({ code: "U", atMs: at + 720 }, { code: "T", atMs: at + 1080 }).runTo(at + 8000);
  expect(["R", "S", "T"].flatMap((code) => line.where(code))).toEqual(["out", "out", "end"]);
});

describe("a parcel that stands before the scanner, and is read where the next one is to be", () => {
  test.each([180, 200, 215, 230])("for %i ms: its release is not the next one's", (forMs) => {
    const line = new LineFixture().warmUp().release("R");
    const at = line.nowMs + 100;
    // The follower's own label cannot be read, and its scanner does not say so.
    line.put({ code: "R", atMs: at, lengthMm: 110 }, { code: "", atMs: at + 280 });
    line.runTo(at + 300).holdAt(800);
    line.runTo(at + 300 + forMs).holdAt(null);
    line.runTo(at + 8000);
    expect(line.where("")).toEqual(["end"]);
    expect(line.facts("breach")).toEqual([]);
  });
});
