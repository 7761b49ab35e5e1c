// Edges that the PLC keeps: each with its own count, in order, whatever happened between two polls.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PlcEvent } from "../../../drivers/buses/job.ts";
import { PLAIN_32, registersOf } from "../../../drivers/buses/number-format.ts";
import { DeviceImage } from "../../../drivers/inputs/device-image.ts";
import { edgesSince, latchRegisters } from "../../../drivers/inputs/latch.ts";
import { InputSampler } from "../../../drivers/inputs/sampler.ts";
import type { EdgeLatch as LatchPlace } from "../../../drivers/inputs/wiring.ts";
import { EdgeLatch } from "../../../simulators/wired/plc/edge-latch.ts";
import type { PlcTerminals } from "../../../simulators/wired/terminals.ts";

const POLL_NS = 5_000_000;
const REGISTER = 30;

interface Latch {
  edges: number;
  darkCount: number;
  lightCount: number;
}

function rig() {
  const image = new DeviceImage({ counting: { inputRegisters: [2, 3] } });
  const latch = { register: REGISTER, from: "inputRegisters" as const, depth: 2 };
  const sampler = new InputSampler(
    {
      ...{ encoders: [{ id: "enc", register: 2, bits: 32 }], signals: [], drives: [], gates: [], linePermits: [] },
      eyes: [{ id: "eye", input: 0, encoderId: "enc", latch }],
    },
    { id: "plc", pollNs: POLL_NS, cycles: null },
  );
  let polls = 0;
  const poll = (count: number, { edges, darkCount, lightCount }: Latch, afterNs = POLL_NS): PlcEvent[] => {
    polls += afterNs;
    const words = [edges, ...[darkCount, lightCount].flatMap((each) => [each >>> 16, each & 0xffff])];
    expect(words).toHaveLength(latchRegisters({ depth: 2 }, { bits: 32 }));
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
    const edges = [
      { edge: "light", count: 4 },
      { edge: "dark", count: 5 },
    ];
    expect(edgesSince(65_535, { edges: 1, counts: [5, 4] })).toEqual({ edges, isCut: false });
  });
});

test("whatever flickers, edges go on in turn, end as the beam is, and the last of each kind has its count", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 65_535 }), fc.integer({ min: 1, max: 60_000 }), (seen, news) => {
      const edges = (seen + news) & 0xffff;
      const { edges: told, isCut } = edgesSince(seen, { edges, counts: [1, 2] });
      expect(isCut).toBe(told.length < news);
      expect(told.length % 2).toBe(news % 2);
      expect(told.length).toBeGreaterThan(0);
      expect(told.length).toBeLessThanOrEqual(Math.min(news, 16));
      expect(told.at(-1)?.edge).toBe(edges % 2 === 1 ? "dark" : "light");
      expect(told.slice(-2).every(({ count }) => count !== null)).toBe(true);
      for (const [index, { edge }] of told.entries()) if (index > 0) expect(edge).not.toBe(told[index - 1]?.edge);
    }),
  );
});

const DEPTH = 4;

/** A device that keeps the edges of one eye as docs/reference/modbus.md says. */
class Keeper {
  edges = 0;
  readonly counts = new Array<number>(DEPTH).fill(0);

  edge(count: number): void {
    this.counts[this.edges % DEPTH] = count;
    this.edges = (this.edges + 1) & 0xffff;
  }

  get registers(): number[] {
    return [this.edges, ...this.counts.flatMap((count) => registersOf(count, PLAIN_32))];
  }
}

/** Two eyes of one belt, four edges of each kept in holding registers. */
function deepRig() {
  const image = new DeviceImage({ counting: { inputRegisters: [2, 3] } });
  const latch = (register: number): LatchPlace => ({ register, from: "holdingRegisters", depth: DEPTH });
  const sampler = new InputSampler(
    {
      ...{ encoders: [{ id: "enc", register: 2, bits: 32 }], signals: [], drives: [], gates: [], linePermits: [] },
      eyes: [
        { id: "first", input: 0, encoderId: "enc", latch: latch(100) },
        { id: "second", input: 1, encoderId: "enc", latch: latch(120) },
      ],
    },
    { id: "plc", pollNs: 1000, cycles: null },
  );
  const [first, second] = [new Keeper(), new Keeper()];
  let nowNs = 0;
  const sample = (count: number): PlcEvent[] => {
    nowNs += 1000;
    image.setRegisters(2, registersOf(count, PLAIN_32));
    image.setRegisters(100, first.registers, "holdingRegisters");
    image.setRegisters(120, second.registers, "holdingRegisters");
    const times = { sentNs: nowNs, repliedNs: nowNs + 100 };
    const events: PlcEvent[] = [];
    sampler.sampled(image, { inputs: times, counts: times }, (event) => event.kind !== "belt" && events.push(event));
    return events;
  };
  return { first, second, sample };
}

test("edges of two eyes come in the order in which the belt went by, over the counter's turn as well", () => {
  const { first, second, sample } = deepRig();
  sample(0xffff_fff0);
  first.edge(0xffff_fffa);
  second.edge(0xffff_fffe);
  first.edge(2);
  const edges = sample(5).map((event) => event.kind === "eye" && `${event.eyeId} ${event.edge} ${event.upTo.count}`);
  expect(edges).toEqual(["first dark 4294967290", "second dark 4294967294", "first light 2"]);
});

test("more edges than can be told leave a stretch unsampled", () => {
  const { first, sample } = deepRig();
  sample(0);
  for (let i = 1; i <= 18; i += 1) first.edge(i);
  const [gap, ...edges] = sample(20);
  expect(gap).toEqual({ kind: "unsampled", deviceId: "plc", fromNs: 1000, toNs: 2100 });
  expect(edges).toHaveLength(16);
  expect(counts(edges.slice(-5))).toEqual([
    ["light", 0, 15],
    ["dark", 15, 15],
    ["light", 16, 16],
    ["dark", 17, 17],
    ["light", 18, 18],
  ]);
});

test("every edge that is kept is told once, in order and at its count, over the turn of their number", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(DEPTH), { maxLength: 30 }), fc.constantFrom(0, 0xfffe), (perPoll, from) => {
      const { first, sample } = deepRig();
      first.edges = from;
      let count = 0;
      sample(count);
      const made: number[] = [];
      const told: number[] = [];
      for (const edges of perPoll) {
        for (let i = 0; i < edges; i += 1) {
          count += 1;
          first.edge(count);
          made.push(count);
        }
        for (const event of sample(count)) if (event.kind === "eye") told.push(event.upTo.count ?? -1);
      }
      expect(told).toEqual(made);
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
