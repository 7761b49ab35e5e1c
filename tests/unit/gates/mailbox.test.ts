// The words of a mailbox: 32-bit numbers high word first, a command in one write, positions from two switches.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { GatePermit } from "../../../drivers/buses/port.ts";
import { fromWords, isNewer, wordsOf } from "../../../drivers/buses/serial-number.ts";
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

test("a command is ten registers in one write", () => {
  expect(commandRequest(drive, permit)).toEqual({
    kind: "writeRegisters",
    address: 100,
    values: [0x1234, 0x5678, 3, 0xffff, 0xfff0, 0, 5, 1, 2, 1501],
  });
});

test("a withdrawal is the two registers behind it", () => {
  expect(voidRequest(drive, 0x00020001)).toEqual({ kind: "writeRegisters", address: 110, values: [2, 1] });
});

test("the longest time out is kept within its register", () => {
  const last = (maxOutMs: number) => {
    const request = commandRequest(drive, { ...permit, maxOutMs });
    return request.kind === "writeRegisters" ? request.values[9] : undefined;
  };
  expect([last(0), last(1e9)]).toEqual([1, 0xffff]);
});

test("a chute that the drive does not know is a mistake of the caller", () => {
  expect(() => commandRequest(drive, { ...permit, chuteId: "c9" })).toThrow("no position for chute c9");
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
        const request = commandRequest(drive, { ...permit, id, window, maxOutMs: ms });
        const words = request.kind === "writeRegisters" ? request.values : [];
        expect(commandOf(words)).toEqual({ sequence: id, position: 3, ...window, maxOutMs: ms });
        expect(fromWords(...wordsOf(id))).toBe(id);
      },
    ),
  );
});

test("newer is ahead by less than half the circle", () => {
  expect(isNewer(2, 1)).toBe(true);
  expect(isNewer(1, 1)).toBe(false);
  expect(isNewer(0, 0xffff_ffff)).toBe(true);
  expect(isNewer(0xffff_ffff, 0)).toBe(false);
  expect(isNewer(0x8000_0000, 0)).toBe(false);
});

test("status: sequence, verdict, switches, armed", () => {
  expect(statusOf([1, 2, 1, 0b1001])).toEqual({ judged: 0x10002, isAccepted: true, position: "home", isArmed: true });
  expect(statusOf([0, 0, 5, 0b0010])).toMatchObject({ isAccepted: false, position: "out", isArmed: false });
  expect(statusOf([0, 0, 0, 0b0100])).toMatchObject({ position: "unknown" });
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
