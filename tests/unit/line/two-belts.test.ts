// Two belts under one chute map: a parcel is never sent to a gate of the belt on which it does not ride.
import { expect, test } from "vitest";
import type { LineLayout } from "../../../src/line/layout.ts";
import { LineFixture, oneGateLayout } from "./line-fixture.ts";

/** Belt c stands beside belt b, with its own gate into another outbound chute; nothing is on it. */
function twoBelts(to: readonly string[]): LineLayout {
  const layout = oneGateLayout();
  const [belt] = layout.belts;
  const [gate] = belt?.gates ?? [];
  const [chute] = layout.chutes;
  if (belt === undefined || gate === undefined || chute === undefined) throw new Error("the fixture's layout is empty");
  const other = {
    ...belt,
    id: "c",
    encoder: null,
    eyes: [],
    stations: [],
    gates: [{ ...gate, id: "g9", chuteIds: ["other"] }],
    safeEnd: { chuteId: "other-end", reserveItems: 20 },
  };
  return {
    ...layout,
    belts: [belt, other],
    chutes: [
      ...layout.chutes,
      { ...chute, id: "other", beltId: "c", gateId: "g9", eyeId: null },
      { ...chute, id: "other-end", beltId: "c", gateId: null, eyeId: null, zone: { kind: "abnormal" } },
    ],
    routes: [{ id: "released", disposition: "released", to, balance: "ordered" }],
  };
}

test("a released parcel whose chute is at the other belt rides to its own safe end; that belt's gate stays", () => {
  const line = new LineFixture(twoBelts(["other"])).warmUp().release("A1");
  line.put({ code: "A1", atMs: line.nowMs + 100 }).runTo(line.nowMs + 6000);
  expect(line.facts("permit")).toEqual([]);
  expect(line.gateIsOut("g9")).toBe(false);
  expect(line.ends()).toEqual([{ end: "arrived", chuteId: "end", reason: "LAW_OTHER_BELT" }]);
});

test("of two candidates the one at its own belt is taken", () => {
  const line = new LineFixture(twoBelts(["other", "out"])).warmUp().release("A1");
  line.put({ code: "A1", atMs: line.nowMs + 100 }).runTo(line.nowMs + 6000);
  expect(line.where("A1")).toEqual(["out"]);
});
