import fc from "fast-check";
import { expect, test } from "vitest";
import { fromCheckpoint, toCheckpoint } from "../../../src/line/checkpoint.ts";
import { type Departed, DepartedParcels } from "../../../src/line/departed-parcels.ts";
import { emptyChute } from "../../../src/line/empty-chute.ts";
import { emptyState } from "../../../src/line/state.ts";

const change = fc.oneof(
  fc.record({ do: fc.constant("put" as const), parcel: fc.integer({ min: 0, max: 1500 }) }),
  fc.record({ do: fc.constant("remove" as const), parcel: fc.integer({ min: 0, max: 1500 }) }),
  fc.record({ do: fc.constant("removeOldest" as const) }),
);

/** Enough of them that there are several pages, whatever comes then. */
const FIRST = Array.from({ length: 1400 }, (_, parcel) => ({ do: "put" as const, parcel }));

const inOrder = (departed: DepartedParcels) =>
  departed
    .pages()
    .flat()
    .map(([parcel, pieces]) => [parcel, pieces]);

test("it holds what a map in the order of last setting holds, and pages taken before stay as they were", () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 300 }), (changes) => {
      const departed = new DepartedParcels();
      const model = new Map<string, readonly Departed[]>();
      let kept: { pages: ReturnType<DepartedParcels["pages"]>; text: string } | null = null;
      for (const [itemId, step] of [...FIRST, ...changes].entries()) {
        if (itemId === 1200) kept = { pages: departed.pages(), text: JSON.stringify(departed.pages()) };
        if (step.do === "removeOldest") {
          departed.removeOldest();
          for (const [oldest] of model) {
            model.delete(oldest);
            break;
          }
          continue;
        }
        const parcel = `EMS/${step.parcel}`;
        model.delete(parcel);
        if (step.do === "remove") departed.remove(parcel);
        else {
          const pieces = [{ itemId, chuteId: "out" }];
          departed.put(parcel, pieces);
          model.set(parcel, pieces);
        }
      }
      expect(inOrder(departed)).toEqual([...model]);
      expect(departed.size).toBe(model.size);
      for (const parcel of ["EMS/0", "EMS/700", "EMS/1500"]) expect(departed.get(parcel)).toEqual(model.get(parcel));
      expect(JSON.stringify(kept?.pages)).toBe(kept?.text);
      expect(inOrder(new DepartedParcels(departed.pages()))).toEqual([...model]);
    }),
    { numRuns: 30 },
  );
});

test("a checkpoint brings departed parcels back, and so does one of an older version, which held them with the rest", () => {
  const state = emptyState();
  state.departed.put("EMS/A", [{ itemId: 1, chuteId: "out" }]);
  state.departed.put("EMS/B", [{ itemId: 2, chuteId: "out" }]);
  const checkpoint = JSON.parse(JSON.stringify(toCheckpoint(state)));
  expect(inOrder(fromCheckpoint(checkpoint).departed)).toEqual(inOrder(state.departed));
  const { pages: _pages, ...older } = checkpoint;
  older.state.departed = { $map: inOrder(state.departed) };
  expect(inOrder(fromCheckpoint(older).departed)).toEqual(inOrder(state.departed));
  expect([...state.departed.of(2)]).toEqual(["EMS/B"]);
});

test("waybills that go round stand on pages too; an older version held them with the rest, an even older one knew none", () => {
  const state = emptyState();
  for (let n = 0; n < 600; n += 1) state.rounds.put(`A${n}`, 1 + (n % 3));
  const checkpoint = JSON.parse(JSON.stringify(toCheckpoint(state)));
  expect(checkpoint.rounds).toHaveLength(2);
  expect(JSON.stringify(checkpoint.state)).not.toContain("A599");
  const roundsOf = (read: unknown) =>
    fromCheckpoint(read as typeof checkpoint)
      .rounds.pages()
      .flat();
  expect(roundsOf(checkpoint)).toEqual(state.rounds.pages().flat());
  const { rounds: _rounds, ...older } = checkpoint;
  expect(roundsOf(older)).toEqual([]);
  older.state.rounds = { $map: state.rounds.pages().flat() };
  expect(roundsOf(older)).toEqual(state.rounds.pages().flat());
});

test("a chute of an older version's checkpoint has what that version did not know yet as at a first start", () => {
  const state = emptyState();
  state.chutes.set("out", { ...emptyChute("out"), locked: true });
  const older = JSON.parse(JSON.stringify(toCheckpoint(state)));
  delete older.state.chutes.$map[0][1].mayBe;
  expect(fromCheckpoint(older).chutes.get("out")).toEqual({ ...emptyChute("out"), locked: true });
});
