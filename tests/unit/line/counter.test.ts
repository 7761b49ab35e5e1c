// The belt's counter: wraps, resets, jumps, reversals and silence; what it cannot prove makes everything on the belt unknown.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { advanceBelt, countDelta } from "../../../src/line/belt-position.ts";
import { fromCheckpoint } from "../../../src/line/checkpoint.ts";
import type { LineLayout } from "../../../src/line/layout.ts";
import { emptyBelt } from "../../../src/line/run-start.ts";
import type { Stretch } from "../../../src/line/state.ts";
import { LineFixture, oneGateLayout } from "./line-fixture.ts";

function counterOf(bits: 16 | 32, umPerCount = 1000): LineLayout {
  const layout = oneGateLayout();
  const encoder = { id: "enc", deviceId: "plc", umPerCount, bits };
  return { ...layout, belts: layout.belts.map((belt) => ({ ...belt, encoder })) };
}

test.each([16, 32] as const)(
  "two counts of %i bits, whatever a device shows, differ by less than half a turn",
  (bits) => {
    const encoder = { id: "enc", deviceId: "plc", umPerCount: 1000, bits };
    const span = 2 ** bits;
    const shown = fc.oneof(
      fc.integer({ min: 0, max: span - 1 }),
      fc.constantFrom(0, 1, span / 2, span / 2 - 1, span - 1),
      fc.integer({ min: -3 * span, max: 3 * span }),
    );
    fc.assert(
      fc.property(shown, shown, (from, to) => {
        const delta = countDelta(encoder, from, to);
        expect(delta >= -span / 2 && delta < span / 2).toBe(true);
        expect(Math.abs(from + delta - to) % span).toBe(0);
      }),
    );
  },
);

const lost = (line: LineFixture): boolean => line.facts("alarm").some(({ code }) => code === "ENCODER_LOST");

describe.each([16, 32] as const)("a counter of %i bits", (bits) => {
  test("that wraps while a parcel rides is a counter like any other", () => {
    const line = new LineFixture(counterOf(bits));
    line.counterMm = -9500;
    line.warmUp().release("A1");
    const at = line.nowMs + 100;
    line.put({ code: "A1", atMs: at }).runTo(at + 6000);
    expect(line.where("A1")).toEqual(["out"]);
    expect(lost(line)).toBe(false);
  });

  test("that is reset to zero loses every position, and what comes in after the belt has cleared is sorted", () => {
    const line = new LineFixture(counterOf(bits));
    line.counterMm = 12_000;
    line.warmUp().release("A1").release("A2");
    const at = line.nowMs + 100;
    line.put({ code: "A1", atMs: at }).runTo(at + 900);
    line.counterMm -= line.stamps().upTo.count ?? 0;
    line.runTo(at + 5000);
    expect(lost(line)).toBe(true);
    line.put({ code: "X", atMs: line.nowMs + 100 }, { code: "A2", atMs: line.nowMs + 500 }).runTo(line.nowMs + 6000);
    expect([...line.where("A1"), ...line.where("A2")]).toEqual(["end", "out"]);
  });

  test.each([-500, -5, 400])("that jumps by %i mm loses every position", (jumpMm) => {
    const line = new LineFixture(counterOf(bits)).warmUp().release("A1");
    const at = line.nowMs + 100;
    line.put({ code: "A1", atMs: at }).runTo(at + 900);
    line.counterMm += jumpMm - 10;
    line.runTo(at + 7000);
    expect(lost(line)).toBe(true);
    expect(line.where("A1")).toEqual(["end"]);
  });
});

/** A strange parcel is put where a known one is believed to be, while nobody can see the belt. */
function whileAway(line: LineFixture, forMs: number): void {
  line.send({ kind: "device", deviceId: "plc", connected: false, armed: false });
  line.connected = false;
  line.runTo(line.nowMs + forMs);
  line.connect();
}

