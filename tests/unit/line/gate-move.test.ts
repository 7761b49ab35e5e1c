// Gates between moves: two chutes of one gate, rest at home, parcels across two gates, and gates that do not do as told.
import { describe, expect, test } from "vitest";
import { fireWindow } from "../../../src/line/fire-window.ts";
import { gateFreeUm, homeSeenUm } from "../../../src/line/gate-turn.ts";
import type { GateLayout, LineLayout } from "../../../src/line/layout.ts";
import type { GateState, Item } from "../../../src/line/state.ts";
import { LineFixture, oneGateLayout } from "./line-fixture.ts";

const MS = 1_000_000;

function gatesOf(change: (gate: GateLayout) => Partial<GateLayout>, layout = oneGateLayout()): LineLayout {
  return {
    ...layout,
    belts: layout.belts.map((belt) => ({
      ...belt,
      gates: belt.gates.map((gate) => ({ ...gate, ...change(gate) })),
    })),
  };
}

/** Gate g1 leads into the outbound chute on one side and into supervised storage on the other. */
function twoSided(restNs = 0): LineLayout {
  const layout = oneGateLayout();
  const chutes = layout.chutes.map((chute) => (chute.id === "store" ? { ...chute, gateId: "g1" } : chute));
  const gates = gatesOf(({ id }) => (id === "g1" ? { chuteIds: ["out", "store"], restNs } : {}), { ...layout, chutes });
  return { ...gates, belts: gates.belts.map((belt) => ({ ...belt, gates: belt.gates.slice(0, 1) })) };
}

const fires = (line: LineFixture) =>
  line.facts("lastLook").map(({ go, atNs, refusals }) => ({ go, atMs: atNs / MS, codes: refusals.map((r) => r.code) }));
const told = (line: LineFixture) => line.facts("permit").map(({ chuteId }) => chuteId);
const alarms = (line: LineFixture) => line.facts("alarm").flatMap(({ code, active }) => (active ? [code] : []));

function aheadAndBehind(line: LineFixture, o: { behind: "released" | "held"; pitchMs: number }): number {
  const at = line.nowMs + 100;
  line.release("A1").release("A2");
  if (o.behind === "held") line.hold("A2");
  line.put({ code: "A1", atMs: at }, { code: "A2", atMs: at + o.pitchMs });
  return at;
}

