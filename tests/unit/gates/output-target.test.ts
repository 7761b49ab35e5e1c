// What is written for gates that judge nothing: coils, rows of coils, codes, and numbers with a strobe.
import { describe, expect, test } from "vitest";
import { PLAIN_32 } from "../../../drivers/buses/number-format.ts";
import type { GatePermit } from "../../../drivers/buses/port.ts";
import { numberOf, targetOf, type WriteStyle } from "../../../drivers/gates/output-target.ts";
import { gateDriveSchema, type OutputDrive } from "../../../drivers/gates/schema.ts";
import { DeviceImage } from "../../../drivers/inputs/device-image.ts";

const permit: GatePermit = {
  id: 70_000,
  gateId: "g",
  chuteId: "c2",
  fromNs: 0,
  untilNs: 1,
  window: null,
  maxOutMs: 100,
};
const target = (drive: object, o: { writes?: WriteStyle; lowWordFirst?: boolean } = {}) =>
  targetOf(gateDriveSchema.parse(drive) as OutputDrive, {
    format: { ...PLAIN_32, lowWordFirst: o.lowWordFirst ?? false },
    writes: o.writes ?? "any",
  });

describe("a coil", () => {
  test("is written alone, and in a request for several where the device takes no other", () => {
    expect(target({ kind: "coil", coil: 5 }).out(permit)).toEqual({ kind: "writeCoil", address: 5, on: true });
    const multiple = target({ kind: "coil", coil: 5 }, { writes: "multiple" });
    expect(multiple.home).toEqual({ kind: "writeCoils", address: 5, on: [false] });
    expect([multiple.isSingle, target({ kind: "coil", coil: 5 }).isSingle]).toEqual([false, true]);
  });

  test("is home when it reads off, whatever fills up the byte behind it; what was not read is not home", () => {
    const { isHome } = target({ kind: "coil", coil: 5 });
    expect([isHome([0b10]), isHome([1]), isHome([])]).toEqual([true, false, false]);
  });
});

test("a row of coils is written whole: one on, or none", () => {
  const row = target({ kind: "coils", positions: { c1: 8, c2: 9, c3: 10 } });
  expect(row.out(permit)).toEqual({ kind: "writeCoils", address: 8, on: [false, true, false] });
  expect(row.home).toEqual({ kind: "writeCoils", address: 8, on: [false, false, false] });
  expect([row.isHome([0]), row.isHome([0b100])]).toEqual([true, false]);
});

test("a register takes a code, of 32 bits in the device's order of words", () => {
  const drive = { kind: "register", register: 40, positions: { c1: 1, c2: 2 }, home: 9 };
  expect(target(drive).out(permit)).toEqual({ kind: "writeRegister", address: 40, value: 2 });
  expect(target(drive).home).toEqual({ kind: "writeRegister", address: 40, value: 9 });
  const wide = target({ ...drive, bits: 32, positions: { c2: 0x10002 } }, { lowWordFirst: true });
  expect(wide.out(permit)).toEqual({ kind: "writeRegisters", address: 40, values: [2, 1] });
  const image = new DeviceImage({});
  expect(wide.isHomeIn(image)).toBe(false);
  image.setRegisters(40, [9, 0], "holdingRegisters");
  expect(wide.isHomeIn(image)).toBe(true);
});

describe("a command with number, code and strobe", () => {
  const drive = {
    kind: "command",
    number: 100,
    code: 101,
    positions: { c2: 4 },
    strobe: { register: 102 },
    pulse: { ms: 50 },
  };

  test("is one write where they follow each other", () => {
    const one = target(drive);
    expect(one.preparation(permit)).toBeNull();
    expect(one.out(permit)).toEqual({ kind: "writeRegisters", address: 100, values: [4466, 4, 1] });
    expect(one.home).toEqual({ kind: "writeRegister", address: 102, value: 0 });
  });

  test("is prepared first where the strobe stands elsewhere", () => {
    const two = target({ ...drive, strobe: { coil: 7 } });
    expect(two.preparation(permit)).toEqual({ kind: "writeRegisters", address: 100, values: [4466, 4] });
    expect(two.out(permit)).toEqual({ kind: "writeCoil", address: 7, on: true });
    const { code: _, ...numberOnly } = drive;
    expect(target({ ...numberOnly, strobe: { coil: 7 } }).preparation(permit)).toEqual({
      kind: "writeRegister",
      address: 100,
      value: 4466,
    });
  });

  test("its number is never 0, and of 32 bits the permit's own", () => {
    expect(numberOf({ id: 0xffff * 3 }, { bits: 16 })).toBe(1);
    expect(numberOf({ id: 70_000 }, { bits: 32 })).toBe(70_000);
  });
});

test("a chute without a position is a mistake of the caller", () => {
  const drive = { kind: "register", register: 40, positions: { c1: 1 } };
  expect(() => target(drive).out(permit)).toThrow("no position for chute c2");
});
