// Edges that the device keeps: all of them with their counts, in the belt's order, and none made up where some are missing.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { PlcEvent } from "../../../drivers/buses/job.ts";
import { PLAIN_32, registersOf } from "../../../drivers/buses/number-format.ts";
import { DeviceImage } from "../../../drivers/inputs/device-image.ts";
import { InputSampler, type SampleTimes } from "../../../drivers/inputs/sampler.ts";
import type { PlcWiring } from "../../../drivers/inputs/wiring.ts";

const DEPTH = 4;
const latch = (register: number) => ({ register, from: "holdingRegisters" as const, depth: DEPTH });
const wiring: PlcWiring = {
  encoders: [{ id: "enc", register: 2, bits: 32 }],
  eyes: [
    { id: "first", input: 0, encoderId: "enc", edges: latch(100) },
    { id: "second", input: 1, encoderId: "enc", edges: latch(120) },
  ],
  signals: [],
  drives: [],
  gates: [],
  linePermits: [],
};

/** A device that keeps the edges of one eye as docs/reference/modbus.md says. */
class Keeper {
  sequence = 0;
  readonly counts = new Array<number>(DEPTH).fill(0);

  edge(count: number): void {
    this.sequence = (this.sequence + 1) & 0xffff;
    this.counts[this.sequence % DEPTH] = count;
  }

  get registers(): number[] {
    return [this.sequence, ...this.counts.flatMap((count) => registersOf(count, PLAIN_32))];
  }
}

function rig() {
  const image = new DeviceImage({ counting: { inputRegisters: [2, 3] } });
  const sampler = new InputSampler(wiring, { id: "plc", pollNs: 1000 });
  const [first, second] = [new Keeper(), new Keeper()];
  let nowNs = 0;
  const sample = (count: number): PlcEvent[] => {
    nowNs += 1000;
    image.setRegisters(2, registersOf(count, PLAIN_32));
    image.setRegisters(100, first.registers, "holdingRegisters");
    image.setRegisters(120, second.registers, "holdingRegisters");
    const times = { sentNs: nowNs, repliedNs: nowNs + 100 };
    const both: SampleTimes = { inputs: times, counts: times };
    const events: PlcEvent[] = [];
    sampler.sampled(image, both, (event) => event.kind !== "belt" && events.push(event));
    return events;
  };
  return { sampler, first, second, sample };
}

test("two edges between two polls are two, each at its own count", () => {
  const { first, sample } = rig();
  sample(0);
  first.edge(10);
  first.edge(14);
  expect(sample(20)).toEqual([
    { kind: "eye", eyeId: "first", edge: "dark", after: { atNs: 1000, count: 10 }, upTo: { atNs: 2100, count: 10 } },
    { kind: "eye", eyeId: "first", edge: "light", after: { atNs: 1000, count: 14 }, upTo: { atNs: 2100, count: 14 } },
  ]);
  expect(sample(30)).toEqual([]);
});

test("edges of two eyes come in the order in which the belt went by, over the counter's turn as well", () => {
  const { first, second, sample } = rig();
  sample(0xffff_fff0);
  first.edge(0xffff_fffa);
  second.edge(0xffff_fffe);
  first.edge(2);
  const edges = sample(5).map((event) => event.kind === "eye" && `${event.eyeId} ${event.edge}`);
  expect(edges).toEqual(["first dark", "second dark", "first light"]);
});

test("what the device kept before the connection makes no edge", () => {
  const { sampler, first, sample } = rig();
  first.edge(1);
  expect(sample(5)).toEqual([]);
  sampler.lost();
  first.edge(6);
  expect(sample(9)).toEqual([]);
});

test("more edges than the device keeps leave a stretch unsampled, and make none", () => {
  const { first, sample } = rig();
  sample(0);
  for (let i = 0; i < DEPTH + 1; i += 1) first.edge(i);
  expect(sample(9)).toEqual([{ kind: "unsampled", deviceId: "plc", fromNs: 1000, toNs: 2100 }]);
  first.edge(11);
  expect(sample(12)).toMatchObject([{ kind: "eye", edge: "light" }]);
});

test("every edge is told once and in order, however many come between polls, over the sequence's turn", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(DEPTH), { maxLength: 30 }), fc.constantFrom(0, 0xfffe), (perPoll, from) => {
      const { first, sample } = rig();
      first.sequence = from;
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
