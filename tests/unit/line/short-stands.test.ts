// Stands of the belt or of a parcel that are too short to be noticed, again and again: nobody leaves by another one's permit.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { LineLayout } from "../../../src/line/layout.ts";
import type { LineInput } from "../../../src/line/step.ts";
import { howOften } from "../../how-often.ts";
import { LineFixture, oneGateLayout } from "./line-fixture.ts";

/** Below the 20 ms that a drive's contact may tremble, and below what any eye would take for a stop. */
const LONGEST_MS = 19;
const RUNS = howOften({ usually: 15, long: 2000 });

/** `place` null: the belt stands; else whatever comes to that place, with those that pile up behind it. */
interface Stand {
  atMs: number;
  forMs: number;
  place: number | null;
}

const stands = fc.array(
  fc.record({
    atMs: fc.integer({ min: 0, max: 4500 }),
    forMs: fc.integer({ min: 1, max: LONGEST_MS }),
    place: fc.option(fc.integer({ min: 250, max: 5700 }), { nil: null }),
  }),
  { minLength: 10, maxLength: 120 },
);
/** Who comes, released or not, and how much later than the one before could have come at the least, ms. */
const parcels = fc.array(
  fc.record({
    isReleased: fc.boolean(),
    laterMs: fc.integer({ min: 0, max: 120 }),
    lengthMm: fc.integer({ min: 110, max: 260 }),
  }),
  { minLength: 3, maxLength: 8 },
);

/** The drive's contact says nothing of stands so short. */
class Trembling extends LineFixture {
  override send(input: LineInput): void {
    super.send(input.kind === "drive" ? { ...input, running: true } : input);
  }
}

/** What its drive's contact may be late by is in the gap that its gates ask for. */
const withoutEncoder = (): LineLayout => {
  const layout = oneGateLayout();
  const drive = { deviceId: "plc", sampleNs: 10_000_000 };
  return { ...layout, belts: layout.belts.map((belt) => ({ ...belt, encoder: null, drive, provedGapUm: 650_000 })) };
};

function run(
  layout: LineLayout,
  come: readonly { isReleased: boolean; laterMs: number; lengthMm: number }[],
  all: readonly Stand[],
) {
  const line = new Trembling(layout).warmUp();
  const beganMs = line.nowMs;
  let atMs = beganMs + 50;
  for (const [index, { isReleased, laterMs, lengthMm }] of come.entries()) {
    const code = `${isReleased ? "R" : "S"}${index}`;
    if (isReleased) line.release(code);
    line.put({ code, atMs, lengthMm });
    atMs += Math.ceil((lengthMm + (layout.belts[0]?.provedGapUm ?? 0) / 1000 + 10) / 2) + laterMs;
  }
  const isIn = ({ atMs: fromMs, forMs }: Stand, nowMs: number): boolean => nowMs >= fromMs && nowMs < fromMs + forMs;
  while (line.nowMs < beganMs + 8000) {
    const now = all.filter((stand) => isIn(stand, line.nowMs - beganMs));
    line.beltMoves = now.every(({ place }) => place !== null);
    line.holdAt(now.find(({ place }) => place !== null)?.place ?? null);
    line.runTo(line.nowMs + 1);
  }
  return line;
}

/** Waybills whose own permit for the outbound chute passed its last look. */
function letGo(line: LineFixture): ReadonlySet<string> {
  const named = new Map(
    line.facts("decision").map(({ itemId, identity }) => [itemId, identity.kind === "code" ? identity.waybill : ""]),
  );
  const gone = new Set(line.facts("lastLook").flatMap(({ permit, go }) => (go ? [permit] : [])));
  return new Set(
    line
      .facts("permit")
      .flatMap(({ n, itemId, chuteId }) => (gone.has(n) && chuteId === "out" ? [named.get(itemId) ?? ""] : [])),
  );
}

test.each([
  ["with an encoder", oneGateLayout],
  ["without one", withoutEncoder],
] as const)(
  "on a belt %s each parcel that is outbound has a permit of its own that was let go",
  { timeout: 600_000 },
  (_belt, layout) => {
    let left = 0;
    fc.assert(
      fc.property(parcels, stands, (come, all) => {
        const line = run(layout(), come, all);
        const own = letGo(line);
        const outbound = line.parcels.filter(({ where }) => where === "out").map(({ code }) => code ?? "");
        left += outbound.length;
        expect(outbound.filter((code) => !own.has(code))).toEqual([]);
        expect(line.facts("breach")).toEqual([]);
      }),
      { numRuns: RUNS },
    );
    // On a line on which nothing leaves the question is not asked.
    expect(left).toBeGreaterThan(RUNS / 5);
  },
);
