// A gate that is out when something unforeseen comes: it is withdrawn before that reaches it, or the line stops.
import { describe, expect, test } from "vitest";
import type { LineLayout } from "../../../src/line/layout.ts";
import { LineFixture, oneGateLayout } from "./line-fixture.ts";

/** A track eye 100 mm before the first gate: the last moment at which anything can still be seen. */
function withEyeBeforeGate(): LineLayout {
  const layout = oneGateLayout();
  return {
    ...layout,
    belts: layout.belts.map((belt) => ({
      ...belt,
      eyes: [
        ...belt.eyes,
        {
          id: "close",
          deviceId: "plc",
          role: "track" as const,
          atUm: 2_900_000,
          sampleNs: 5_000_000,
          apartNs: 5_000_000,
          silenceNs: 0,
          debounceNs: 0,
        },
      ],
    })),
  };
}

const withdrawals = (line: LineFixture): string[] => line.facts("withdraw").map(({ why }) => why);

test("a parcel put close behind a permitted one is kept out by a withdrawal, though the permitted one may bounce", () => {
  const line = new LineFixture(withEyeBeforeGate()).warmUp().release("A1");
  const at = line.nowMs + 100;
  line.put({ code: "A1", atMs: at }).runTo(at + 1340);
  expect(line.gateIsOut("g1")).toBe(true);
  const front = line.parcels[0]?.frontMm ?? 0;
  line.put({ code: "", atMs: 0, lengthMm: 150 });
  const extra = line.parcels[1];
  if (extra !== undefined) extra.frontMm = front - 250;
  line.runTo(at + 7000);
  expect(withdrawals(line)).toContain("UNPERMITTED_ITEM_COMES");
  expect(line.where("")).toEqual(["end"]);
  expect(line.facts("breach")).toEqual([]);
});

test("a row at the proved gap needs no such withdrawal", () => {
  const line = new LineFixture(withEyeBeforeGate()).warmUp();
  const at = line.nowMs + 100;
  for (let i = 0; i < 10; i++) line.put({ code: `P${i}`, atMs: at + i * 330 });
  for (let i = 0; i < 10; i += 2) line.release(`P${i}`);
  line.runTo(at + 10_000);
  expect(withdrawals(line)).toEqual([]);
  for (let i = 0; i < 10; i++) expect([i, ...line.where(`P${i}`)]).toEqual([i, i % 2 === 0 ? "out" : "end"]);
});

test("a counter that jumps while a gate is out calls the gate home: nobody knows when its time is over", () => {
  const line = new LineFixture().warmUp().release("A1");
  const at = line.nowMs + 100;
  line.put({ code: "A1", atMs: at }).runTo(at + 1360);
  expect(line.gateIsOut("g1")).toBe(true);
  line.send({ kind: "belt", beltId: "b", stamp: { atNs: line.nowMs * 1e6, count: 77 }, errorNs: 0 });
  expect(withdrawals(line)).toEqual(["ENCODER_LOST"]);
  expect(line.gateIsOut("g1")).toBe(false);
});

test("a belt that goes blind while a gate is out calls the gate home", () => {
  const line = new LineFixture().warmUp().release("A1");
  const at = line.nowMs + 100;
  line.put({ code: "A1", atMs: at }).runTo(at + 1360);
  line.send({ kind: "device", deviceId: "plc", connected: false, armed: false });
  expect(withdrawals(line)).toEqual(["BELT_BLIND"]);
});

test("a gate seen at home does not settle a command in doubt: that may still be carried out", () => {
  const line = new LineFixture().warmUp().release("A1").release("A2");
  line.outcome = "inDoubt";
  line.gateMoves = false;
  const at = line.nowMs + 100;
  line.put({ code: "A1", atMs: at }, { code: "A2", atMs: at + 600 }).runTo(at + 1400);
  expect(withdrawals(line)).toEqual(["GATE_IN_DOUBT"]);
  line.send({ kind: "gate", gateId: "g1", position: "between" });
  line.send({ kind: "gate", gateId: "g1", position: "home" });
  line.outcome = "done";
  line.runTo(at + 7000);
  expect(line.where("A2")).toEqual(["end"]);
  expect(line.facts("end").find((end) => end.waybill === "A2")?.reason).toBe("LAW_WITHDRAWAL_OPEN");
});

