// Edges that the PLC keeps: each with its own count, in order, whatever happened between two polls.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PlcEvent } from "../../../drivers/buses/job.ts";
import { DeviceImage } from "../../../drivers/inputs/device-image.ts";
import { edgesSince, LATCH_REGISTERS, type Latch } from "../../../drivers/inputs/latch.ts";
import { InputSampler } from "../../../drivers/inputs/sampler.ts";
import { EdgeLatch } from "../../../simulators/wired/plc/edge-latch.ts";
import type { PlcTerminals } from "../../../simulators/wired/terminals.ts";

const POLL_NS = 5_000_000;
const REGISTER = 30;

function rig() {
  const image = new DeviceImage({ packedFrom: 4, counting: [2, 3] });
  const sampler = new InputSampler(
    {
      ...{ encoders: [{ id: "enc", register: 2, bits: 32 }], signals: [], drives: [], gates: [], linePermits: [] },
      eyes: [{ id: "eye", input: 0, encoderId: "enc", latch: REGISTER }],
    },
    { id: "plc", pollNs: POLL_NS },
  );
  let polls = 0;
  const poll = (count: number, { edges, darkCount, lightCount }: Latch, afterNs = POLL_NS): PlcEvent[] => {
    polls += afterNs;
    const words = [edges, ...[darkCount, lightCount].flatMap((each) => [each >>> 16, each & 0xffff])];
    expect(words).toHaveLength(LATCH_REGISTERS);
    image.setRegisters(2, [count >>> 16, count & 0xffff]);
    image.setRegisters(REGISTER, words);
    const events: PlcEvent[] = [];
    const times = { sentNs: polls, repliedNs: polls + 100 };
    sampler.sampled(image, { inputs: times, counts: times }, (event) => events.push(event));
    return events.filter(({ kind }) => kind === "eye");
  };
  return { poll, sampler };
}

const counts = (events: readonly PlcEvent[]) =>
  events.flatMap((event) => (event.kind === "eye" ? [[event.edge, event.after.count, event.upTo.count]] : []));

describe("an eye whose edges are kept", () => {
  test("tells one edge with its own count", () => {
    const { poll } = rig();
    poll(100, { edges: 8, darkCount: 70, lightCount: 90 });
    expect(counts(poll(110, { edges: 9, darkCount: 103, lightCount: 90 }))).toEqual([["dark", 103, 103]]);
    expect(counts(poll(120, { edges: 9, darkCount: 103, lightCount: 90 }))).toEqual([]);
  });

  test("tells a pulse shorter than a poll, which its level never shows", () => {
    const { poll } = rig();
    poll(100, { edges: 8, darkCount: 70, lightCount: 90 });
    expect(counts(poll(110, { edges: 10, darkCount: 103, lightCount: 106 }))).toEqual([
      ["dark", 103, 103],
      ["light", 106, 106],
    ]);
  });

  test("tells what was overwritten as between the last sample and the edge after it", () => {
    const { poll } = rig();
    poll(100, { edges: 9, darkCount: 99, lightCount: 80 });
    expect(counts(poll(110, { edges: 12, darkCount: 105, lightCount: 107 }))).toEqual([
      ["light", 100, 105],
      ["dark", 105, 105],
      ["light", 107, 107],
    ]);
  });

  test("makes no edge of the first sample, nor of the first one after a loss", () => {
    const { poll, sampler } = rig();
    expect(poll(100, { edges: 9, darkCount: 99, lightCount: 80 })).toEqual([]);
    sampler.lost();
    expect(poll(110, { edges: 12, darkCount: 105, lightCount: 107 })).toEqual([]);
  });

  test("is not believed closer than two samples when these were far apart: the PLC may have stood still", () => {
    const { poll } = rig();
    poll(100, { edges: 8, darkCount: 70, lightCount: 90 });
    expect(counts(poll(300, { edges: 9, darkCount: 295, lightCount: 90 }, 100_000_000))).toEqual([["dark", 100, 295]]);
  });

  test("wraps after 65,535 edges", () => {
    expect(edgesSince(65_535, { edges: 1, darkCount: 5, lightCount: 4 })).toEqual([
      { edge: "light", count: 4 },
      { edge: "dark", count: 5 },
    ]);
  });
});

test("whatever flickers, edges go on in turn, end as the beam is, and the last of each kind has its count", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 65_535 }), fc.integer({ min: 1, max: 60_000 }), (seen, news) => {
      const edges = (seen + news) & 0xffff;
      const told = edgesSince(seen, { edges, darkCount: 1, lightCount: 2 });
      expect(told.length % 2).toBe(news % 2);
      expect(told.length).toBeGreaterThan(0);
      expect(told.length).toBeLessThanOrEqual(Math.min(news, 16));
      expect(told.at(-1)?.edge).toBe(edges % 2 === 1 ? "dark" : "light");
      expect(told.slice(-2).every(({ count }) => count !== null)).toBe(true);
      for (const [index, { edge }] of told.entries()) if (index > 0) expect(edge).not.toBe(told[index - 1]?.edge);
    }),
  );
});

test("the simulated PLC keeps edges as the page for PLC programmers says", () => {
  let isDark = true;
  let count = 0x1_0002;
  const terminals = { input: () => isDark, counter: () => count } as unknown as PlcTerminals;
  const latch = new EdgeLatch({ register: REGISTER, terminal: 0, counter: 0 }, terminals);
  latch.scan();
  expect(latch.registers()).toEqual([1, 0, 0, 0, 0]);
  isDark = false;
  latch.scan();
  latch.scan();
  count = 0x1_0009;
  isDark = true;
  latch.scan();
  expect(latch.registers()).toEqual([3, 1, 9, 1, 2]);
});
