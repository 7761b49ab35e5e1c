// What is stored is read back exactly; what was damaged on the way is never read as something else.
import fc from "fast-check";
import { expect, test } from "vitest";
import * as encoding from "../../../src/releases/encoding.ts";
import type { LedgerLine } from "../../../src/releases/ledger.ts";
import { DamagedValue } from "../../../src/releases/value-bytes.ts";
import type { Declaration, HoldMark } from "../../../src/releases/waybill.ts";
import { maxUses } from "../../../src/releases/windows.ts";
import { declared, t0 } from "./samples.ts";

const key = "RB123456785GB/EMS";
const time = fc.integer({ min: 0, max: 253_402_300_799_999 }); // up to the end of the year 9999
const word = fc.string({ unit: fc.constantFrom(..."AZaz09._-!~/"), minLength: 1, maxLength: 64 });
const version = fc.integer({ min: 1, max: 2 ** 48 - 1 });

const uncorrected: fc.Arbitrary<Declaration> = fc.record({
  status: fc.constantFrom("released", "inspect", "hold", "return", "pending", "unknown"),
  stream: fc.constantFrom("express", "cbec"),
  direction: fc.constantFrom("import", "export"),
  pieces: fc.integer({ min: 1, max: 9999 }),
  validFromMs: time,
  validToMs: time,
  eventAtMs: time,
  authority: word,
  reference: word,
});
const uses = fc.array(fc.record({ validFromMs: time, validToMs: time }), { minLength: 1, maxLength: maxUses });
const declaration = fc.oneof(
  uncorrected,
  fc.tuple(uncorrected, uses).map(([said, windows]): Declaration => ({ ...said, uses: windows })),
);
const mark: fc.Arbitrary<HoldMark> = fc.record({
  placedAtMs: fc.option(time),
  liftedAtMs: fc.option(time),
  authority: word,
  kind: word,
  reference: word,
});
const ledgerLine: fc.Arbitrary<LedgerLine> = fc.record({
  validFromMs: time,
  validToMs: time,
  spent: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
});
const listOf = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<readonly T[] | "saturated"> =>
  fc.oneof(fc.array(one, { maxLength: 64 }), fc.constant("saturated" as const));

test("declarations, holds and the ledger are read back as they were stored", () => {
  fc.assert(
    fc.property(version, listOf(declaration), listOf(mark), listOf(ledgerLine), (v, declarations, holds, ledger) => {
      const d = { version: v, value: declarations, holdsVersion: v % 3, ledgerVersion: v % 2 };
      const h = { version: v, value: holds };
      const l = { version: v, value: ledger };
      expect(encoding.decodeDeclarations(key, encoding.encodeDeclarations(key, d))).toEqual(d);
      expect(encoding.decodeHolds(key, encoding.encodeHolds(key, h))).toEqual(h);
      expect(encoding.decodeLedger(key, encoding.encodeLedger(key, l))).toEqual(l);
    }),
  );
});

const { kind: _kind, company: _company, waybill: _waybill, ...said } = declared({ status: "hold", eventAtMs: t0 });
const stored = encoding.encodeDeclarations(key, { version: 7, value: [said], holdsVersion: 3, ledgerVersion: 0 });

test("a declaration whose validity was never corrected lies on the disk as before corrections were kept", () => {
  const before =
    "01440000000000070100000000000301120001019ca6b1dc00019e762e3400019ca6b1dc0007637573746f6d7312353130313230323631323334353637383930cd2df682";
  expect(stored.toString("hex")).toBe(before);
});

test("a value that was cut anywhere is damaged", () => {
  for (let length = 0; length < stored.length; length++) {
    expect(() => encoding.decodeDeclarations(key, stored.subarray(0, length))).toThrow(DamagedValue);
  }
});

test("a value with any one bit turned is damaged: a hold is never read as a release", () => {
  for (let bit = 0; bit < stored.length * 8; bit++) {
    const damaged = Buffer.from(stored);
    damaged[bit >> 3] = damaged[bit >> 3]! ^ (1 << (bit & 7));
    expect(() => encoding.decodeDeclarations(key, damaged)).toThrow(DamagedValue);
  }
});

test("a sound value under another key or in another table is damaged", () => {
  expect(() => encoding.decodeDeclarations("RB123456785GB/UPS", stored)).toThrow(/checksum/);
  expect(() => encoding.decodeHolds(key, stored)).toThrow(/table D lies in table H/);
});

test("a value of a format that this version does not know is refused by name", () => {
  const newer = Buffer.from(stored);
  newer[0] = 2;
  expect(() => encoding.decodeDeclarations(key, newer)).toThrow(/format 2, this version reads 1/);
});
