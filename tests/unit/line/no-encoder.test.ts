// A belt without encoder: its position is reckoned from time, while its drive's contact is seen to be on and no longer.
import { expect, test } from "vitest";
import { LineFixture, oneGateLayout } from "./line-fixture.ts";

function lineWithoutEncoder(): LineFixture {
  const layout = oneGateLayout();
  const belts = layout.belts.map((belt) => ({
    ...belt,
    encoder: null,
    drive: { deviceId: "plc", sampleNs: 10_000_000 },
  }));
  return new LineFixture({ ...layout, belts }).warmUp();
}

const EMPTY_BELT_MS = 4000;

test("while the drive is seen to run, a released parcel is sorted", () => {
  const line = lineWithoutEncoder().release("A1");
  line.put({ code: "A1", atMs: line.nowMs + 100 }).runTo(line.nowMs + 5000);
  expect(line.where("A1")).toEqual(["out"]);
});

test("before the drive has been seen nothing moves, and nothing leaves the belt by mere time", () => {
  const layout = oneGateLayout();
  const belts = layout.belts.map((belt) => ({
    ...belt,
    encoder: null,
    drive: { deviceId: "plc", sampleNs: 10_000_000 },
  }));
  const line = new LineFixture({ ...layout, belts });
  line.isDriveSilent = true;
  line.release("A1").runTo(10_000);
  line.isDriveSilent = false;
  line.put({ code: "A1", atMs: line.nowMs + 100 }).runTo(line.nowMs + 5000);
  // It came in beside what may have lain there unseen, and no time has carried that away.
  expect(line.ends()).toMatchObject([{ chuteId: "end", reason: "NO_READ" }]);
  expect(line.facts("mode").map(({ mode }) => mode)).toEqual(["stopped", "purging", "running"]);
});

test("the drive stops: how far the belt coasts nobody knows, so what rides is unknown, and the next ones are sorted again", () => {
  const line = lineWithoutEncoder().release("A1").release("A2");
  const atMs = line.nowMs + 100;
  line.put({ code: "A1", atMs }).runTo(atMs + 700);
  expect(line.facts("permit")).toHaveLength(1);
  line.beltMoves = false;
  line.runTo(line.nowMs + 300);
  line.beltMoves = true;
  line.runTo(line.nowMs + EMPTY_BELT_MS);
  expect(line.where("A1")).toEqual(["end"]);
  line.put({ code: "A2", atMs: line.nowMs + 100 }).runTo(line.nowMs + 5000);
  expect(line.where("A2")).toEqual(["out"]);
});

test("the drive stops while a gate is out: the gate is called home", () => {
  const line = lineWithoutEncoder().release("A1");
  const lastMs = line.nowMs + 5000;
  line.put({ code: "A1", atMs: line.nowMs + 100 });
  while (!line.gateIsOut("g1") && line.nowMs < lastMs) line.runTo(line.nowMs + 5);
  expect(line.gateIsOut("g1")).toBe(true);
  line.beltMoves = false;
  line.runTo(line.nowMs + 20);
  expect(line.gateIsOut("g1")).toBe(false);
  expect(line.facts("withdraw").at(-1)).toMatchObject({ gateId: "g1", why: "BELT_UNTRACKED" });
});

test("the contact is not read any more, and nobody has said so yet: the last look refuses", () => {
  const line = lineWithoutEncoder().release("A1");
  const atMs = line.nowMs + 100;
  line.put({ code: "A1", atMs }).runTo(atMs + 700);
  line.isDriveSilent = true;
  line.runTo(line.nowMs + 3000);
  expect(line.facts("lastLook").filter(({ go }) => go)).toEqual([]);
  expect(line.facts("lastLook")[0]?.refusals.map(({ code }) => code)).toContain("LAW_BELT_UNKNOWN");
  expect(line.where("A1")).toEqual(["end"]);
});

test("the device of the contact goes and comes back: what rode is unknown, the next parcel is sorted", () => {
  const line = lineWithoutEncoder().release("A1").release("A2");
  const atMs = line.nowMs + 100;
  line.put({ code: "A1", atMs }).runTo(atMs + 700);
  line.connected = false;
  line.send({ kind: "device", deviceId: "plc", connected: false, armed: false });
  line.runTo(line.nowMs + 200);
  line.connect();
  line.runTo(line.nowMs + EMPTY_BELT_MS);
  expect(line.where("A1")).toEqual(["end"]);
  line.put({ code: "X", atMs: line.nowMs + 100 }, { code: "A2", atMs: line.nowMs + 600 }).runTo(line.nowMs + 5000);
  expect(line.where("A2")).toEqual(["out"]);
});

test("the eyes' device answers late, and nobody has lost it: what may have come past the induction eye is unknown", () => {
  const line = lineWithoutEncoder().release("A1");
  const atMs = line.nowMs + 100;
  line.put({ code: "A1", atMs }).runTo(atMs + 350);
  // 100 ms at 2 m/s: a parcel of 100 mm has come and gone 600 mm behind.
  line.send({ kind: "unsampled", deviceId: "plc", fromNs: (line.nowMs - 100) * 1e6, toNs: line.nowMs * 1e6 });
  line.runTo(line.nowMs + 5000);
  expect(line.where("A1")).toEqual(["end"]);
  expect(line.facts("lastLook")[0]?.refusals.map(({ code }) => code)).toContain("LAW_GAP_BEHIND");
});

test("samples a little late hide no parcel", () => {
  const line = lineWithoutEncoder().release("A1");
  const atMs = line.nowMs + 100;
  line.put({ code: "A1", atMs }).runTo(atMs + 350);
  line.send({ kind: "unsampled", deviceId: "plc", fromNs: (line.nowMs - 20) * 1e6, toNs: line.nowMs * 1e6 });
  line.runTo(line.nowMs + 5000);
  expect(line.where("A1")).toEqual(["out"]);
});

test("while the belt comes up to speed it falls behind its reckoning: what comes in meanwhile is unknown too", () => {
  const line = lineWithoutEncoder().release("A1").release("A2");
  line.beltMoves = false;
  line.runTo(line.nowMs + 300);
  line.beltMoves = true;
  // Coast of 600 mm: up to speed after 1,200 mm by reckoning, 600 ms.
  line.put({ code: "A1", atMs: line.nowMs + 300 }).runTo(line.nowMs + 1000);
  line.put({ code: "A2", atMs: line.nowMs + 400 }).runTo(line.nowMs + 6000);
  expect(line.where("A1")).toEqual(["end"]);
  expect(line.facts("permit").map(({ release }) => release)).toEqual(["ACME/A2/0"]);
  expect(line.where("A2")).toEqual(["out"]);
});
