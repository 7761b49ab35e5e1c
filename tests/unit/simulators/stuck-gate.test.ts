// A gate that sticks: it moves as it should until it is out, stays there for its time, and goes home then.
import { expect, test } from "vitest";
import { GateMotion } from "../../../simulators/world/gate-motion.ts";

const MS = 1_000_000;
const plan = { id: "g", atUm: 0, sweptUm: 100, travelNs: 50 * MS, chuteIds: ["out"] };

function moved(gate: GateMotion, forMs: number): GateMotion {
  for (let ms = 0; ms < forMs; ms += 1) gate.step(MS);
  return gate;
}

test("a gate that is to stick comes out in its time, and is out for so long whatever lets it go", () => {
  const gate = new GateMotion(plan);
  gate.stickWhenOut(100 * MS);
  expect(moved(gate, 10).isHome).toBe(true);
  gate.drive("out", true);
  expect(moved(gate, 50).isOut).toBe(true);
  gate.drive("out", false);
  expect(moved(gate, 100).isOut).toBe(true);
  expect(moved(gate, 50).isHome).toBe(true);
  // Once only.
  gate.drive("out", true);
  moved(gate, 60);
  gate.drive("out", false);
  expect(moved(gate, 50).isHome).toBe(true);
});

test("steps in which it only sticks may be taken at once", () => {
  const gates = [new GateMotion(plan), new GateMotion(plan)] as const;
  for (const gate of gates) {
    gate.stickWhenOut(100 * MS);
    gate.drive("out", true);
    moved(gate, 50);
    gate.drive("out", false);
  }
  const quiet = gates[0].quietSteps(MS);
  expect(quiet).toBe(100);
  gates[0].step(quiet * MS);
  moved(gates[1], quiet);
  for (let ms = 0; ms < 60; ms += 1) {
    expect(gates[0].outPermille).toBe(gates[1].outPermille);
    for (const gate of gates) gate.step(MS);
  }
  expect(gates[0].isHome).toBe(true);
});