describe("a counter that nobody reads for a while", () => {
  test("keeps the belt's position as long as it cannot have gone half around", () => {
    const line = new LineFixture(counterOf(16)).warmUp().release("A1");
    const at = line.nowMs + 100;
    line.put({ code: "A1", atMs: at }).runTo(at + 550);
    whileAway(line, 250);
    line.runTo(at + 7000);
    expect(lost(line)).toBe(false);
    expect(line.where("A1")).toEqual(["out"]);
  });

  test.each([690, 700, 705, 715, 725])(
    "and jumps by %i mm meanwhile, which gives each parcel the place of the one behind: no position is known any more",
    (jumpMm) => {
      const line = new LineFixture(counterOf(32)).warmUp().release("R");
      const at = line.nowMs + 100;
      line.put({ code: "F", atMs: at }, { code: "R", atMs: at + 360 }, { code: "U", atMs: at + 720 }).runTo(at + 1010);
      whileAway(line, 300);
      line.counterMm -= jumpMm;
      whileAway(line, 150);
      line.runTo(at + 9000);
      expect(lost(line)).toBe(true);
      expect([...line.where("F"), ...line.where("R"), ...line.where("U")]).toEqual(["end", "end", "end"]);
      expect(line.facts("end").map(({ reason }) => reason)).toContain("ITEM_BELT_UNKNOWN");
    },
  );

  test("and what came past an eye meanwhile may have something touching it that a hand has laid there: it rides on", () => {
    const line = new LineFixture(counterOf(16)).warmUp().release("A1");
    const at = line.nowMs + 100;
    line.put({ code: "A1", atMs: at }).runTo(at + 650);
    whileAway(line, 300);
    line.runTo(at + 7000);
    expect(lost(line)).toBe(false);
    expect(line.ends()).toMatchObject([{ end: "arrived", chuteId: "end", reason: "LAW_ZONE_UNSEEN" }]);
  });

  test("after a time in which it can have gone around it tells nothing: no strange parcel gets a known one's name", () => {
    const layout = counterOf(16);
    const line = new LineFixture(layout).warmUp().release("A1");
    const at = line.nowMs + 100;
    line.put({ code: "A1", atMs: at }).runTo(at + 650);
    // 65.536 m at 2 m/s: the counter shows what it showed.
    line.send({ kind: "device", deviceId: "plc", connected: false, armed: false });
    line.connected = false;
    line.runTo(line.nowMs + 32_768);
    line.put({ code: "", atMs: 0 });
    const [known, strange] = line.parcels;
    if (known === undefined || strange === undefined) throw new Error("two parcels were put");
    known.where = "end";
    strange.frontMm = 200 + 2 * 650;
    line.connect();
    line.runTo(line.nowMs + 7000);
    expect(lost(line)).toBe(true);
    expect(line.where("")).toEqual(["end"]);
  });

  test("a small count after a silence may be a new beginning: the PLC was started anew meanwhile", () => {
    const line = new LineFixture(counterOf(16));
    line.counterMm = 64_000 - 10_000;
    line.warmUp().release("A1");
    const at = line.nowMs + 100;
    line.put({ code: "A1", atMs: at }).runTo(at + 650);
    const shown = line.stamps().upTo.count ?? 0;
    expect(shown).toBeGreaterThan(60_000);
    line.send({ kind: "device", deviceId: "plc", connected: false, armed: false });
    line.connected = false;
    line.beltMoves = false;
    line.runTo(line.nowMs + 3000);
    // It begins at zero, and 65 536 - shown looks like travel.
    line.counterMm -= shown;
    line.beltMoves = true;
    line.connect();
    line.runTo(line.nowMs + 7000);
    expect(lost(line)).toBe(true);
    expect(line.where("A1")).toEqual(["end"]);
  });
});

/** The eyes of the belt are on another device than its counter. */
function eyesElsewhere(): LineLayout {
  const layout = oneGateLayout();
  const belts = layout.belts.map((belt) => ({
    ...belt,
    eyes: belt.eyes.map((eye) => (eye.role === "chute" ? eye : { ...eye, deviceId: "io" })),
  }));
  return { ...layout, belts };
}

const say = (line: LineFixture, deviceId: string, connected: boolean): void => {
  line.send({ kind: "device", deviceId, connected, armed: connected });
  if (connected) line.away.delete(deviceId);
  else line.away.add(deviceId);
};

