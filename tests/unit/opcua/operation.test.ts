// What the machine asks for, as OPC UA services, and their answers back.
import { describe, expect, test } from "vitest";
import type { BusRequest } from "../../../drivers/buses/request.ts";
import type { PlcWiring } from "../../../drivers/inputs/wiring.ts";
import { type Look, UaImage } from "../../../drivers/opcua/image.ts";
import { planImage } from "../../../drivers/opcua/image-plan.ts";
import { NodeTable } from "../../../drivers/opcua/node-table.ts";
import { operationOf } from "../../../drivers/opcua/operation.ts";
import { opcUaDeviceSchema } from "../../../drivers/opcua/schema.ts";
import type { UaScalar } from "../../../drivers/opcua/value.ts";

const method = { by: "method", object: "s=o", divert: "s=d", withdraw: "s=w" };
const variable = { by: "variable", divert: "s=vd", withdraw: "s=vw" };

const device = opcUaDeviceSchema.parse({
  id: "plc1",
  driver: "opcua",
  endpoint: "opc.tcp://127.0.0.1:4840",
  security: { mode: "none" },
  numbers: [
    { register: 0, node: "s=int16", type: "Int16" },
    { register: 2, node: "s=int32", type: "Int32" },
    { register: 4, node: "s=byte", type: "Byte" },
    { register: 5, node: "s=u32", type: "UInt32" },
  ],
  outputs: [
    { coil: 0, node: "s=out0" },
    { coil: 2, node: "s=out2" },
  ],
  mailboxes: [
    { register: 100, status: 200, state: "s=state", command: method },
    { register: 120, status: 220, state: "s=state2", command: variable },
  ],
});

const NOTHING: PlcWiring = { encoders: [], eyes: [], signals: [], drives: [], gates: [], linePermits: [] };
const table = new NodeTable(device);
const image = new UaImage(planImage(device, NOTHING, table));
const of = (request: BusRequest) => operationOf(request, { table, image });

const look =
  (values: Readonly<Record<string, UaScalar | readonly UaScalar[]>>): Look =>
  ({ node }) => {
    const value = values[node];
    return value === undefined ? { isKnown: false, why: "BadDeviceFailure" } : { isKnown: true, value };
  };

/** Sequence 70,000, position 2, a window, a home and a longest time out. */
const command = [1, 4464, 2, 0, 10, 0, 20, 0, 30, 500];

describe("a command", () => {
  test("to a judging gate is one call with the permit's number, the chute and the window", () => {
    expect(of({ kind: "writeRegisters", address: 100, values: command })).toEqual({
      kind: "call",
      object: "s=o",
      method: "s=d",
      args: [70_000, 2, 10, 20, 30, 500],
    });
  });

  test("to a gate by variable is one write of one array, so that no half command is judged", () => {
    expect(of({ kind: "writeRegisters", address: 120, values: command })).toEqual({
      kind: "write",
      writes: [{ node: "s=vd", type: "UInt32", value: [70_000, 2, 10, 20, 30, 500] }],
    });
  });

  test("of a withdrawal is a call or a write of its own", () => {
    expect(of({ kind: "writeRegisters", address: 110, values: [1, 4464] })).toEqual({
      kind: "call",
      object: "s=o",
      method: "s=w",
      args: [70_000],
    });
    expect(of({ kind: "writeRegisters", address: 130, values: [1, 4464] })).toMatchObject({
      writes: [{ node: "s=vw", type: "UInt32", value: 70_000 }],
    });
  });

  test("to a plain output is a Boolean, to a number exactly its type", () => {
    expect(of({ kind: "writeCoil", address: 0, on: true })).toEqual({
      kind: "write",
      writes: [{ node: "s=out0", type: "Boolean", value: true }],
    });
    expect(of({ kind: "writeRegister", address: 0, value: 0xffff })).toMatchObject({ writes: [{ value: -1 }] });
    expect(of({ kind: "writeRegisters", address: 2, values: [0xffff, 0xfffe] })).toMatchObject({
      writes: [{ node: "s=int32", type: "Int32", value: -2 }],
    });
    expect(of({ kind: "writeRegister", address: 4, value: 0x1ff })).toMatchObject({ writes: [{ value: 0xff }] });
  });

  test("to nothing that the tables have goes out to nobody", () => {
    expect(of({ kind: "writeCoil", address: 9, on: true }).kind).toBe("none");
    expect(of({ kind: "writeRegister", address: 9, value: 1 }).kind).toBe("none");
    expect(of({ kind: "writeRegister", address: 5, value: 1 })).toMatchObject({ kind: "none" });
    expect(of({ kind: "writeRegisters", address: 100, values: [1, 2, 3] }).kind).toBe("none");
  });

  test("of a row of outputs writes those that there are, and none where one that is not there would be on", () => {
    expect(of({ kind: "writeCoils", address: 0, on: [false, false, true] })).toMatchObject({
      writes: [
        { node: "s=out0", value: false },
        { node: "s=out2", value: true },
      ],
    });
    expect(of({ kind: "writeCoils", address: 0, on: [false, true, false] }).kind).toBe("none");
  });
});

describe("a read-back", () => {
  const read = (request: BusRequest, values: Parameters<typeof look>[0]) => {
    const operation = of(request);
    if (operation.kind !== "read") throw new Error(operation.kind);
    return operation.reply(look(values));
  };

  test("of outputs brings their bits, those that there are not as off", () => {
    expect(read({ kind: "readCoils", address: 0, count: 16 }, { "s=out0": true, "s=out2": true })).toEqual({
      kind: "values",
      values: [0b101],
    });
  });

  test("of an output that is not known is no read-back", () => {
    expect(read({ kind: "readCoils", address: 0, count: 3 }, { "s=out0": true })).toMatchObject({
      kind: "exception",
      text: "s=out2: BadDeviceFailure",
    });
  });

  test("of a withdrawal brings how far the device has voided", () => {
    expect(read({ kind: "readHolding", address: 110, count: 2 }, { "s=state": [1, 1, 9, 70_000] })).toEqual({
      kind: "values",
      values: [1, 4464],
    });
    expect(read({ kind: "readHolding", address: 110, count: 2 }, { "s=state": [1, 1, 9] })).toMatchObject({
      kind: "exception",
    });
  });

  test("of numbers brings their words, signed ones as two's complement", () => {
    const values = { "s=int16": -2, "s=int32": -3, "s=byte": 7 };
    expect(read({ kind: "readHolding", address: 0, count: 5 }, values)).toEqual({
      kind: "values",
      values: [0xfffe, 0, 0xffff, 0xfffd, 7],
    });
  });
});
