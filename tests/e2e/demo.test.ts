// The demo as a newcomer runs it, without a terminal: 150 parcels on real ttys and sockets, truth against journal.
import { expect, test } from "vitest";
import { runDemo } from "./run-demo.ts";

/** A machine that held up the simulated belt itself for longer than this says nothing about the line. */
const HELD_UP_MS = 100;

test("150 parcels at 10,000 an hour: nothing unreleased leaves, and what is released is in its chute", async () => {
  const { code, result, said } = await runDemo(["--parcels", "150", "--json"]);
  expect(result, said).toMatchObject({ parcels: 150, unreleasedOutbound: 0, misdiverted: 0 });
  const { released, simulator, lateDropped, latencyMs, reasons, perChute } = result;
  expect(released.due).toBeGreaterThan(80);
  expect(Object.values(reasons).reduce((sum, count) => sum + count, 0)).toBe(150);
  expect(Object.values(perChute).reduce((sum, count) => sum + count, 0)).toBe(150);
  expect(latencyMs.max).toBeGreaterThanOrEqual(latencyMs.p50);
  if (simulator.worstStallMs > HELD_UP_MS) {
    process.stderr.write(`left out: sorting share, the machine held up the belt for ${simulator.worstStallMs} ms\n`);
    return;
  }
  expect(result.findings).toEqual([]);
  expect(released.delivered).toBeGreaterThanOrEqual(released.due - lateDropped);
  expect(result.verdict).toBe("kept");
  expect(code).toBe(0);
}, 150_000);

test("a rate that leaves no room for the gap is refused, with what the belt can take", async () => {
  const { code, said } = await runDemo(["--rate", "20000", "--parcels", "5"]);
  expect(code).toBe(1);
  expect(said).toMatch(/10,?000/);
}, 60_000);

test("a number that is none is refused, with the usage", async () => {
  const { code, said } = await runDemo(["--parcels", "many"]);
  expect(code).toBe(2);
  expect(said).toContain("--parcels takes a whole number");
}, 60_000);
