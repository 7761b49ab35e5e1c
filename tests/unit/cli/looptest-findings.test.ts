// What moved gates have shown against line.yaml: what is within it says nothing, what is not is ready to paste.
import { expect, test } from "vitest";
import { findingsOf, type GateSays } from "../../../src/cli/jog/findings.ts";
import { endWords } from "../../../src/cli/jog/move.ts";
import type { JogResult } from "../../../src/line/plant-state.ts";

const says: GateSays = { gateId: "g1", travelMs: 50, busMs: 15, seesOut: true, seesHome: true, pollMs: 5 };
const seen = (change: Partial<JogResult> = {}): JogResult => ({
  ...{ jog: 1, command: "c", gateId: "g1", chuteId: "out", end: "done", why: null },
  ...{ answeredNs: 6e6, outNs: 48e6, homeNs: 54e6 },
  ...change,
});

test("a gate that moves within its times, bus and poll counted, says nothing", () => {
  expect(findingsOf(says, [seen(), seen({ outNs: 70e6 })])).toEqual([]);
});

test("the slowest of all moves counts, rounded up to what a person would write", () => {
  expect(findingsOf(says, [seen(), seen({ homeNs: 71.2e6 })])).toEqual([
    { gateId: "g1", text: "took 72 ms to a switch, and travelMs says 50", paste: "travelMs: 75" },
  ]);
});

test("a device that answers later than the plan allows for is its busMs", () => {
  expect(findingsOf(says, [seen({ answeredNs: 21e6 })])).toMatchObject([{ paste: "busMs: 25" }]);
});

test("a switch that was not seen is told only where there is one", () => {
  expect(findingsOf(says, [seen({ outNs: null })])).toMatchObject([{ text: expect.stringContaining("outInput") }]);
  expect(findingsOf({ ...says, seesOut: false }, [seen({ outNs: null })])).toEqual([]);
  expect(findingsOf(says, [seen({ homeNs: null })])).toMatchObject([{ text: expect.stringContaining("homeInput") }]);
});

test("no move that ended well says nothing about times", () => {
  expect(findingsOf(says, [])).toEqual([]);
});

test("an end says why, in the words of the fault table", () => {
  expect(endWords(seen({ end: "brokenOff", why: "COMMAND_NOT_MANUAL" }))).toBe(
    "called home before its time (the belt is not in manual mode)",
  );
  expect(endWords(seen())).toBe("out and home again");
});
