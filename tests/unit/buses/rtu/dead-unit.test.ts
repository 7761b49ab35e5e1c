// A unit of a serial line that does not answer, counted on a virtual clock: what it costs the others, and how seldom.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { crc16 } from "../../../../drivers/buses/crc16.ts";
import { openModbusRtu, RtuLines } from "../../../../drivers/buses/rtu/modbus-rtu.ts";
import { modbusRtuDeviceSchema } from "../../../../drivers/buses/schema.ts";
import type { OpenSerialPort, SerialPortEvents } from "../../../../drivers/serial/serial-port.ts";
import { decodeRequest, encodeReply } from "../../../../simulators/wired/plc/pdu.ts";
import { HeardEvents } from "../../../contract/heard-events.ts";
import { NOTHING } from "../field-device.ts";

const POLL_MS = 20;
const TIMEOUT_MS = 30;
/** Of one exchange on this line. */
const WIRE_MS = 2;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** The far end of the line: whoever is alive answers after the time on the wire. */
class FarEnd implements OpenSerialPort {
  readonly isLowLatency = true;
  readonly dead = new Set<number>();
  /** When each unit was asked, ms. */
  readonly asked = new Map<number, number[]>();
  #events: SerialPortEvents | null = null;

  listen(events: SerialPortEvents): void {
    this.#events = events;
  }

  write(bytes: Uint8Array): boolean {
    const [unit] = bytes;
    if (unit === undefined) return true;
    this.asked.set(unit, [...this.of(unit), Date.now()]);
    if (this.dead.has(unit)) return true;
    const pdu = Buffer.from(bytes.subarray(1, -2));
    const request = decodeRequest(pdu);
    const reply = encodeReply(pdu, request.kind === "exception" ? request : { kind: "values", values: [1] });
    const frame = Buffer.concat([Buffer.from([unit]), reply, Buffer.alloc(2)]);
    frame.writeUInt16LE(crc16(frame.subarray(0, -2)), frame.length - 2);
    setTimeout(() => this.#events?.bytes(frame), WIRE_MS);
    return true;
  }

  async close(): Promise<void> {}

  of(unit: number): readonly number[] {
    return this.asked.get(unit) ?? [];
  }
}

/** Units 1 to `count` of one line; those that are dead never answer. */
async function line(count: number, ...dead: number[]) {
  const farEnd = new FarEnd();
  for (const unit of dead) farEnd.dead.add(unit);
  const nowNs = (): number => performance.now() * 1e6;
  const lines = new RtuLines(nowNs, async () => farEnd);
  const units = Array.from({ length: count }, (_, index) => {
    const unit = index + 1;
    const device = modbusRtuDeviceSchema.parse({
      ...{ id: `u${unit}`, driver: "modbus-rtu", line: "/dev/line", baud: 115_200, unit },
      ...{ pollMs: POLL_MS, timeoutMs: TIMEOUT_MS, replyFloorMs: 1 },
    });
    const wiring = { ...NOTHING, signals: [{ id: `s${unit}`, input: 0 }] };
    const plc = openModbusRtu({ device, wiring, lines, nowNs });
    const heard = new HeardEvents();
    plc.open(heard);
    return { plc, heard };
  });
  const run = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  await run(1000);
  return {
    farEnd,
    run,
    heard: (unit: number) => units[unit - 1]?.heard as HeardEvents,
    close: async () => {
      const closed = Promise.all(units.map(({ plc }) => plc.close(10)));
      await run(50);
      await closed;
    },
  };
}

const gaps = (times: readonly number[]): number[] => times.slice(1).map((at, index) => at - (times[index] as number));
const since = (times: readonly number[], fromMs: number): number[] => times.filter((at) => at >= fromMs);
/** Of the line's time, from the first of these tries to the last: what they wait for nothing. */
const shareOf = (tries: readonly number[]): number =>
  ((tries.length - 1) * TIMEOUT_MS) / ((tries.at(-1) as number) - (tries[0] as number));
/** Between two polls of a unit when nobody is missing: the others' exchanges may come in between. */
const usualMs = (units: number): number => POLL_MS + units * (WIRE_MS + 3);

describe("a unit that has never answered", () => {
  test("is tried once in more than a hundred timeouts, for less than 1 % of the line's time", async () => {
    const { farEnd, run, close } = await line(4, 4);
    const fromMs = Date.now();
    await run(60_000);
    const tries = since(farEnd.of(4), fromMs);
    expect(tries.length).toBeGreaterThanOrEqual(18);
    expect(Math.min(...gaps(tries))).toBeGreaterThan(100 * TIMEOUT_MS);
    expect(shareOf(tries)).toBeLessThan(0.01);
    await close();
  });

  test("costs each of the others at most one timeout in each of these periods, and else nothing", async () => {
    const { farEnd, run, close } = await line(4, 4);
    const fromMs = Date.now();
    await run(60_000);
    const tries = since(farEnd.of(4), fromMs);
    for (const unit of [1, 2, 3]) {
      const polls = since(farEnd.of(unit), fromMs);
      const long = gaps(polls).filter((gap) => gap > usualMs(4));
      expect(long.length, `long pauses of unit ${unit}`).toBeLessThanOrEqual(tries.length);
      expect(Math.max(...gaps(polls))).toBeLessThanOrEqual(TIMEOUT_MS + usualMs(4));
      // Polls that a try has taken, and no more.
      expect(polls.length).toBeGreaterThanOrEqual(60_000 / POLL_MS - 3 * tries.length - 2);
    }
    await close();
  });

  test("shares its tries with all others that are missing: together they cost less than 1 %", async () => {
    const { farEnd, run, close } = await line(5, 3, 4, 5);
    const fromMs = Date.now();
    await run(60_000);
    const tries = [3, 4, 5].map((unit) => since(farEnd.of(unit), fromMs));
    const all = tries.flat().sort((a, b) => a - b);
    expect(Math.min(...gaps(all))).toBeGreaterThan(100 * TIMEOUT_MS);
    for (const each of tries) expect(each.length).toBeGreaterThanOrEqual(6);
    await close();
  });

  test("is there within one period when it comes to life", async () => {
    const { farEnd, run, heard, close } = await line(3, 3);
    await run(10_000);
    expect(heard(3).isConnected).toBe(false);
    farEnd.dead.clear();
    await run(102 * TIMEOUT_MS);
    expect(heard(3).isConnected).toBe(true);
    await close();
  });
});

test("a unit that dies at work costs two questions until it is given up, and one more before its tries are rare", async () => {
  const { farEnd, run, heard, close } = await line(3);
  expect(heard(3).isConnected).toBe(true);
  const fromMs = Date.now();
  farEnd.dead.add(3);
  await run(102 * TIMEOUT_MS);
  expect(heard(3).isConnected).toBe(false);
  expect(since(farEnd.of(3), fromMs).length).toBeLessThanOrEqual(3);
  const laterMs = Date.now();
  await run(60_000);
  const tries = since(farEnd.of(3), laterMs);
  expect(shareOf(tries)).toBeLessThan(0.01);
  expect(Math.max(...gaps(since(farEnd.of(1), fromMs)))).toBeLessThanOrEqual(TIMEOUT_MS + usualMs(3));
  for (const unit of [1, 2]) expect(heard(unit).isConnected).toBe(true);
  await close();
});
