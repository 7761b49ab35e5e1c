// What comes in on the belts of a demo: as many as each may take, and mostly what it leads out.
import { expect, test } from "vitest";
import { ORDINARY_SHIFT } from "../../../simulators/world/traffic.ts";
import { beltTraffic } from "../../../src/cli/demo/belt-traffic.ts";
import { exampleTexts, loadedSite } from "../config/example-site.ts";

const NOTHING = { parcels: null, perHour: null };
const shareOf = (flows: readonly { weight: number; stream: string; direction: string }[], name: string): number => {
  const all = flows.reduce((sum, { weight }) => sum + weight, 0);
  const own = flows.filter(({ stream, direction }) => `${stream} ${direction}` === name);
  return own.reduce((sum, { weight }) => sum + weight, 0) / all;
};

test("one belt that leads everything out: its own rate, and the ordinary shift to the number", () => {
  const { parcels, perHour, flowsOf } = beltTraffic(loadedSite(exampleTexts("common-line")), NOTHING);
  expect({ parcels, perHour }).toEqual({ parcels: 138, perHour: 10_000 });
  expect(flowsOf("belt1")).toBe(ORDINARY_SHIFT.flows);
});

test("two belts without encoder: a tenth below the rate that both take, and nine of ten parcels are their belt's own", () => {
  const { parcels, perHour, flowsOf } = beltTraffic(loadedSite(exampleTexts("three-buses")), NOTHING);
  expect({ parcels, perHour }).toEqual({ parcels: 66, perHour: 4756 });
  expect(shareOf(flowsOf("belt-b"), "cbec import")).toBeCloseTo(0.9);
  const express = shareOf(flowsOf("belt-a"), "express import") + shareOf(flowsOf("belt-a"), "express export");
  expect(express).toBeCloseTo(0.9);
  expect(shareOf(flowsOf("belt-a"), "cbec import")).toBeGreaterThan(0);
});

test("what was asked for is what comes", () => {
  const site = loadedSite(exampleTexts("three-buses"));
  expect(beltTraffic(site, { parcels: 5, perHour: 900 })).toMatchObject({ parcels: 5, perHour: 900 });
  expect(beltTraffic(site, { parcels: null, perHour: 720 })).toMatchObject({ parcels: 10, perHour: 720 });
});