describe("a gate that serves two chutes", () => {
  test("turns from one to the other between two parcels at the proved gap, and is home in between", () => {
    const line = new LineFixture(twoSided()).warmUp();
    // The first has to be seen in its chute before the gate moves to the other side for the next.
    line.slideMs = 120;
    line.runTo(aheadAndBehind(line, { behind: "held", pitchMs: 330 }) + 4000);
    expect(told(line)).toEqual(["out", "store"]);
    const [first, second] = fires(line);
    expect([first?.go, second?.go]).toEqual([true, true]);
    // The first parcel's tail leaves the swept zone 200 ms after its front has come to the gate, then it swings home.
    const homeMs = (first?.atMs ?? 0) + 90 + 200 + 50;
    expect(second?.atMs).toBeGreaterThanOrEqual(homeMs - 5);
  });

  test("does not turn for the next while nobody has seen the first in its chute", () => {
    const line = new LineFixture(twoSided()).warmUp();
    line.runTo(aheadAndBehind(line, { behind: "held", pitchMs: 330 }) + 6000);
    expect(fires(line).map(({ go, codes }) => [go, ...codes])).toEqual([[true], [false, "LAW_ZONE_UNSEEN"]]);
    expect([...line.where("A1"), ...line.where("A2")]).toEqual(["out", "end"]);
  });

  test("is free for the other chute when it is home, and for the same one at once", () => {
    const [gate] = twoSided().belts[0]?.gates ?? [];
    if (gate === undefined) throw new Error("the fixture's layout has no gate");
    const state = gateState({ chuteId: "out", homeAtUm: 3_600_000 });
    expect(gateFreeUm(gate, state, { chuteId: "store", speedUmPerS: 2_000_000 })).toBe(3_700_000);
    expect(gateFreeUm(gate, state, { chuteId: "out", speedUmPerS: 2_000_000 })).toBe(Number.NEGATIVE_INFINITY);
    expect(gateFreeUm(gate, gateState(null), { chuteId: "store", speedUmPerS: 1 })).toBe(Number.NEGATIVE_INFINITY);
  });

  test("on a plain coil it is free, for the same one too, when its withdrawal can be confirmed", () => {
    const [judging] = twoSided().belts[0]?.gates ?? [];
    if (judging === undefined) throw new Error("the fixture's layout has no gate");
    const state = gateState({ chuteId: "out", homeAtUm: 3_600_000 });
    const free = (change: Partial<GateLayout>) =>
      gateFreeUm({ ...judging, lateCommand: "bounded", ...change }, state, { chuteId: "out", speedUmPerS: 2_000_000 });
    // 2 m/s times the bus' 15 ms, and the 50 ms of its way home where that is seen.
    expect([free({}), free({ hasHomeFeedback: false })]).toEqual([3_730_000, 3_630_000]);
  });

  test("on a plain coil whose home is seen, the next command is planned for after the poll that shows it, if there is room", () => {
    const [judging] = twoSided().belts[0]?.gates ?? [];
    if (judging === undefined) throw new Error("the fixture's layout has no gate");
    const gate: GateLayout = { ...judging, lateCommand: "bounded", homeSeenNs: 20 * MS };
    const state = gateState({ chuteId: "out", homeAtUm: 3_600_000 });
    // 2 m/s times bus, travel and poll, 15 + 50 + 20 ms.
    expect(homeSeenUm(gate, state, 2_000_000)).toBe(3_770_000);
    expect(homeSeenUm(judging, state, 2_000_000)).toBe(Number.NEGATIVE_INFINITY);
    expect(homeSeenUm(gate, gateState(null), 2_000_000)).toBe(Number.NEGATIVE_INFINITY);
  });

  test("the plan waits for that poll, but never longer than bus and window allow", () => {
    const { belts } = oneGateLayout();
    const [belt] = belts;
    const [gate] = belt?.gates ?? [];
    if (belt === undefined || gate === undefined) throw new Error("the fixture's layout has no gate");
    const item = { originUm: 0, lengthUm: 200_000, errorUm: 0, syncedAtUm: 3_000_000 } as Item;
    const near = { gapAheadUm: 450_000, gapBehindUm: 450_000, aheadTailOriginUm: -450_000 };
    const planned = (gateSeenUm: number) =>
      fireWindow({
        ...{ item, belt, gate, near, gateSeenUm },
        ...{ speedUmPerS: 2_000_000, leadNs: 40 * MS, gateFreeUm: 2_800_000 },
      });
    const { fireUm, untilUm } = planned(Number.NEGATIVE_INFINITY);
    expect([fireUm, untilUm]).toEqual([2_820_000, 2_900_000]);
    expect(planned(2_860_000)).toEqual({ ...planned(Number.NEGATIVE_INFINITY), fireUm: 2_860_000 });
    // The command takes up to 15 ms of bus.
    expect(planned(2_890_000).fireUm).toBe(2_870_000);
  });

  test.each([
    // The eye at 2,500 mm has shown its tail 20 mm after it should have left it.
    { leadMs: 40, lengthMm: 200, fireUm: 2_820_000 },
    { leadMs: 75, lengthMm: 200, fireUm: 2_760_000 },
    { leadMs: 150, lengthMm: 200, fireUm: 2_760_000 },
    // What is usually kept for bus and loop stays kept.
    { leadMs: 150, lengthMm: 270, fireUm: 2_820_000 },
    { leadMs: 150, lengthMm: 310, fireUm: 2_830_000 },
  ])("the plan gives an eye time to come late, of the $leadMs ms kept for a bus that was slow: $lengthMm mm", (o) => {
    const { belts } = oneGateLayout();
    const [belt] = belts;
    const [gate] = belt?.gates ?? [];
    if (belt === undefined || gate === undefined) throw new Error("the fixture's layout has no gate");
    const eyes = belt.eyes.map((eye) => (eye.id === "mid" ? { ...eye, atUm: 2_500_000 } : eye));
    const item = { originUm: 0, lengthUm: o.lengthMm * 1000, errorUm: 0, syncedAtUm: 3_000_000 } as Item;
    const near = { gapAheadUm: 950_000, gapBehindUm: 950_000, aheadTailOriginUm: -950_000 };
    const planned = fireWindow({
      ...{ item, belt: { ...belt, eyes }, gate, near, gateSeenUm: Number.NEGATIVE_INFINITY },
      ...{ speedUmPerS: 2_000_000, leadNs: o.leadMs * MS, gateFreeUm: 0 },
    });
    expect(planned).toMatchObject({ fireUm: o.fireUm, untilUm: 2_900_000 });
  });

  test("two parcels into the same chute each have their own permit", () => {
    const line = new LineFixture(twoSided()).warmUp();
    line.runTo(aheadAndBehind(line, { behind: "released", pitchMs: 330 }) + 6000);
    expect(told(line)).toEqual(["out", "out"]);
    expect([...line.where("A1"), ...line.where("A2")]).toEqual(["out", "out"]);
  });
});

