// A gate's commands are planned by what its bus took lately, where that is more than the site says; less again, later.
import { expect, test } from "vitest";
import { LineFixture } from "./line-fixture.ts";

/** Sends one released parcel; its command is answered so long after its planned instant. Returns how early it was planned. */
function sendOne(line: LineFixture, code: string, answerMs: number): number {
  const at = line.nowMs + 100;
  line.outcome = "none";
  line.release(code).put({ code, atMs: at });
  const before = line.facts("lastLook").length;
  while (line.facts("lastLook").length === before && line.nowMs < at + 3000) line.runTo(line.nowMs + 1);
  const look = line.facts("lastLook").at(-1);
  if (look === undefined) throw new Error("no last look");
  line.runTo(Math.round(look.plannedNs / 1e6) + answerMs);
  line.send({ kind: "command", id: look.permit, outcome: "done" });
  line.runTo(at + 4000);
  return at + 1400 - look.plannedNs / 1e6;
}

const slow = (line: LineFixture): string[] =>
  line.facts("alarm").flatMap(({ code, active, text }) => (code === "GATE_BUS_SLOW" && active ? [text] : []));

test("as fast as the site says, a command is planned for travel, bus and loop, and never later", () => {
  const line = new LineFixture().warmUp();
  const first = sendOne(line, "A1", 4);
  expect(sendOne(line, "A2", 4)).toBeCloseTo(first, -1);
  expect(slow(line)).toEqual([]);
});

test("slower than that, the next one is planned as much earlier, and people hear of it", () => {
  const line = new LineFixture().warmUp();
  const usual = sendOne(line, "A1", 4);
  sendOne(line, "A2", 90);
  expect(slow(line)).toEqual(["g1: a command took 90 ms"]);
  // 90 ms instead of 15 for the bus and 25 for the loop.
  expect(sendOne(line, "A3", 4) - usual).toBeGreaterThan(40);
  expect(sendOne(line, "A4", 4) - usual).toBeLessThan(55);
});

test("one that stood for seconds counts as 150 ms, and is forgotten as soon as one that took no longer", () => {
  const line = new LineFixture().warmUp();
  const usual = sendOne(line, "A0", 4);
  sendOne(line, "A1", 3000);
  expect(slow(line)).toEqual(["g1: a command took 3000 ms"]);
  expect(sendOne(line, "A2", 4) - usual).toBeLessThanOrEqual(150 - 40 + 5);
  for (let n = 3; n < 27; n += 1) sendOne(line, `A${n}`, 4);
  expect(sendOne(line, "Z", 4) - usual).toBeLessThan(10);
});

test("a command that was slow once is forgotten little by little", () => {
  const line = new LineFixture().warmUp();
  const usual = sendOne(line, "A0", 4);
  sendOne(line, "A1", 90);
  for (let n = 2; n < 30; n += 1) sendOne(line, `A${n}`, 4);
  expect(sendOne(line, "Z", 4) - usual).toBeLessThan(10);
});
