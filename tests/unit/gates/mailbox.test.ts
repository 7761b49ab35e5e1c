// The words of a mailbox: a command in one write, numbers of 32 or 16 bits in the device's order, positions from two switches.
import fc from "fast-check";
import { expect, test } from "vitest";
import { PLAIN_32 } from "../../../drivers/buses/number-format.ts";
import type { GatePermit } from "../../../drivers/buses/port.ts";
import { commandRequest, positionOf, statusOf, voidRequest } from "../../../drivers/gates/mailbox.ts";
import { mailboxDriveSchema } from "../../../drivers/gates/schema.ts";
import { commandOf } from "../../../simulators/wired/plc/mailbox.ts";

const drive = mailboxDriveSchema.parse({ kind: "mailbox", register: 100, status: 16, positions: { c1: 3 } });
const permit: GatePermit = {
  id: 0x12345678,
  gateId: "g1",
  chuteId: "c1",
  fromNs: 0,
  untilNs: 1,
  window: { fromCount: 0xfffffff0, untilCount: 5, homeAtCount: 0x00010002 },
  maxOutMs: 1500.2,
};

const request = (change: Partial<GatePermit> = {}) =>
  commandRequest(drive, {
    permit: { ...permit, ...change },
    sequence: change.id ?? permit.id,
    format: PLAIN_32,
  });

test("a command is ten registers in one write", () => {
  expect(request()).toEqual({
    kind: "writeRegisters",
    address: 100,
    values: [0x1234, 0x5678, 3, 0xffff, 0xfff0, 0, 5, 1, 2, 1501],
  });
});

test("a withdrawal is the two registers behind it", () => {
  expect(voidRequest(drive, 0x00020001, PLAIN_32)).toEqual({ kind: "writeRegisters", address: 110, values: [2, 1] });
});

test("the longest time out is kept within its register", () => {
  const last = (maxOutMs: number) => {
    const written = request({ maxOutMs });
    return written.kind === "writeRegisters" ? written.values[9] : undefined;
  };
  expect([last(0), last(1e9)]).toEqual([1, 0xffff]);
});

test("a chute that the drive does not know is a mistake of the caller", () => {
  expect(() => request({ chuteId: "c9" })).toThrow("no position for chute c9");
});

test("what the driver writes is what a PLC reads", () => {
  const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
  fc.assert(
    fc.property(
      u32,
      u32,
      u32,
      u32,
      fc.integer({ min: 1, max: 0xffff }),
      (id, fromCount, untilCount, homeAtCount, ms) => {
        const window = { fromCount, untilCount, homeAtCount };
        const written = request({ id, window, maxOutMs: ms });
        const words = written.kind === "writeRegisters" ? written.values : [];
        expect(commandOf(words)).toEqual({ sequence: id, position: 3, ...window, maxOutMs: ms });
      },
    ),
  );
});

test("with 16 bits a command is six registers, a withdrawal the one behind, and a status three", () => {
  const short = mailboxDriveSchema.parse({ ...drive, bits: 16 });
  const format = { ...PLAIN_32, bits: 16 as const };
  const window = { fromCount: 0x1fff0, untilCount: 0x20005, homeAtCount: 0x20010 };
  const written = commandRequest(short, { permit: { ...permit, window }, sequence: 7, format });
  expect(written).toMatchObject({ address: 100, values: [7, 3, 0xfff0, 5, 0x10, 1501] });
  expect(voidRequest(short, 7, format)).toEqual({ kind: "writeRegisters", address: 106, values: [7] });
  expect(statusOf([9, 7, 1, 0b1010], 1, format)).toEqual({
    judged: 7,
    isAccepted: true,
    position: "out",
    isArmed: true,
  });
});

test("a device that keeps the low word first, or exchanges bytes, is written and read so", () => {
  const written = commandRequest(drive, {
    permit,
    sequence: 0x12345678,
    format: { bits: 32, lowWordFirst: true, swapsBytes: true },
  });
  expect(written).toMatchObject({
    values: [0x7856, 0x3412, 0x0300, 0xf0ff, 0xffff, 0x0500, 0, 0x0200, 0x0100, 0xdd05],
  });
});

test("status: sequence, verdict, switches, armed", () => {
  expect(statusOf([1, 2, 1, 0b1001], 0, PLAIN_32)).toEqual({
    judged: 0x10002,
    isAccepted: true,
    position: "home",
    isArmed: true,
  });
  expect(statusOf([0, 0, 5, 0b0010], 0, PLAIN_32)).toMatchObject({
    isAccepted: false,
    position: "out",
    isArmed: false,
  });
  expect(statusOf([0, 0, 0, 0b0100], 0, PLAIN_32)).toMatchObject({ position: "unknown" });
});

test("two switches at once are a broken switch, none is between", () => {
  const seen = (isHome: boolean, isOut: boolean) => positionOf({ isHome, isOut, isFaulty: false });
  expect([seen(true, false), seen(false, true), seen(false, false), seen(true, true)]).toEqual([
    "home",
    "out",
    "between",
    "unknown",
  ]);
});
