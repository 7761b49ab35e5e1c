// A slice of the mutants: the line is broken in one way at a time, and the simulator's checkers find each of them.
import { expect, test } from "vitest";
import { howOften } from "../how-often.ts";
import { MUTANTS } from "../mutants/catalogue/all.ts";
import { huntAll } from "../mutants/hunting.ts";
import type { HuntName } from "../mutants/hunts.ts";
import { lineOf } from "../mutants/words.ts";

/** Ten seconds of one core, or fifty; on a busy machine it is the processes that wait. */
const TIMEOUT_MS = 300_000;
/** Those of one hunt share the run of the product itself. Null: of all. */
const HUNT = howOften<HuntName | null>({ usually: "mixed-traffic", long: null });

test("each mutant of the slice is caught, and the product passes the same seeds", { timeout: TIMEOUT_MS }, async () => {
  const slice = MUTANTS.filter(({ isInSlice = false, hunt }) => isInSlice && hunt === (HUNT ?? hunt));
  expect(slice.length).toBeGreaterThanOrEqual(3);
  const hunted = await huntAll(slice);
  const survived = hunted.filter(({ found, trouble }) => found === null || trouble !== null);
  expect(survived.map((one) => lineOf(one))).toEqual([]);
});
