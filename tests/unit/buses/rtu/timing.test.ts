// Times on a serial line.
import { expect, test } from "vitest";
import type { BusRequest } from "../../../../drivers/buses/request.ts";
import { rtuTiming } from "../../../../drivers/buses/rtu/timing.ts";

const at = (baud: number) => rtuTiming({ baud, parity: "even", stopBits: 1 });
const coil: BusRequest = { kind: "writeCoil", address: 0, on: true };
const coils: BusRequest = { kind: "writeCoils", address: 0, on: new Array<boolean>(8).fill(true) };
const inputs: BusRequest = { kind: "readInputs", address: 0, count: 16 };
const ms = (ns: number): number => Math.round(ns / 1e5) / 10;

test("the silence is 3.5 characters up to 19200 baud and 1.75 ms above", () => {
  expect(ms(at(9600).silenceNs)).toBe(4);
  expect(at(19_200).silenceNs).toBe(2_005_210);
  expect(at(38_400).silenceNs).toBe(1_750_000);
  expect(at(115_200).silenceNs).toBe(1_750_000);
});

test("the longest telegram has 256 characters", () => {
  expect(ms(at(9600).longestNs)).toBe(293.3);
  expect(ms(at(115_200).longestNs)).toBe(24.4);
});

test("an exchange is request, reply and the silence before each of them", () => {
  expect(ms(at(9600).exchangeNs(coil))).toBe(26.4);
  expect(ms(at(19_200).exchangeNs(coil))).toBe(13.2);
  expect(ms(at(115_200).exchangeNs(coils))).toBe(5.2);
  expect(ms(at(115_200).exchangeNs(inputs))).toBe(4.9);
});
