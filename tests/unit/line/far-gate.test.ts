// A gate far down a belt: the error of a position grows on the way, and the eyes renew it.
import { expect, test } from "vitest";
import { LineFixture, oneGateLayout } from "./line-fixture.ts";

test("parcels for a gate so far away that drift alone would exceed half the gap are sorted, since an eye lies between", () => {
  const layout = oneGateLayout();
  // 70 mm per metre: 266 mm from the induction eye to the gate at 4 m, 35 mm from an eye at 3.5 m; the gap is 500 mm.
  const belts = layout.belts.map((belt) => {
    const [near] = belt.eyes.filter(({ id }) => id === "mid");
    const eyes = near === undefined ? [] : [{ ...near, id: "late", atUm: 3_500_000 }];
    return { ...belt, driftUmPerM: 70_000, eyes: [...belt.eyes, ...eyes].toSorted((a, b) => a.atUm - b.atUm) };
  });
  const line = new LineFixture({ ...layout, belts }).warmUp();
  for (const code of ["A1", "A2"]) line.release(code).hold(code);
  const atMs = line.nowMs + 100;
  line.put({ code: "A1", atMs }, { code: "A2", atMs: atMs + 350 }).runTo(atMs + 6000);
  expect([...line.where("A1"), ...line.where("A2")]).toEqual(["store", "store"]);
});