test("its answered withdrawal and its home together settle the doubt", () => {
  const line = new LineFixture().warmUp().release("A1").release("A2");
  line.outcome = "inDoubt";
  line.gateMoves = false;
  const at = line.nowMs + 100;
  line.put({ code: "A1", atMs: at }, { code: "A2", atMs: at + 3000 }).runTo(at + 1400);
  line.send({ kind: "gate", gateId: "g1", position: "between" });
  line.send({ kind: "withdrawal", id: line.facts("withdraw")[0]?.id ?? 0, outcome: "done" });
  line.send({ kind: "gate", gateId: "g1", position: "home" });
  line.outcome = "done";
  line.gateMoves = true;
  line.runTo(at + 9000);
  expect(line.where("A2")).toEqual(["out"]);
});

test("a plain coil's withdrawal does not settle a doubt: the line stands until its device is armed anew", () => {
  const layout = oneGateLayout();
  const plain = { lateCommand: "bounded" as const, hasHomeFeedback: false };
  const belts = layout.belts.map((belt) => ({ ...belt, gates: belt.gates.map((gate) => ({ ...gate, ...plain })) }));
  const line = new LineFixture({ ...layout, belts }).warmUp().release("A1");
  line.outcome = "inDoubt";
  line.gateMoves = false;
  const at = line.nowMs + 100;
  line.put({ code: "A1", atMs: at }).runTo(at + 1400);
  line.send({ kind: "withdrawal", id: line.facts("withdraw")[0]?.id ?? 0, outcome: "done" });
  const stops = () => line.facts("linePermit").filter(({ permit }) => permit === "run");
  expect(stops()).toMatchObject([{ allowed: false, why: "GATE_IN_DOUBT:g1" }]);
  line.send({ kind: "device", deviceId: "plc", connected: true, armed: false });
  line.send({ kind: "device", deviceId: "plc", connected: true, armed: true });
  expect(stops().at(-1)).toMatchObject({ allowed: true, why: "GATE_IN_DOUBT:g1" });
});

test("an unconfirmed withdrawal stops the line before a stretch that may hold anything, not only before a known item", () => {
  const line = new LineFixture();
  line.gateMoves = false;
  line.runTo(500);
  line.send({ kind: "gate", gateId: "g1", position: "out" });
  line.runTo(1000);
  expect(line.facts("linePermit").filter(({ permit }) => permit === "run")).toMatchObject([
    { allowed: false, why: "GATE_NOT_HOME:g1" },
  ]);
});

test("an end eye that was dark when its device went away does not block the line for ever", () => {
  const line = new LineFixture().warmUp();
  const stamp = { atNs: line.nowMs * 1e6, count: null };
  line.send({ kind: "eye", eyeId: "last", edge: "dark", after: stamp, upTo: { ...stamp, count: 1 } });
  line.send({ kind: "device", deviceId: "plc", connected: false, armed: false });
  line.connect();
  line.runTo(line.nowMs + 3000);
  expect(line.core.snapshot(0).belts[0]?.runPermit).toBe(true);
});

describe("a gate that hangs between home and out", () => {
  const hanging = (line: LineFixture): void => line.send({ kind: "gate", gateId: "g1", position: "between" });
  const stops = (line: LineFixture) => line.core.snapshot(0).belts[0]?.stops;

  test("as a new run finds it: it is called home, and the line stops before anything comes to it", () => {
    const line = new LineFixture(oneGateLayout(), new LineFixture());
    line.gateMoves = false;
    hanging(line);
    line.runTo(500);
    expect(withdrawals(line)).toEqual(["GATE_NOT_HOME"]);
    expect(stops(line)).toEqual(["GATE_NOT_HOME:g1"]);
    line.send({ kind: "gate", gateId: "g1", position: "home" });
    expect(stops(line)).toEqual([]);
  });

  test("and whose device comes back armed: that says nothing of where it is, the line stays stopped until it is seen at home", () => {
    const line = new LineFixture().warmUp().release("A1");
    const at = line.nowMs + 100;
    line.put({ code: "A1", atMs: at }).runTo(at + 1450);
    line.gateMoves = false;
    line.sticks("g1");
    line.put({ code: "", atMs: line.nowMs + 100 });
    line.runTo(at + 2600);
    expect(stops(line)).toEqual(["GATE_NOT_HOME:g1"]);
    line.send({ kind: "device", deviceId: "plc", connected: false, armed: false });
    line.send({ kind: "gate", gateId: "g1", position: "unknown" });
    line.send({ kind: "device", deviceId: "plc", connected: true, armed: false });
    hanging(line);
    line.send({ kind: "device", deviceId: "plc", connected: true, armed: true });
    expect(stops(line)).toEqual(["GATE_NOT_HOME:g1"]);
    line.send({ kind: "gate", gateId: "g1", position: "home" });
    expect(stops(line)).toEqual([]);
  });
});
