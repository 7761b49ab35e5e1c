// The PLC contract over a serial line, and what only a line has: several units, noise, echo, damage, units that are dead.
import { afterEach, describe, expect, test } from "vitest";
import type { PlcPort } from "../../drivers/buses/port.ts";
import { openModbusRtu, RtuLines } from "../../drivers/buses/rtu/modbus-rtu.ts";
import type { PlcWiring } from "../../drivers/inputs/wiring.ts";
import { HeardEvents } from "./heard-events.ts";
import { plcContract } from "./plc.ts";
import { RtuBench } from "./rtu-bench.ts";
import { deviceOn, openRtuRig } from "./rtu-rig.ts";
import { nowNs } from "./small-plant.ts";

plcContract("modbus-rtu", openRtuRig);

describe("a line with several units", () => {
  const nothing: PlcWiring = { encoders: [], eyes: [], signals: [], drives: [], gates: [], linePermits: [] };
  const watching = (id: string): PlcWiring => ({ ...nothing, signals: [{ id, input: 0 }] });
  let ends: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const end of ends.reverse()) await end();
    ends = [];
  });

  function open(...units: number[]) {
    const bench = new RtuBench();
    ends.push(() => bench.close());
    const lines = new RtuLines(nowNs);
    const devices = units.map((unit) => {
      const faults = bench.unit(unit, () => ({ kind: "values", values: [1] }));
      const device = deviceOn(bench.path, {
        ...{ id: `u${unit}`, unit, pollMs: 20, timeoutMs: 30, packedInputs: undefined, watchdog: undefined },
      });
      const plc: PlcPort = openModbusRtu({ device, wiring: watching(`s${unit}`), lines, nowNs });
      const heard = new HeardEvents();
      plc.open(heard);
      ends.push(() => plc.close(100));
      return { unit, faults, plc, heard };
    });
    return { bench, devices };
  }
  test("each is read at its own address, one after the other, with the silence between", async () => {
    const { bench, devices } = open(3, 4, 5);
    for (const { heard, unit } of devices)
      await heard.until(() => heard.signals.some(({ inputId }) => inputId === `s${unit}`));
    await bench.until(() => devices.every(({ unit }) => bench.heard(unit).length > 4));
    expect(bench.leastSilenceNs).toBeGreaterThan(1.7e6);
  });

  test("a unit that never answers costs the others one timeout in a hundred, and no more than 1 % of the line", async () => {
    const { bench, devices } = open(3, 4);
    const [dead, living] = devices;
    if (dead === undefined || living === undefined) throw new Error("two units");
    dead.faults.deaf = true;
    await living.heard.until(() => living.heard.isConnected);
    await bench.until(() => bench.heard(4).length > 20);
    const from = nowNs();
    const before = bench.heard(4).length;
    await bench.until(() => nowNs() - from > 4e9);
    const tries = bench.heard(3).filter(({ atNs }) => atNs > from).length;
    const shareOfTime = (tries * 30) / ((nowNs() - from) / 1e6);
    expect(tries).toBeGreaterThan(0);
    expect(shareOfTime).toBeLessThanOrEqual(0.016);
    // 20 ms polls over 4 s: 200 of them, but for what a loaded machine loses.
    expect(bench.heard(4).length - before).toBeGreaterThan(150);
    expect(living.heard.isConnected).toBe(true);
    dead.faults.deaf = false;
    await dead.heard.until(() => dead.heard.isConnected);
  });

  test("a cable that was out between adapter and units: all are back soon, one after the other as they are tried", async () => {
    const { bench, devices } = open(3, 4, 5);
    for (const { heard } of devices) await heard.until(() => heard.isConnected);
    for (const { faults } of devices) faults.deaf = true;
    for (const { heard } of devices) await heard.until(() => !heard.isConnected);
    // Long enough for each to have been tried in vain.
    const before = devices.map(({ unit }) => bench.heard(unit).length);
    await bench.until(() => devices.every(({ unit }, i) => bench.heard(unit).length > (before[i] ?? 0)));
    for (const { faults } of devices) faults.deaf = false;
    const fromNs = nowNs();
    for (const { heard } of devices) await heard.until(() => heard.isConnected);
    // Ten timeouts of 30 ms to the next try, and as many until the last of the others has rested; beside others it were 3 s.
    expect(nowNs() - fromNs).toBeLessThan(2.5e9);
  });

  test("a damaged reply costs one poll and no connection", async () => {
    const { bench, devices } = open(3);
    const [one] = devices;
    if (one === undefined) throw new Error("one unit");
    await one.heard.until(() => one.heard.isConnected);
    one.faults.damaged = 1;
    await bench.until(() => one.faults.damaged === 0);
    const before = bench.heard(3).length;
    await bench.until(() => bench.heard(3).length > before + 3);
    expect(one.heard.isConnected).toBe(true);
    expect(one.plc.health()).toMatchObject({ reconnects: 0, timeouts: 1 });
  });

  test("noise before replies, and out of nowhere, is thrown away", async () => {
    const { bench, devices } = open(3);
    const [one] = devices;
    if (one === undefined) throw new Error("one unit");
    await one.heard.until(() => one.heard.isConnected);
    one.faults.noise = [0, 3, 255];
    const noise = setInterval(() => bench.noise([1, 2, 3]), 13);
    const before = bench.heard(3).length;
    await bench.until(() => bench.heard(3).length > before + 15);
    clearInterval(noise);
    expect(one.heard.isConnected).toBe(true);
    expect(one.plc.health().reconnects).toBe(0);
    expect(one.plc.health().strayBytes).toBeGreaterThan(15);
  });

  test("a line that hears itself is read all the same", async () => {
    const { devices } = open(3);
    const [one] = devices;
    if (one === undefined) throw new Error("one unit");
    one.faults.echo = true;
    await one.heard.until(() => one.heard.isConnected);
    expect(one.plc.health().timeouts).toBe(0);
  });

  test("a plug that is pulled and put back finds every unit again", async () => {
    const { bench, devices } = open(3, 4);
    for (const { heard } of devices) await heard.until(() => heard.isConnected);
    bench.unplug();
    for (const { heard } of devices) await heard.until(() => !heard.isConnected);
    bench.plug();
    for (const { heard } of devices) await heard.until(() => heard.isConnected);
  });
});