const gateState = (lastMove: GateState["lastMove"]): GateState => ({
  id: "g1",
  position: "home",
  lastFired: 1,
  homeAtUm: null,
  lastMove,
  tookNs: 0,
  inDoubt: false,
  withdrawing: null,
});

describe("a gate that has to rest", () => {
  test("does not come out before it has, not even for the same chute: the parcel rides on, and the reason says why", () => {
    const line = new LineFixture(twoSided(120 * MS)).warmUp();
    line.runTo(aheadAndBehind(line, { behind: "released", pitchMs: 330 }) + 6000);
    expect([...line.where("A1"), ...line.where("A2")]).toEqual(["out", "end"]);
    expect(line.ends()[1]?.reason).toBe("LAW_GATE_TURNING");
  });

  test("comes out for a parcel behind which the gap is wide enough", () => {
    const line = new LineFixture(twoSided(120 * MS)).warmUp();
    line.runTo(aheadAndBehind(line, { behind: "released", pitchMs: 460 }) + 6000);
    expect([...line.where("A1"), ...line.where("A2")]).toEqual(["out", "out"]);
  });
});

describe("two gates one behind the other", () => {
  /** The second gate begins where the first one ends: a parcel of 200 mm lies across both. */
  function close(): LineLayout {
    return gatesOf(({ id }) => (id === "g2" ? { atUm: 3_200_000 } : {}));
  }

  test("a parcel across both is taken by its own, and the other does not move", () => {
    const line = new LineFixture(close()).warmUp().release("A1");
    line.put({ code: "A1", atMs: line.nowMs + 100 }).runTo(line.nowMs + 6000);
    expect(line.where("A1")).toEqual(["out"]);
    expect(line.facts("lastLook")).toHaveLength(1);
    expect(line.gateIsOut("g2")).toBe(false);
  });

  test("one that bounced off the first is not taken by the second, which is out for the next", () => {
    const line = new LineFixture(close()).warmUp().release("A1").release("A2").hold("A2");
    const at = line.nowMs + 100;
    line.put({ code: "A1", atMs: at, bounces: true }, { code: "A2", atMs: at + 600 }).runTo(at + 8000);
    expect(line.where("A1")).toEqual(["end"]);
    expect(line.facts("breach")).toEqual([]);
  });
});

describe("a gate that does not do as told", () => {
  test("still at home when its parcel is there: an alarm at once, the parcel rides to the safe end and gives its piece back", () => {
    const line = new LineFixture().warmUp().release("A1");
    line.gateMoves = false;
    const at = line.nowMs + 100;
    line.put({ code: "A1", atMs: at }).runTo(at + 1410);
    expect(alarms(line)).toEqual(["GATE_NOT_OUT"]);
    line.runTo(at + 6000);
    expect(alarms(line)).toEqual(["GATE_NOT_OUT", "GATE_MISSED_ITEM"]);
    expect(line.ends()).toEqual([{ end: "misdiverted", chuteId: "end", reason: "GATE_MISSED_ITEM" }]);
    expect(line.facts("giveBack").map(({ why }) => why)).toEqual(["safeEnd"]);
  });

  test("out, but the parcel bounces: missed at the next eye, and its end is the safe end", () => {
    const line = new LineFixture().warmUp().release("A1");
    line.put({ code: "A1", atMs: line.nowMs + 100, bounces: true }).runTo(line.nowMs + 6000);
    expect(alarms(line)).toEqual(["GATE_MISSED_ITEM"]);
    expect(line.ends()).toEqual([{ end: "misdiverted", chuteId: "end", reason: "GATE_MISSED_ITEM" }]);
  });

  test("not home again: it is withdrawn with an alarm, and the line stops before the next parcel is there", () => {
    const line = new LineFixture().warmUp().release("A1");
    const at = line.nowMs + 100;
    line.put({ code: "A1", atMs: at }, { code: "X2", atMs: at + 1200 }).runTo(at + 1380);
    expect(line.gateIsOut("g1")).toBe(true);
    line.sticks("g1");
    line.gateMoves = false;
    line.runTo(at + 2500);
    expect(alarms(line)).toContain("GATE_NOT_HOME");
    expect(line.facts("linePermit").filter(({ permit }) => permit === "run")).toMatchObject([
      { allowed: false, why: "GATE_NOT_HOME:g1" },
    ]);
    expect(line.where("X2")).toEqual(["belt"]);
  });
});
