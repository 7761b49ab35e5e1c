// The world's clock: follows the real one, stands still over a long hold-up, and dates real events in its own time.
import { expect, test } from "vitest";
import { WorldClock, worldTimeAt } from "../../../simulators/wired/world-clock.ts";

const MS = 1_000_000;
const real = (ms: number): bigint => 7_000_000_000n + BigInt(ms * MS);
const clock = (): WorldClock => new WorldClock(real(0));

test("a short delay is caught up with", () => {
  const world = clock();
  expect(world.follow(real(1), 0)).toBe(MS);
  expect(world.follow(real(51), MS)).toBe(51 * MS);
  expect(world.pauses).toEqual({ count: 0, totalNs: 0, worstNs: 50 * MS });
});

test("of a long one only 50 ms happen, and later times are counted on from there", () => {
  const world = clock();
  expect(world.follow(real(1000), 800 * MS)).toBe(850 * MS);
  expect(world.follow(real(1002), 850 * MS)).toBe(852 * MS);
  expect(world.pauses).toEqual({ count: 1, totalNs: 150 * MS, worstNs: 200 * MS });
});

test("where it waits for a part of the line nothing happens, and what it waited counts as one pause", () => {
  const world = clock();
  expect(world.follow(real(4), 3 * MS, 5 * MS)).toBe(4 * MS);
  for (const ms of [7, 20, 160]) expect(world.follow(real(ms), 5 * MS, 5 * MS)).toBe(5 * MS);
  expect(world.follow(real(161), 5 * MS, 15 * MS)).toBe(6 * MS);
  expect(world.pauses).toEqual({ count: 1, totalNs: 155 * MS, worstNs: 155 * MS });
  expect(world.follow(real(400), 6 * MS, 16 * MS)).toBe(16 * MS);
  expect(world.pauses).toEqual({ count: 2, totalNs: 384 * MS, worstNs: 239 * MS });
});

test("events are dated before, within and after a pause, never out of order", () => {
  const world = clock();
  world.follow(real(1000), 800 * MS);
  world.follow(real(2000), 1700 * MS);
  const dated = [700, 840, 900, 1000, 1100, 1900, 1950, 2000, 2100].map((ms) => world.at(real(ms)) / MS);
  expect(dated).toEqual([700, 840, 850, 850, 950, 1750, 1750, 1750, 1850]);
});

test("the world never goes back, also when it is ahead by a step", () => {
  expect(clock().follow(real(1), 2 * MS)).toBe(2 * MS);
});

test("who knows the pauses reckons real times to the world's as the clock itself does", () => {
  const clock = new WorldClock(0n);
  let worldNs = 0;
  const real = [10, 20, 300, 310, 900, 910, 1500].map((ms) => BigInt(ms) * 1_000_000n);
  for (const ns of real) worldNs = clock.follow(ns, worldNs);
  expect(clock.pauses.count).toBeGreaterThan(1);
  for (let ms = 0; ms < 1600; ms += 7) {
    expect(worldTimeAt(clock.allPauses, ms * 1e6)).toBe(clock.at(BigInt(ms) * 1_000_000n));
  }
});
