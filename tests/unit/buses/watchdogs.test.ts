// Watchdogs of remote I/O by their profiles: armed in order, fed only by a living loop, recovered, and never taken to run.
import { describe, expect, test } from "vitest";
import { isRead } from "../../../drivers/buses/request.ts";
import { Bench, MS } from "./field-device.ts";

const relay = { linePermits: [{ id: "run", coil: 0 }] };
const bench = (watchdog: object): Bench => new Bench({ device: { watchdog }, wiring: relay });
const written = (of: Bench, fromNs = 0) =>
  of
    .writes(fromNs)
    .map((request) => (request.kind === "writeRegister" ? [request.address, request.value] : request.kind));

/** A WAGO coupler as its manual tells: time only while stopped, started and fed by changes, tripped until it is stopped. */
function wago(of: Bench, timeoutMs: number): { isTripped: () => boolean } {
  const { device } = of;
  let trigger = 0;
  let fedNs: number | null = null;
  let isTripped = false;
  const look = (): void => {
    if (fedNs !== null && of.nowNs - fedNs > timeoutMs * MS) {
      isTripped = true;
      fedNs = null;
      device.coils.clear();
    }
    device.holding.set(0x1006, isTripped ? 2 : fedNs === null ? 0 : 1);
  };
  device.refuse = (request) => {
    look();
    const isService = request.kind === "writeRegister" && request.address >= 0x1000;
    return isTripped && !isRead(request) && !isService ? 4 : null;
  };
  device.onWrite = (request) => {
    if (request.kind !== "writeRegister") return;
    if (request.address === 0x1008) {
      isTripped = false;
      fedNs = null;
    }
    if (request.address === 0x1003 && request.value !== trigger && !isTripped) {
      trigger = request.value;
      fedNs = of.nowNs;
    }
  };
  return { isTripped: () => isTripped };
}

describe("WAGO 750", () => {
  const config = { kind: "wago-750", timeoutMs: 200 };

  test("is stopped, given its time, and started by the first change of its trigger", () => {
    const io = bench(config);
    wago(io, 200);
    io.run(100);
    expect(written(io).slice(0, 4)).toEqual([
      [0x1008, 0xaa55],
      [0x1008, 0xaa55],
      [0x1000, 2],
      [0x1001, 0],
    ]);
    expect(io.isArmed).toBe(true);
  });

  test("is fed by ever new values, at least five times in its time, and never trips while the loop lives", () => {
    const io = bench(config);
    const coupler = wago(io, 200);
    io.run(100);
    const fromNs = io.nowNs;
    io.run(2000);
    const feeds = written(io, fromNs).filter(([address]) => address === 0x1003);
    expect(feeds.length).toBeGreaterThan(2000 / (200 / 5));
    expect(feeds.every(([, value], i) => i === 0 || value !== feeds[i - 1]?.[1])).toBe(true);
    expect(coupler.isTripped()).toBe(false);
  });

  test("a loop that stands lets it trip; when it lives again the trip is ended and it is armed anew", () => {
    const io = bench(config);
    const coupler = wago(io, 200);
    io.run(100);
    io.input({ kind: "linePermit", coilId: "run", isAllowed: true });
    io.run(100);
    expect(io.device.coils.get(0)).toBe(true);
    io.isLoopAlive = false;
    io.run(500);
    expect([coupler.isTripped(), io.isArmed]).toEqual([true, false]);
    io.isLoopAlive = true;
    io.run(1000);
    expect([coupler.isTripped(), io.isArmed, io.device.coils.get(0)]).toEqual([false, true, true]);
  });

  test("a coupler that refuses to be armed is not armed, and no permit is raised on it", () => {
    const io = bench(config);
    io.device.refuse = (request) => (request.kind === "writeRegister" && request.address === 0x1000 ? 3 : null);
    io.input({ kind: "linePermit", coilId: "run", isAllowed: true });
    io.run(3000);
    expect([io.isArmed, io.device.coils.get(0) ?? false]).toEqual([false, false]);
    expect(io.machine.health().lastError).toContain("cannot be armed");
  });
});

describe("Beckhoff BK", () => {
  const config = { kind: "beckhoff-bk", timeoutMs: 100 };

  test("is recovered and armed before anything is read: a tripped coupler answers nothing else", () => {
    const io = bench(config);
    io.run(50);
    expect(io.requests.slice(0, 5).map(({ request }) => request)).toMatchObject([
      { address: 0x1121, value: 0xbecf },
      { address: 0x1121, value: 0xaffe },
      { address: 0x1120, value: 0 },
      { address: 0x1122, value: 1 },
      { address: 0x1120, value: 100 },
    ]);
    expect(io.isArmed).toBe(true);
  });

  test("each telegram feeds it, so a loop that stands may send none but withdrawals", () => {
    const io = bench(config);
    io.run(50);
    io.isLoopAlive = false;
    io.run(50);
    const before = io.requests.length;
    io.run(500);
    expect(io.requests.length).toBe(before);
    expect(io.isArmed).toBe(false);
    io.input({ kind: "linePermit", coilId: "run", isAllowed: false });
    io.run(1);
    expect(io.requests.slice(before)).toMatchObject([{ request: { kind: "writeCoil", on: false } }]);
    io.isLoopAlive = true;
    io.run(1000);
    expect(io.isArmed).toBe(true);
  });
});

test("ICP DAS: whole seconds, and a count of trips that goes on means armed anew", () => {
  const io = bench({ kind: "icp-das-et7000", timeoutMs: 5000 });
  io.run(50);
  expect(written(io)[0]).toEqual([557, 5]);
  expect(io.isArmed).toBe(true);
  const fromNs = io.nowNs;
  io.device.holding.set(558, 1);
  io.run(50);
  expect(written(io, fromNs)[0]).toEqual([557, 5]);
  expect(io.isArmed).toBe(true);
});

test("Advantech: nothing is written, and it runs as long as requests are answered", () => {
  const io = bench({ kind: "advantech-adam", timeoutMs: 300 });
  io.run(50);
  expect([io.isArmed, io.writes()]).toEqual([true, []]);
});

test("ADLINK: never armed, and it says why", () => {
  const io = bench({ kind: "adlink-nd", timeoutMs: 300 });
  io.run(2000);
  expect(io.isArmed).toBe(false);
  expect(io.machine.health().lastError).toContain("ASCII");
});

test("any device by its registers: armed, fed by writes of its own, and told tripped by its state", () => {
  const io = bench({
    kind: "registers",
    timeoutMs: 200,
    arm: [{ register: 10, value: 7 }],
    fedBy: "writes",
    feedRegister: 11,
    state: { register: 12, running: [1], expired: [3] },
    recover: [{ register: 13, value: 1 }],
  });
  io.device.holding.set(12, 1);
  io.run(100);
  expect(written(io).slice(0, 3)).toEqual([
    [13, 1],
    [10, 7],
    [11, 1],
  ]);
  expect(io.isArmed).toBe(true);
  io.device.holding.set(12, 3);
  io.run(20);
  expect(io.isArmed).toBe(false);
});
