// What the nodes of a device say, as the registers that its machine polls: unknown never looks like a value.
import { describe, expect, test } from "vitest";
import type { GateDrive } from "../../../drivers/gates/schema.ts";
import { gateDriveSchema } from "../../../drivers/gates/schema.ts";
import type { PlcWiring } from "../../../drivers/inputs/wiring.ts";
import { type Look, UaImage } from "../../../drivers/opcua/image.ts";
import { planImage } from "../../../drivers/opcua/image-plan.ts";
import { opcUaDeviceSchema } from "../../../drivers/opcua/schema.ts";
import type { UaScalar } from "../../../drivers/opcua/value.ts";

const device = opcUaDeviceSchema.parse({
  id: "plc1",
  driver: "opcua",
  endpoint: "opc.tcp://127.0.0.1:4840",
  security: { mode: "none" },
  inputs: [
    { first: 0, node: "s=eye" },
    { first: 10, count: 3, node: "s=switches" },
    { first: 20, node: "s=air" },
    { first: 30, node: "s=full", readBy: "subscription", inverted: true },
  ],
  numbers: [
    { register: 0, node: "s=count", type: "UInt32" },
    { register: 5, node: "s=alive", type: "UInt16" },
    { register: 6, node: "s=echo", type: "UInt16" },
  ],
  outputs: [{ coil: 0, node: "s=out" }],
  mailboxes: [
    {
      register: 100,
      status: 200,
      state: "s=state",
      command: { by: "method", object: "s=o", divert: "s=d", withdraw: "s=w" },
    },
  ],
  watchdog: { kind: "echo", counterRegister: 5, echoRegister: 6, timeoutMs: 300 },
});

const drive = (config: object): GateDrive => gateDriveSchema.parse(config);

const wiring: PlcWiring = {
  encoders: [{ id: "enc1", register: 0, bits: 32 }],
  eyes: [{ id: "eye1", input: 0, encoderId: "enc1" }],
  signals: [
    { id: "air", input: 20 },
    { id: "full", input: 30 },
  ],
  drives: [],
  gates: [
    { id: "judged", drive: drive({ kind: "mailbox", register: 100, status: 200, positions: { c1: 1 } }) },
    { id: "plain", drive: drive({ kind: "coil", coil: 0, homeInput: 10, outInput: 11, faultInput: 12 }) },
  ],
  linePermits: [],
};

const plan = planImage(device, wiring);
const everything = { address: 0, count: 64 };

/** Values by node; what is not named is unknown. */
const look =
  (values: Readonly<Record<string, UaScalar | readonly UaScalar[]>>): Look =>
  ({ node }) => {
    const value = values[node];
    return value === undefined ? { isKnown: false, why: "BadSensorFailure" } : { isKnown: true, value };
  };

const well = {
  "s=eye": false,
  "s=switches": [true, false, false],
  "s=air": true,
  "s=full": false,
  "s=count": 0x0001_0002,
  "s=alive": 9,
  "s=state": [70_000, 1, 9, 0],
};

const [area] = plan.areas;
const isOn = (words: readonly number[], input: number): boolean =>
  (((words[(area?.address ?? 0) + (input >> 4)] ?? 0) >> (input & 15)) & 1) === 1;
const [eye] = plan.wiring.eyes;
const [encoder] = plan.wiring.encoders;
const [judged, plain] = plan.wiring.gates;
const coil = plain?.drive.kind === "coil" ? plain.drive : null;
const mailbox = judged?.drive.kind === "mailbox" ? judged.drive : null;

