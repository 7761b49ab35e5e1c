// Times on a serial line, and how seldom a dead unit is tried.
import { expect, test } from "vitest";
import type { BusRequest } from "../../../../drivers/buses/request.ts";
import { ProbeSlots } from "../../../../drivers/buses/rtu/probe-slots.ts";
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

test("an exchange is request, reply and the silence before each of them", () => {
  expect(ms(at(9600).exchangeNs(coil))).toBe(26.4);
  expect(ms(at(19_200).exchangeNs(coil))).toBe(13.2);
  expect(ms(at(115_200).exchangeNs(coils))).toBe(5.2);
  expect(ms(at(115_200).exchangeNs(inputs))).toBe(4.9);
});

test("each unit is tried once when the line opens, and from then on one of them in a hundred timeouts", () => {
  const slots = new ProbeSlots<number>();
  const timeoutNs = () => 50e6;
  for (const unit of [1, 2, 3]) slots.ask(unit);
  expect([slots.take(0, timeoutNs), slots.take(0, timeoutNs), slots.take(0, timeoutNs)]).toEqual([1, 2, 3]);
  for (const unit of [2, 3]) slots.ask(unit);
  let tries = 0;
  for (let nowNs = 1e6; nowNs < 100e9; nowNs += 5e6) {
    const unit = slots.take(nowNs, timeoutNs);
    if (unit === null) continue;
    tries += 1;
    slots.ask(unit);
  }
  expect((tries * 50e6) / 100e9).toBeLessThanOrEqual(0.01);
  expect(tries).toBeGreaterThan(15);
});
