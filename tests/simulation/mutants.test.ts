// A slice of the mutants: the line is broken in one way at a time, and the simulator's checkers find each of them.
import { expect, test } from "vitest";
import { MUTANTS } from "../mutants/catalogue/all.ts";
import { huntAll } from "../mutants/hunting.ts";
import { lineOf } from "../mutants/words.ts";

/** Some twenty-five seconds on two cores that nobody else wants; on a busy machine it is the processes that wait. */
const TIMEOUT_MS = 300_000;

test("each mutant of the slice is caught, and the product passes the same seeds", { timeout: TIMEOUT_MS }, async () => {
  const hunted = await huntAll(MUTANTS.filter(({ isInSlice = false }) => isInSlice));
  const survived = hunted.filter(({ found, trouble }) => found === null || trouble !== null);
  expect(survived.map((one) => lineOf(one))).toEqual([]);
});
