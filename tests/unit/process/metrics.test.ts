// Figures of the timing path: exact counts, figures within the histogram's precision, resets, bounded names.
import { afterEach, beforeEach, expect, test } from "vitest";
import { createMetrics, type Metrics } from "../../../src/process/metrics.ts";

let metrics: Metrics;
beforeEach(() => {
  metrics = createMetrics();
});
afterEach(() => metrics.close());

test("a stage at a device has last, mean, p99 and max within a thousandth, and its misses and drops", () => {
  const reaction = metrics.stage("reaction", "plc1");
  for (let ms = 1; ms <= 100; ms++) reaction.record(ms * 1e6);
  reaction.record(7e6);
  reaction.miss();
  reaction.drop();
  reaction.drop();
  const [only] = metrics.snapshot().stages;
  expect(only).toMatchObject({ stage: "reaction", device: "plc1" });
  expect(only?.sinceStart).toMatchObject({ count: 101, lastNs: 7e6, misses: 1, drops: 2 });
  const near = (value: number | undefined, wanted: number): void =>
    expect(Math.abs((value ?? Number.NaN) / wanted - 1)).toBeLessThan(0.001);
  near(only?.sinceStart.maxNs, 100e6);
  near(only?.sinceStart.p99Ns, 99e6);
  near(only?.sinceStart.meanNs, (5050e6 + 7e6) / 101);
});

test("a reset starts the figures since reset afresh and keeps those since start", () => {
  const stage = metrics.stage("look");
  stage.record(5000);
  stage.miss();
  metrics.reset();
  const nothing = { count: 0, lastNs: 0, meanNs: 0, p50Ns: 0, p99Ns: 0, p999Ns: 0, maxNs: 0, misses: 0, drops: 0 };
  expect(metrics.snapshot().stages[0]?.sinceReset).toEqual(nothing);
  expect(metrics.snapshot().stages[0]?.sinceStart).toMatchObject({ count: 1, misses: 1 });
});

test("durations that no clock should give never throw", () => {
  const stage = metrics.stage("odd");
  for (const ns of [0, -5, 0.5, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 1e30]) stage.record(ns);
  expect(metrics.snapshot().stages[0]?.sinceStart.count).toBe(7);
  expect(metrics.snapshot().stages[0]?.sinceStart.maxNs).toBeGreaterThan(59e9);
});

test("names are bounded: what comes too late is counted under other", () => {
  for (let i = 0; i < 300; i++) {
    metrics.stage(`stage${i}`).record(1);
    metrics.count(`counter${i}`);
  }
  const { stages, counters } = metrics.snapshot();
  expect(stages).toHaveLength(257);
  expect(stages.find(({ stage }) => stage === "other")?.sinceStart.count).toBe(44);
  expect(Object.keys(counters)).toHaveLength(257);
  expect(counters["other"]).toBe(44);
});

test("a snapshot is plain JSON and says the scheduling class", () => {
  metrics.stage("look").record(1);
  const snapshot = metrics.snapshot();
  expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
  expect(snapshot.scheduling.policy).not.toBe("unknown");
});