describe("eyes on another device than the counter", () => {
  test("are placed by the time of their samples, and parcels are sorted", () => {
    const line = new LineFixture(eyesElsewhere());
    say(line, "io", true);
    line.warmUp().release("A1").release("A3");
    const at = line.nowMs + 100;
    for (let i = 1; i <= 4; i++) line.put({ code: `A${i}`, atMs: at + i * 340 });
    line.runTo(at + 9000);
    expect(line.parcels.map(({ where }) => where)).toEqual(["out", "end", "out", "end"]);
    expect(line.facts("alarm").filter(({ code }) => code !== "DEVICE_DOWN")).toEqual([]);
  });

  test("that are away when the counter jumps still hide what comes in: nobody is sorted close behind it", () => {
    const line = new LineFixture(eyesElsewhere());
    say(line, "io", true);
    line.warmUp().release("A2");
    const at = line.nowMs + 100;
    say(line, "io", false);
    line.put({ code: "X1", atMs: at }).runTo(at - 50);
    line.counterMm += 400;
    line.runTo(at + 200);
    say(line, "io", true);
    // It follows what nobody has seen at less than the proved gap.
    line.put({ code: "A2", atMs: at + 280 }).runTo(at + 9000);
    expect([...line.where("X1"), ...line.where("A2")]).toEqual(["end", "end"]);
    expect(line.facts("breach")).toEqual([]);
  });
});

test("a counter that was lost is read again: what rides later, while only eyes are away, was counted all the way", () => {
  const line = new LineFixture(eyesElsewhere());
  say(line, "io", true);
  line.warmUp();
  line.send({ kind: "device", deviceId: "plc", connected: false, armed: false });
  line.connected = false;
  line.runTo(line.nowMs + 500);
  line.counterMm -= 2000;
  line.connect();
  line.runTo(line.nowMs + 8000);
  const wasLost = (): number => line.core.snapshot(0).counts["encoder.disagreed with an eye"] ?? 0;
  const at = line.nowMs + 100;
  line
    .release("A1")
    .put({ code: "A1", atMs: at })
    .runTo(at + 700);
  say(line, "io", false);
  line.runTo(line.nowMs + 20);
  say(line, "io", true);
  line.runTo(line.nowMs + 20);
  line.edge("past2", "dark");
  line.edge("past2", "light");
  line.runTo(at + 8000);
  expect(wasLost()).toBe(0);
  expect(line.ends().map(({ reason }) => reason)).not.toContain("ITEM_BELT_UNKNOWN");
});

test("half a turn forth and half a turn back look alike, and count as back", () => {
  const encoder = { id: "e", deviceId: "d", umPerCount: 1, bits: 16 } as const;
  expect(countDelta(encoder, 0, 32_767)).toBe(32_767);
  expect(countDelta(encoder, 0, 32_768)).toBe(-32_768);
  expect(countDelta(encoder, 65_535, 0)).toBe(1);
  expect(countDelta(encoder, 0, 65_535)).toBe(-1);
});

test("a counter too fine for its width proves nothing at any speed", () => {
  const [layout] = counterOf(16, 1).belts;
  const [belt] = new LineFixture(counterOf(16, 1)).core.snapshot(0).belts;
  if (layout === undefined || belt === undefined) throw new Error("the fixture's layout is empty");
  const state = { ...emptyBelt("b", 0), moving: true, lastCount: 0 };
  expect(advanceBelt(state, layout, { atNs: 5_000_000, count: 10_000 })).toBe("jumped");
});

