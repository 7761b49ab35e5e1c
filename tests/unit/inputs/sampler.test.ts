// Samples into events: belts before eyes, edges between two samples, and none over a lost connection.
import { expect, test } from "vitest";
import type { PlcEvent } from "../../../drivers/buses/job.ts";
import { DeviceImage } from "../../../drivers/inputs/device-image.ts";
import { InputSampler, type SampleTimes } from "../../../drivers/inputs/sampler.ts";
import type { PlcWiring } from "../../../drivers/inputs/wiring.ts";

const wiring: PlcWiring = {
  encoders: [{ id: "enc", register: 2, bits: 32 }],
  eyes: [
    { id: "belt-eye", input: 0, encoderId: "enc" },
    { id: "lone-eye", input: 17, encoderId: null },
  ],
  signals: [{ id: "full", input: 1 }],
  drives: [],
  gates: [],
  linePermits: [],
};

function rig(o: { packedFrom: number | null; drives?: PlcWiring["drives"] } = { packedFrom: 4 }) {
  const packed = { first: 0, count: 256, from: "inputRegisters" as const, inverted: false, bytesSwapped: false };
  const image = new DeviceImage(o.packedFrom === null ? {} : { areas: [{ ...packed, address: o.packedFrom }] });
  const sampler = new InputSampler({ ...wiring, drives: o.drives ?? [] }, { id: "plc", pollNs: 1000, cycles: 0 });
  const sample = (count: number, inputs: number[], times: SampleTimes): PlcEvent[] => {
    image.setRegisters(2, [count >>> 16, count & 0xffff]);
    if (o.packedFrom === null) image.setInputs(0, inputs);
    else image.setRegisters(o.packedFrom, inputs);
    const events: PlcEvent[] = [];
    sampler.sampled(image, times, (event) => events.push(event));
    return events;
  };
  return { sampler, sample };
}

const at = (sentNs: number, repliedNs: number): SampleTimes => {
  const times = { sentNs, repliedNs };
  return { inputs: times, counts: times };
};

test("a belt sample is stamped with the middle of its request, give or take half of it, high word first", () => {
  const { sample } = rig();
  expect(sample(0x10005, [0, 0], at(100, 200))[0]).toEqual({
    kind: "belt",
    encoderId: "enc",
    stamp: { atNs: 150, count: 0x10005 },
    errorNs: 50,
  });
});

test("an edge lies after the sending of the last sample and before the reply of this one, and follows its belt", () => {
  const { sample } = rig();
  sample(10, [0, 0], at(100, 200));
  const events = sample(20, [1, 2], at(500, 600));
  expect(events.map((event) => event.kind)).toEqual(["belt", "eye", "eye"]);
  expect(events[1]).toEqual({
    kind: "eye",
    eyeId: "belt-eye",
    edge: "dark",
    after: { atNs: 100, count: 10 },
    upTo: { atNs: 600, count: 20 },
  });
  expect(events[2]).toMatchObject({ eyeId: "lone-eye", after: { count: null }, upTo: { count: null } });
});

test("a chute's eye that is light with the first sample says so, since a mouth may have been dark before; a dark one says nothing", () => {
  const mouths = [0, 1].map((input) => ({ id: `mouth-${input}`, input, encoderId: null, isMouth: true as const }));
  const image = new DeviceImage({});
  const sampler = new InputSampler(
    { ...wiring, encoders: [], eyes: mouths },
    { id: "plc", pollNs: 1000, cycles: null },
  );
  const edges = (inputs: number[], times: SampleTimes): PlcEvent[] => {
    image.setInputs(0, inputs);
    const events: PlcEvent[] = [];
    sampler.sampled(image, times, (event) => events.push(event));
    return events.filter(({ kind }) => kind === "eye");
  };
  const light = { kind: "eye", eyeId: "mouth-0", edge: "light" };
  expect(edges([0b10], at(0, 1))).toEqual([
    { ...light, after: { atNs: 0, count: null }, upTo: { atNs: 1, count: null } },
  ]);
  expect(edges([0b10], at(2, 3))).toEqual([]);
  sampler.lost();
  expect(edges([0b10], at(4, 5))).toMatchObject([light]);
});

test("the first sample makes no edge, and after a loss the next one is the first again", () => {
  const { sample, sampler } = rig();
  const edges = (events: PlcEvent[]) => events.filter((event) => event.kind === "eye");
  expect(edges(sample(10, [1, 0], at(0, 1)))).toEqual([]);
  sampler.lost();
  expect(edges(sample(10, [0, 0], at(2, 3)))).toEqual([]);
  expect(edges(sample(10, [1, 0], at(4, 5)))).toHaveLength(1);
});

test("inputs read on their own are bounded by the count of the poll before", () => {
  const { sample } = rig({ packedFrom: null });
  const own = (ns: number): SampleTimes => ({
    inputs: { sentNs: ns, repliedNs: ns + 1 },
    counts: { sentNs: ns + 2, repliedNs: ns + 3 },
  });
  sample(10, [0, 0], own(0));
  sample(20, [0, 0], own(10));
  const edge = sample(30, [1, 0], own(20)).find((event) => event.kind === "eye");
  expect(edge).toMatchObject({ after: { atNs: 10, count: 10 }, upTo: { atNs: 23, count: 30 } });
});

test("a signal is told when first seen and when it changes", () => {
  const { sample } = rig();
  const told = (events: PlcEvent[]) => events.filter((event) => event.kind === "signal");
  expect(told(sample(0, [2, 0], at(0, 1)))).toEqual([{ kind: "signal", inputId: "full", value: true }]);
  expect(told(sample(0, [2, 0], at(2, 3)))).toEqual([]);
  expect(told(sample(0, [0, 0], at(4, 5)))).toEqual([{ kind: "signal", inputId: "full", value: false }]);
});

test("a drive's contact is told with every sample, changed or not, by the time after which it was true", () => {
  const { sample } = rig({ packedFrom: 4, drives: [{ beltId: "b", input: 2 }] });
  const drivesOf = (events: PlcEvent[]) => events.filter(({ kind }) => kind === "drive");
  expect(drivesOf(sample(10, [4, 0], at(100, 200)))).toEqual([
    { kind: "drive", beltId: "b", running: true, atNs: 100 },
  ]);
  expect(drivesOf(sample(11, [4, 0], at(300, 400)))).toEqual([
    { kind: "drive", beltId: "b", running: true, atNs: 300 },
  ]);
  expect(drivesOf(sample(12, [0, 0], at(500, 600)))).toEqual([
    { kind: "drive", beltId: "b", running: false, atNs: 500 },
  ]);
});

test("two samples further apart than two polls are told before the second one's edges; a new connection begins anew", () => {
  const { sampler, sample } = rig();
  const gapsOf = (events: PlcEvent[]) => events.flatMap((event) => (event.kind === "unsampled" ? [event] : []));
  sample(10, [0, 0], at(100, 200));
  expect(gapsOf(sample(11, [0, 0], at(1100, 1200)))).toEqual([]);
  const late = sample(12, [1, 0], at(2100, 3101));
  expect(gapsOf(late)).toEqual([{ kind: "unsampled", deviceId: "plc", fromNs: 1100, toNs: 3101 }]);
  expect(late.map(({ kind }) => kind)).toEqual(["unsampled", "belt", "eye"]);
  sampler.lost();
  expect(gapsOf(sample(13, [0, 0], at(90_000, 90_100)))).toEqual([]);
});