describe("the image of a device", () => {
  test("is one read: everything that is polled stands close together", () => {
    const last = Math.max(...plan.cells.map(({ address, count }) => address + count));
    expect(last).toBeLessThanOrEqual(125);
    expect(new Set(new UaImage(plan).nodesOf(everything))).toEqual(
      new Set(["s=eye", "s=switches", "s=air", "s=count", "s=alive", "s=state"]),
    );
  });

  test("has the counts last, so that what is judged by them is not younger", () => {
    const inputs = plan.cells.filter(({ kind }) => kind === "inputs").map(({ address }) => address);
    expect(encoder?.register).toBeGreaterThan(Math.max(...inputs));
  });

  test("shows what all nodes say when all is known", () => {
    const words = new UaImage(plan).take(everything, look(well));
    expect(isOn(words, eye?.input ?? -1)).toBe(false);
    expect(isOn(words, plan.wiring.validInput ?? -1)).toBe(true);
    expect(words.slice(encoder?.register, (encoder?.register ?? 0) + 2)).toEqual([1, 2]);
    expect(words.slice(mailbox?.status, (mailbox?.status ?? 0) + 4)).toEqual([1, 4464, 1, 9]);
    expect([coil?.homeInput, coil?.outInput, coil?.faultInput].map((input) => isOn(words, input ?? -1))).toEqual([
      true,
      false,
      false,
    ]);
    expect(plan.wiring.signals.map(({ input }) => isOn(words, input))).toEqual([true, true]);
  });

  test("an eye of bad quality makes the poll no sample", () => {
    const words = new UaImage(plan).take(everything, look({ ...well, "s=eye": [] }));
    expect(isOn(words, plan.wiring.validInput ?? -1)).toBe(false);
  });

  test("a switch or a signal that is not known leaves the poll a sample", () => {
    const words = new UaImage(plan).take(everything, look({ ...well, "s=switches": [], "s=air": [], "s=full": [] }));
    expect(isOn(words, plan.wiring.validInput ?? -1)).toBe(true);
  });

  test("a count that is not known keeps its old value, and the poll is no sample", () => {
    const image = new UaImage(plan);
    image.take(everything, look(well));
    const { "s=count": _, ...rest } = well;
    const words = image.take(everything, look(rest));
    expect(words.slice(encoder?.register, (encoder?.register ?? 0) + 2)).toEqual([1, 2]);
    expect(isOn(words, plan.wiring.validInput ?? -1)).toBe(false);
    expect([...image.unknown]).toEqual([["s=count", "BadSensorFailure"]]);
  });

  test("a plain gate whose switches are not known counts as faulty, so that its place is unknown", () => {
    const { "s=switches": _, ...rest } = well;
    const words = new UaImage(plan).take(everything, look(rest));
    expect(isOn(words, coil?.faultInput ?? -1)).toBe(true);
  });

  test("a judging gate whose state is not known has a fault and is not armed; sequence and verdict stay", () => {
    const image = new UaImage(plan);
    image.take(everything, look(well));
    for (const state of [undefined, [1, 2], [1, 2, "x"], 7]) {
      const words = image.take(everything, look({ ...well, "s=state": state as unknown as number[] }));
      expect(words.slice(mailbox?.status, (mailbox?.status ?? 0) + 4)).toEqual([1, 4464, 1, 4]);
    }
  });

  test("a signal that is not known is off, the side on which nothing is well", () => {
    const words = new UaImage(plan).take(everything, look({ ...well, "s=air": 1.5, "s=full": [] }));
    expect(plan.wiring.signals.map(({ input }) => isOn(words, input))).toEqual([false, false]);
  });

  test("a value of another kind than the site says is not known, and says so", () => {
    const image = new UaImage(plan);
    image.take(everything, look({ ...well, "s=count": 1.5, "s=switches": [true] }));
    expect(image.unknown.get("s=count")).toBe("is no whole number");
    expect(image.unknown.get("s=switches")).toMatch(/has no bit/);
    image.take(everything, look(well));
    expect(image.unknown.size).toBe(0);
  });

  test("a number that stands for no node is no plan", () => {
    expect(() => planImage(device, { ...wiring, signals: [{ id: "x", input: 99 }] })).toThrow("input 99");
  });
});

describe("edges that a device keeps", () => {
  const kept = { ...device, latches: [{ register: 60, node: "s=edges" }] };
  const latch = { register: 60, from: "inputRegisters", depth: 2 } as const;
  const planned = planImage(kept, { ...wiring, eyes: [{ id: "eye1", input: 0, encoderId: "enc1", latch }] });
  const [latched] = planned.wiring.eyes;
  const at = latched?.latch?.register ?? 0;
  const take = (edges: readonly UaScalar[] | UaScalar | undefined, image = new UaImage(planned)): readonly number[] =>
    image.take(everything, look({ ...well, ...(edges === undefined ? {} : { "s=edges": edges }) }));
  const isValid = (words: readonly number[]): boolean => {
    const [place] = planned.areas;
    const input = planned.wiring.validInput ?? 0;
    return (((words[(place?.address ?? 0) + (input >> 4)] ?? 0) >> (input & 15)) & 1) === 1;
  };

  test("stand in the image as a Modbus device has them: their number, then the counts of two words each", () => {
    const words = take([65_537, 0x0001_0002, 0xffff_fff0]);
    expect(words.slice(at, at + 5)).toEqual([1, 1, 2, 0xffff, 0xfff0]);
    expect(isValid(words)).toBe(true);
  });

  test("are one node of the poll's own read, before the count that judges them", () => {
    const nodes = new UaImage(planned).nodesOf(everything);
    expect(nodes.indexOf("s=edges")).toBeGreaterThanOrEqual(0);
    expect(nodes.indexOf("s=edges")).toBeLessThan(nodes.indexOf("s=count"));
  });

  test.each([
    ["are not known", undefined],
    ["are too few numbers", [3, 100]],
    ["are one number", 3],
    ["are no whole numbers", [3, 1.5, 2]],
  ])("that %s leave the poll no sample, and the image what it was", (_, edges) => {
    const image = new UaImage(planned);
    take([4, 100, 200], image);
    const words = take(edges, image);
    expect(isValid(words)).toBe(false);
    expect(words.slice(at, at + 5)).toEqual([4, 0, 100, 0, 200]);
    expect([...image.unknown.keys()]).toContain("s=edges");
  });

  test("with a count of 16 bits take one word each", () => {
    const narrow = planImage(
      { ...kept, numbers: kept.numbers.map((number) => ({ ...number, type: "UInt16" as const })) },
      {
        ...wiring,
        encoders: [{ id: "enc1", register: 0, bits: 16 }],
        eyes: [{ id: "eye1", input: 0, encoderId: "enc1", latch }],
      },
    );
    const words = new UaImage(narrow).take(everything, look({ ...well, "s=count": 7, "s=edges": [3, 100, 200] }));
    const from = narrow.wiring.eyes[0]?.latch?.register ?? 0;
    expect(words.slice(from, from + 3)).toEqual([3, 100, 200]);
  });
});