describe("a belt that stops with parcels on it", () => {
  test("and starts again sorts them: nothing moved that was not counted", () => {
    const line = new LineFixture().warmUp().release("A1").release("A2");
    const at = line.nowMs + 100;
    line.put({ code: "A1", atMs: at }, { code: "A2", atMs: at + 400 }).runTo(at + 1000);
    line.beltMoves = false;
    line.runTo(at + 3000);
    line.beltMoves = true;
    line.runTo(at + 9000);
    expect([...line.where("A1"), ...line.where("A2")]).toEqual(["out", "out"]);
  });

  test("with a gate out keeps its parcel's permit, and the gate goes home behind it", () => {
    const line = new LineFixture().warmUp().release("A1").release("A2");
    const at = line.nowMs + 100;
    line.put({ code: "A1", atMs: at }, { code: "A2", atMs: at + 600 }).runTo(at + 1360);
    expect(line.gateIsOut("g1")).toBe(true);
    line.beltMoves = false;
    line.runTo(at + 3000);
    line.beltMoves = true;
    line.runTo(at + 9000);
    expect([...line.where("A1"), ...line.where("A2")]).toEqual(["out", "out"]);
    expect(line.gateIsOut("g1")).toBe(false);
    expect(line.facts("breach")).toEqual([]);
  });

  test("with a parcel half in its gate waits for it, and takes it for nothing else when it comes down", () => {
    const line = new LineFixture().warmUp().release("A1");
    const at = line.nowMs + 100;
    // The fixture's gates take at once what they touch: this one is taken by hand, once the belt moves again.
    line.put({ code: "A1", atMs: at, bounces: true }).runTo(at + 1430);
    line.beltMoves = false;
    line.runTo(at + 2200);
    expect(line.ends()).toEqual([]);
    line.beltMoves = true;
    line.runTo(at + 2300);
    const [parcel] = line.parcels;
    if (parcel === undefined) throw new Error("no parcel");
    Object.assign(parcel, { where: "out", slideUntilMs: line.nowMs + 200 });
    line.runTo(at + 7000);
    expect(line.ends()).toEqual([{ end: "arrived", chuteId: "out", reason: "RELEASED" }]);
    expect(line.facts("breach")).toEqual([]);
  });

  test("and never lets it come down has an end for it all the same: diverted unseen, a sliding time after its tail has passed", () => {
    const line = new LineFixture().warmUp().release("A1");
    const at = line.nowMs + 100;
    line.put({ code: "A1", atMs: at, hiddenFrom: ["out-eye", "last"] }).runTo(at + 1430);
    line.beltMoves = false;
    line.runTo(at + 3000);
    line.beltMoves = true;
    line.runTo(at + 9000);
    expect(line.ends().map(({ end }) => end)).toEqual(["divertedUnseen"]);
  });
});

const stretchesOf = (line: LineFixture): Stretch[] =>
  fromCheckpoint(line.core.checkpoint()).belts.get("b")?.stretches ?? [];

describe("a device that stood with its counter", () => {
  test("for longer than a parcel takes: every position is lost, and what rode stays in", () => {
    const line = new LineFixture().warmUp().release("A1");
    const at = line.nowMs + 100;
    line.put({ code: "A1", atMs: at }).runTo(at + 900);
    line.send({ kind: "stood", deviceId: "plc", forNs: 60e6 });
    line.runTo(at + 7000);
    expect(lost(line)).toBe(true);
    expect(line.where("A1")).toEqual(["end"]);
  });

  test("for a moment: as much more error, and the parcel is sorted", () => {
    const line = new LineFixture().warmUp().release("A1");
    const at = line.nowMs + 100;
    line.put({ code: "A1", atMs: at }).runTo(at + 600);
    line.send({ kind: "stood", deviceId: "plc", forNs: 15e6 });
    line.runTo(at + 7000);
    expect(lost(line)).toBe(false);
    expect(line.where("A1")).toEqual(["out"]);
  });

  test("for a moment: what is unknown may be as much further downstream than it is reckoned", () => {
    const line = new LineFixture().runTo(500);
    const before = stretchesOf(line);
    line.send({ kind: "stood", deviceId: "plc", forNs: 15e6 });
    expect(before).toHaveLength(1);
    expect(stretchesOf(line)).toEqual(
      before.map((stretch) => ({ ...stretch, frontOriginUm: stretch.frontOriginUm - 30_000 })),
    );
  });

  test("another device's standing is nothing to this belt", () => {
    const line = new LineFixture().warmUp().release("A1");
    const at = line.nowMs + 100;
    line.put({ code: "A1", atMs: at }).runTo(at + 900);
    line.send({ kind: "stood", deviceId: "permits", forNs: 900e6 });
    line.runTo(at + 7000);
    expect(line.where("A1")).toEqual(["out"]);
  });
});
