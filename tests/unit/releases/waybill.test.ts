// A waybill's state depends on what was said of it, never on the order or number of times it was heard.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { DeclarationEvent, HoldEvent, ReleaseEvent } from "../../../src/releases/event.ts";
import { recordAt, standingHolds } from "../../../src/releases/judge.ts";
import {
  applyEvent,
  emptyWaybill,
  maxDeclarations,
  maxHolds,
  type WaybillState,
} from "../../../src/releases/waybill.ts";
import { declared, hold, lift, t0 } from "./samples.ts";

const applyAll = (events: readonly ReleaseEvent[]): WaybillState => events.reduce(applyEvent, emptyWaybill);
const standing = (state: WaybillState) => (state.holds === "saturated" ? state.holds : standingHolds(state.holds));
const ruling = (state: WaybillState) => {
  if (state.declarations === "saturated") throw new Error("saturated");
  const at = { company: "EMS", waybill: "RB1", ledger: [], version: 1, nowMs: t0 + 1000 };
  return recordAt({ ...at, declarations: state.declarations });
};

/** Few names and few times, so that events of one name, equal times and true repetitions are frequent. */
const names = fc.record({ authority: fc.constantFrom("A", "B"), reference: fc.constantFrom("r1", "r2", "r3") });
const eventAtMs = fc.integer({ min: t0, max: t0 + 4 });
/** Some overlap, some only meet, some are apart. */
const windows = fc
  .constantFrom([0, 5000], [0, 6000], [10, 5000], [10, 6000], [5500, 7000], [6000, 9000], [8000, 9500])
  .map(([from = 0, to = 0]) => ({ validFromMs: t0 + from, validToMs: t0 + to }));
const declarations = fc
  .record({
    eventAtMs,
    status: fc.constantFrom("released", "inspect", "hold", "return", "pending", "unknown"),
    stream: fc.constantFrom("express", "cbec"),
    direction: fc.constantFrom("import", "export"),
    pieces: fc.integer({ min: 1, max: 3 }),
  } satisfies Partial<Record<keyof DeclarationEvent, unknown>>)
  .chain((part) =>
    fc
      .tuple(names, windows)
      .map(([name, window]) => declared({ ...(part as Partial<DeclarationEvent>), ...window, ...name })),
  );
const marks = fc
  .record({ kind: fc.constantFrom("hold", "lift"), holdKind: fc.constantFrom("seizure", "quarantine"), eventAtMs })
  .chain((part) => names.map((name): HoldEvent => ({ ...hold(), ...part, ...name }) as HoldEvent));
const events = fc.array(fc.oneof(declarations, marks), { maxLength: 30 });

test("any permutation and repetition of a set of events ends in the same state", () => {
  const shuffled = events.chain((said) =>
    fc.tuple(
      fc.constant(said),
      fc.array(fc.nat({ max: Math.max(0, said.length - 1) }), { maxLength: 20 }).chain((again) => {
        const repeated = [...said, ...again.flatMap((i) => said[i] ?? [])];
        return fc.shuffledSubarray(repeated, { minLength: repeated.length, maxLength: repeated.length });
      }),
    ),
  );
  fc.assert(
    fc.property(shuffled, ([said, heard]) => {
      expect(applyAll(heard)).toEqual(applyAll(said));
    }),
    { numRuns: 1000 },
  );
});

test("an event that was heard before returns the very same state", () => {
  fc.assert(
    fc.property(events, (said) => {
      const state = applyAll(said);
      for (const event of said) expect(applyEvent(state, event)).toBe(state);
    }),
  );
});

test("whatever else is said, a parcel with a standing hold has it until the lift of the same name", () => {
  fc.assert(
    fc.property(events, (said) => {
      const mine = hold({ authority: "Z", reference: "mine", eventAtMs: t0 });
      const held = [mine, ...said].reduce(applyEvent, emptyWaybill);
      expect(standing(held)).toContainEqual({ authority: "Z", kind: "seizure", reference: "mine", placedAtMs: t0 });
      const free = applyEvent(held, { ...mine, kind: "lift", eventAtMs: t0 + 1 });
      expect(standing(free)).not.toContainEqual(expect.objectContaining({ authority: "Z" }));
    }),
  );
});

