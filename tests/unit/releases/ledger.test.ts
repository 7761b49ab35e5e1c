// Spent pieces are counted by window and held against every window that overlaps.
import { expect, test } from "vitest";
import {
  asCorrected,
  type Ledger,
  maxLedgerLines,
  numberLifetimeMs,
  spend,
  spentOn,
} from "../../../src/releases/ledger.ts";
import { joined, maxUses, type Window } from "../../../src/releases/windows.ts";
import { dayMs, declared, t0 } from "./samples.ts";

const window = { validFromMs: t0, validToMs: t0 + 90 * dayMs };
const spendOn = (ledger: Ledger, w: { validFromMs: number; validToMs: number }, delta: number): Ledger =>
  spend(ledger, { ...w, delta }).ledger;

test("what is spent counts, and what is given back does not", () => {
  expect(spentOn(spendOn(spendOn([], window, 2), window, -1), window)).toBe(1);
});

test("more given back than spent: nothing below zero, and the surplus is told", () => {
  const { ledger, overdrawn } = spend([], { ...window, delta: -2 });
  expect(overdrawn).toBe(2);
  expect(spentOn(ledger, window)).toBe(0);
});

test("a correction that moves the window does not make a second parcel of it", () => {
  const moved = { validFromMs: t0 + dayMs, validToMs: t0 + 91 * dayMs };
  expect(spentOn(spendOn([], window, 1), moved)).toBe(1);
});

test("the same number used again after its window begins with nothing spent", () => {
  const next = { validFromMs: window.validToMs, validToMs: window.validToMs + dayMs };
  expect(spentOn(spendOn([], window, 1), next)).toBe(0);
});

test("spent on a window that no declaration tells: it counts for the life of a number", () => {
  const { ledger } = spend([], { validFromMs: t0, validToMs: null, delta: 1 });
  expect(spentOn(ledger, { validFromMs: t0 + numberLifetimeMs - 1, validToMs: t0 + 2 * numberLifetimeMs })).toBe(1);
  expect(spentOn(ledger, { validFromMs: t0 + numberLifetimeMs, validToMs: t0 + 2 * numberLifetimeMs })).toBe(0);
});

test("more windows than are counted: everything is spent", () => {
  let ledger: Ledger = [];
  for (let i = 0; i <= maxLedgerLines; i++) ledger = spendOn(ledger, { validFromMs: i, validToMs: i + 1 }, 1);
  expect(ledger).toBe("saturated");
  expect(spentOn(ledger, window)).toBeGreaterThan(9999);
});

const days = (from: number, to: number): Window => ({ validFromMs: t0 + from * dayMs, validToMs: t0 + to * dayMs });

test("windows that overlap are one use of the number, those that only meet are two", () => {
  const uses = [days(0, 10), days(10, 20), days(30, 40)].reduce<readonly Window[]>(joined, []);
  expect(uses).toEqual([days(0, 10), days(10, 20), days(30, 40)]);
  expect(joined(uses, days(12, 15)), "nothing new").toBe(uses);
  expect(joined(uses, days(15, 31))).toEqual([days(0, 10), days(10, 40)]);
});

test("more uses of one declaration than are kept: all of them are one", () => {
  let uses: readonly Window[] = [];
  for (let i = 0; i <= maxUses; i++) uses = joined(uses, days(2 * i, 2 * i + 1));
  expect(uses).toEqual([days(0, 2 * maxUses + 1)]);
});

test("what was spent reaches as far as its own release was corrected, and no further", () => {
  const ledger = spendOn([], days(0, 10), 1);
  const corrected = { ...declared(days(11, 30)), uses: [days(0, 30)] };
  const apart = { ...declared({ ...days(20, 60), authority: "quarantine" }) };
  expect(asCorrected(ledger, [corrected, apart])).toEqual([{ ...days(0, 30), spent: 1 }]);
  expect(asCorrected(ledger, [apart])).toEqual(ledger);
  expect(asCorrected("saturated", [corrected])).toBe("saturated");
});
