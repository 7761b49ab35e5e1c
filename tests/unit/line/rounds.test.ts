// Recirculation: a named parcel goes round so often and no oftener; one without a name does not.
import { expect, test } from "vitest";
import { CAPS } from "../../../src/line/caps.ts";
import type { LineLayout } from "../../../src/line/layout.ts";
import { noteRound } from "../../../src/line/rounds.ts";
import { emptyState, type Permit } from "../../../src/line/state.ts";
import { LineFixture, oneGateLayout } from "./line-fixture.ts";

/** Whatever customs says, the parcel goes back to the infeed, at most twice. */
function loopSite(): LineLayout {
  const layout = oneGateLayout();
  return {
    ...layout,
    chutes: layout.chutes.map((chute) =>
      chute.id === "store" ? { ...chute, zone: { kind: "recirculation", maxRounds: 2 } } : chute,
    ),
    routes: [{ id: "round", to: ["store"], balance: "ordered" }],
  };
}

function once(line: LineFixture, code: string | null): string | undefined {
  line.put({ code, atMs: line.nowMs + 100 }).runTo(line.nowMs + 5000);
  return line.parcels.at(-1)?.where;
}

test("a parcel goes round twice, then to the safe end, and says why; from there it begins anew", () => {
  const line = new LineFixture(loopSite()).warmUp();
  expect([1, 2, 3].map(() => once(line, "A1"))).toEqual(["store", "store", "end"]);
  expect(line.ends().at(-1)?.reason).toBe("RECIRCULATION_MAX");
  expect(once(line, "B1")).toBe("store");
  expect(once(line, "A1")).toBe("store");
});

test("a restart goes on counting, by checkpoint or by journal", () => {
  const line = new LineFixture(loopSite()).warmUp();
  once(line, "A1");
  once(line, "A1");
  const next = new LineFixture(line.layout, { entries: line.entries }).warmUp();
  expect(once(next, "A1")).toBe("end");
  expect(next.ends().at(-1)?.reason).toBe("RECIRCULATION_MAX");
});

test("without a name it does not go round at all", () => {
  const line = new LineFixture(loopSite()).warmUp();
  expect(once(line, null)).toBe("end");
  expect(line.ends().at(-1)?.reason).toBe("RECIRCULATION_NO_NAME");
});

test("a lost parcel may still be on the loop: its rounds count on", () => {
  const state = emptyState();
  const permit = { chuteId: "loop", zone: { kind: "recirculation", maxRounds: 2 } } as Permit;
  noteRound(state, { waybill: "A1", chuteId: "loop", permit });
  noteRound(state, { waybill: "A1", chuteId: null, permit });
  expect(state.rounds.get("A1")).toBe(1);
});

test("of more waybills than are kept the oldest is forgotten", () => {
  const state = emptyState();
  const permit = { chuteId: "loop", zone: { kind: "recirculation", maxRounds: 2 } } as Permit;
  for (let n = 0; n <= CAPS.rounds; n += 1) noteRound(state, { waybill: `A${n}`, chuteId: "loop", permit });
  expect([state.rounds.size, state.rounds.get("A0"), state.rounds.get("A1")]).toEqual([CAPS.rounds, undefined, 1]);
});