test("declared 800 and then 500: the newer event of the same declaration revokes the release", () => {
  const released = declared({ status: "released", eventAtMs: t0 });
  const inspected = declared({ status: "inspect", eventAtMs: t0 + 1 });
  expect(ruling(applyAll([released, inspected]))?.status).toBe("inspect");
  expect(ruling(applyAll([inspected, released]))?.status).toBe("inspect");
});

test("two statuses of one declaration at the same instant: the more restrictive one stands", () => {
  const both = [declared({ status: "released" }), declared({ status: "pending" })];
  expect(ruling(applyAll(both))?.status).toBe("pending");
  expect(ruling(applyAll(both.reverse()))?.status).toBe("pending");
});

test("a newer release of another authority does not overrule an older refusal: clocks of two are not compared", () => {
  const refused = declared({ authority: "quarantine", status: "return", eventAtMs: t0 });
  const released = declared({ authority: "customs", status: "released", eventAtMs: t0 + 60_000 });
  expect(ruling(applyAll([refused, released]))?.status).toBe("return");
});

test("two valid releases that disagree on the stream: unknown, since one of them is of another parcel", () => {
  const state = applyAll([
    declared({ reference: "r1", stream: "express" }),
    declared({ reference: "r2", stream: "cbec" }),
  ]);
  expect(ruling(state)?.status).toBe("unknown");
});

test("two valid releases of different pieces: the fewer pieces, never the sum", () => {
  const state = applyAll([declared({ reference: "r1", pieces: 3 }), declared({ reference: "r2", pieces: 2 })]);
  expect(ruling(state)).toMatchObject({ pieces: 2, reference: "r2" });
});

test("a record is valid from its first instant up to, not at, its last", () => {
  const record = (nowMs: number) => {
    const { declarations: list } = applyAll([declared({ validFromMs: t0, validToMs: t0 + 100 })]);
    if (list === "saturated") throw new Error("saturated");
    return recordAt({ company: "EMS", waybill: "RB1", declarations: list, ledger: [], version: 1, nowMs });
  };
  expect(record(t0 - 1)).toBeNull();
  expect(record(t0)?.status).toBe("released");
  expect(record(t0 + 99)?.status).toBe("released");
  expect(record(t0 + 100)).toBeNull();
});

test("an old placing after a newer lift stays lifted, and a lift before its hold makes the late placing nothing", () => {
  const place = hold({ eventAtMs: t0 });
  const raise = lift({ eventAtMs: t0 + 1 });
  expect(standing(applyAll([place, raise, place]))).toEqual([]);
  expect(standing(applyAll([raise, place]))).toEqual([]);
});

test("a hold placed anew after its lift stands again, and at the same instant the hold wins", () => {
  expect(standing(applyAll([lift({ eventAtMs: t0 }), hold({ eventAtMs: t0 + 1 })]))).toHaveLength(1);
  expect(standing(applyAll([hold({ eventAtMs: t0 }), lift({ eventAtMs: t0 })]))).toHaveLength(1);
});

test("a lift of another authority, kind or reference lifts nothing", () => {
  const held = applyAll([hold()]);
  const others = [{ authority: "other" }, { holdKind: "other" }, { reference: "other" }];
  for (const other of others) {
    expect(standing(applyEvent(held, lift({ eventAtMs: t0 + 9, ...other })))).toHaveLength(1);
  }
});

test("more declarations or holds than are counted: saturated, in any order, and for good", () => {
  const many = Array.from({ length: maxDeclarations + 1 }, (_, i) => declared({ reference: `r${i}` }));
  expect(applyAll(many).declarations).toBe("saturated");
  expect(applyAll(many.reverse()).declarations).toBe("saturated");
  expect(applyAll(many.slice(1)).declarations).toHaveLength(maxDeclarations);
  const holds = Array.from({ length: maxHolds + 1 }, (_, i) => hold({ reference: `r${i}` }));
  const saturated = applyAll(holds);
  expect(saturated.holds).toBe("saturated");
  expect(applyEvent(saturated, lift({ eventAtMs: t0 + 9 }))).toBe(saturated);
});
