// The simulated PLC's program: what it accepts, when it brings a gate home, and what its watchdog takes back.
import { beforeEach, expect, test } from "vitest";
import { decodeRequest, encodeReply } from "../../../simulators/wired/plc/pdu.ts";
import { type PlcArrival, PlcProgram } from "../../../simulators/wired/plc/program.ts";
import type { PlcReply } from "../../../simulators/wired/plc/request.ts";
import type { PlcPlan, PlcTerminals } from "../../../simulators/wired/terminals.ts";

const MS = 1e6;
const plan: PlcPlan = {
  deviceId: "plc1",
  host: "127.0.0.1",
  port: 0,
  unit: 1,
  scanMs: 1,
  watchdog: null,
  encoders: [{ register: 2, counter: 0 }],
  discreteInputs: [
    { address: 0, terminal: 10 },
    { address: 17, terminal: 11 },
  ],
  packedInputs: { register: 4, words: 2 },
  latches: [{ register: 30, terminal: 10, counter: 0 }],
  gates: [
    {
      kind: "mailbox",
      gateId: "g1",
      register: 100,
      status: 16,
      encoder: 0,
      positions: [
        { code: 1, terminal: 0 },
        { code: 2, terminal: 1 },
      ],
      homeTerminal: 20,
      outTerminal: 21,
    },
    { kind: "coil", gateId: "g2", coil: 8, terminal: 2 },
  ],
  relays: [{ coil: 9, terminal: 3 }],
};

class Terminals implements PlcTerminals {
  readonly inputs = new Set<number>();
  count = 1000;
  readonly #next = new Set<number>();
  on = new Set<number>();
  refresh(): void {}
  input(index: number): boolean {
    return this.inputs.has(index);
  }
  counter(): number {
    return this.count >>> 0;
  }
  output(index: number, on: boolean): void {
    if (on) this.#next.add(index);
    else this.#next.delete(index);
  }
  commit(): void {
    this.on = new Set(this.#next);
  }
}

let terminals: Terminals;
let program: PlcProgram;
let arrivals: PlcArrival[];

const begin = (change: Partial<PlcPlan> = {}): void => {
  terminals = new Terminals();
  arrivals = [];
  const onArrival = (arrival: PlcArrival) => arrivals.push(arrival);
  program = new PlcProgram({ plan: { ...plan, ...change }, terminals, onArrival });
};
beforeEach(() => begin());

const u32 = (value: number): [number, number] => [value >>> 16, value & 0xffff];
const command = (sequence: number, o: { from?: number; until?: number; homeAt?: number; maxOutMs?: number } = {}) => [
  ...u32(sequence),
  1,
  ...u32(o.from ?? 900),
  ...u32(o.until ?? 1100),
  ...u32(o.homeAt ?? 1300),
  o.maxOutMs ?? 5000,
];
const post = (values: number[], o: { atNs?: number; offset?: number } = {}): PlcReply =>
  program.serve({ kind: "writeRegisters", address: 100 + (o.offset ?? 0), values }, o.atNs ?? 0);
const status = (atNs = 0): readonly number[] => {
  const reply = program.serve({ kind: "readRegisters", address: 16, count: 4 }, atNs);
  return reply.kind === "values" ? reply.values : [];
};
const verdict = (): number | undefined => status()[2];
const isOut = (): boolean => terminals.on.has(0);

test("a command in its window moves the gate when it arrives, not with the next cycle", () => {
  expect(post(command(0x10001), { atNs: 77 })).toEqual({ kind: "written" });
  expect(isOut()).toBe(true);
  expect(status().slice(0, 3)).toEqual([1, 1, 1]);
  expect(arrivals).toEqual([{ atNs: 77, gateId: "g1", sequence: 0x10001, verdict: 1, count: 1000 }]);
});

test("the window includes both its ends and wraps at 2^32", () => {
  terminals.count = 5;
  post(command(1, { from: 0xfffffff0, until: 5 }));
  expect(verdict()).toBe(1);
  terminals.count = 6;
  post(command(2, { from: 0xfffffff0, until: 5 }));
  expect(verdict()).toBe(2);
  terminals.count = 0xffffffef;
  post(command(3, { from: 0xfffffff0, until: 5 }));
  expect(verdict()).toBe(2);
});

test("outside its window nothing moves", () => {
  post(command(1, { from: 1001, until: 1100 }));
  expect([verdict(), isOut()]).toEqual([2, false]);
});

test("a sequence that is not newer than any judged one is stale, one refused for its window too", () => {
  post(command(7, { from: 0, until: 1 }));
  post(command(7));
  expect(verdict()).toBe(3);
  post(command(6));
  expect(verdict()).toBe(3);
  expect(isOut()).toBe(false);
  post(command(8));
  expect(verdict()).toBe(1);
});

test("sequences wrap", () => {
  post(command(0xffffffff));
  post(command(1));
  expect([verdict(), isOut()]).toEqual([1, true]);
});

test("a withdrawal brings home what it covers and voids what comes later", () => {
  post(command(7));
  expect(post(u32(8), { offset: 10 })).toEqual({ kind: "written" });
  expect(isOut()).toBe(false);
  post(command(8));
  expect(verdict()).toBe(4);
  post(command(9));
  expect(isOut()).toBe(true);
});

test("an older withdrawal touches no newer command", () => {
  post(command(9));
  post(u32(8), { offset: 10 });
  expect(isOut()).toBe(true);
});

test("home by itself at its count", () => {
  post(command(1));
  terminals.count = 1299;
  program.scan(1);
  expect(isOut()).toBe(true);
  terminals.count = 1300;
  program.scan(2);
  expect(isOut()).toBe(false);
});

test("home by itself after its longest time out; a newer command extends it", () => {
  post(command(1, { maxOutMs: 10 }), { atNs: 0 });
  program.scan(9 * MS);
  expect(isOut()).toBe(true);
  post(command(2, { maxOutMs: 10 }), { atNs: 9 * MS });
  program.scan(18 * MS);
  expect(isOut()).toBe(true);
  program.scan(19 * MS);
  expect(isOut()).toBe(false);
});

test("a count that falls back while the gate is out brings it home; one that trembles does not", () => {
  post(command(1));
  terminals.count = 1050;
  program.scan(1);
  terminals.count = 1045;
  program.scan(2);
  expect(isOut()).toBe(true);
  terminals.count = 1010;
  program.scan(3);
  expect(isOut()).toBe(false);
});

test("a count that has gone on in cycles that only counted, and falls back behind those, brings it home", () => {
  post(command(1));
  terminals.count = 1250;
  program.skipScans(125);
  terminals.count = 1150;
  program.scan(126);
  expect(isOut()).toBe(false);
});

test("the whole circle as a window has no home point", () => {
  post(command(1, { from: 0, until: 0xffffffff, homeAt: 0 }));
  program.scan(1);
  expect(isOut()).toBe(true);
});

test("a command in pieces, or with its withdrawal, is refused", () => {
  const refused = { kind: "exception", code: 3 };
  expect(post(command(1).slice(0, 9))).toEqual(refused);
  expect(post([...command(1), 0, 0])).toEqual(refused);
  expect(post([1], { offset: 10 })).toEqual(refused);
  expect(isOut()).toBe(false);
});

test("an unknown position is a fault", () => {
  const values = command(1);
  values[2] = 9;
  post(values);
  expect(verdict()).toBe(5);
});

test("inputs packed, on their own, switches in the status", () => {
  for (const terminal of [10, 11, 20]) terminals.inputs.add(terminal);
  expect(program.serve({ kind: "readRegisters", address: 2, count: 4 }, 0)).toEqual({
    kind: "values",
    values: [0, 1000, 1, 2],
  });
  expect(program.serve({ kind: "readInputs", address: 0, count: 18 }, 0)).toEqual({ kind: "values", values: [1, 2] });
  expect(status()[3]).toBe(0b1001);
});

test("addresses that are not there are refused by their exceptions", () => {
  expect(program.serve({ kind: "writeCoil", address: 1, on: true }, 0)).toEqual({ kind: "exception", code: 2 });
  expect(program.serve({ kind: "writeRegister", address: 1, value: 1 }, 0)).toEqual({ kind: "exception", code: 2 });
  expect(program.serve({ kind: "readRegisters", address: 0, count: 126 }, 0)).toEqual({ kind: "exception", code: 3 });
});

test("requests out of bytes, and the exceptions that bad bytes deserve", () => {
  expect(decodeRequest(Buffer.from([5, 0, 8, 0xff, 0]))).toEqual({ kind: "writeCoil", address: 8, on: true });
  expect(decodeRequest(Buffer.from([5, 0, 8, 1, 0]))).toEqual({ kind: "exception", code: 3 });
  expect(decodeRequest(Buffer.from([43, 14, 1, 0, 0]))).toEqual({ kind: "exception", code: 1 });
  expect(decodeRequest(Buffer.from([4, 0]))).toEqual({ kind: "exception", code: 3 });
  expect(decodeRequest(Buffer.from([16, 0, 1, 0, 2, 4, 0, 1]))).toEqual({ kind: "exception", code: 3 });
  const three = { kind: "writeCoils", address: 8, on: [true, false, true] };
  expect(decodeRequest(Buffer.from([15, 0, 8, 0, 3, 1, 0b101]))).toEqual(three);
  expect(decodeRequest(Buffer.from([15, 0, 8, 0, 3, 2, 0b101, 0]))).toEqual({ kind: "exception", code: 3 });
  const reply = encodeReply(Buffer.from([2, 0, 0, 0, 18]), { kind: "values", values: [0x8001, 2] });
  expect([...reply]).toEqual([2, 3, 0x01, 0x80, 2]);
});

const watchdog = { kind: "echo", counterRegister: 0, echoRegister: 50, timeoutMs: 100 } as const;
const coil = (address: number, on: boolean, atNs: number) => program.serve({ kind: "writeCoil", address, on }, atNs);
/** Cycles up to `untilMs`, echoing each tenth. */
const live = (fromMs: number, untilMs: number): void => {
  for (let ms = fromMs; ms <= untilMs; ms += 1) {
    program.scan(ms * MS);
    if (ms % 10 !== 0) continue;
    const reply = program.serve({ kind: "readRegisters", address: 0, count: 1 }, ms * MS);
    const value = reply.kind === "values" ? (reply.values[0] ?? 0) : 0;
    program.serve({ kind: "writeRegister", address: 50, value }, ms * MS);
  }
};

test("with a watchdog nothing moves before three echoes, and withdrawals are taken all the same", () => {
  begin({ watchdog });
  live(0, 15);
  expect(coil(8, true, 15 * MS)).toEqual({ kind: "exception", code: 4 });
  expect(coil(8, false, 15 * MS)).toEqual({ kind: "written" });
  post(command(1), { atNs: 15 * MS });
  expect(verdict()).toBe(5);
  live(16, 30);
  expect(program.isArmed(30 * MS)).toBe(true);
  expect(coil(8, true, 30 * MS)).toEqual({ kind: "written" });
});

test("a trip takes everything back and counts; three echoes arm again, and what was out stays home", () => {
  begin({ watchdog });
  live(0, 30);
  coil(8, true, 30 * MS);
  coil(9, true, 30 * MS);
  post(command(1), { atNs: 30 * MS });
  expect([...terminals.on].sort()).toEqual([0, 2, 3]);
  program.scan(130 * MS);
  expect(terminals.on.size).toBe(3);
  program.scan(131 * MS);
  expect(terminals.on.size).toBe(0);
  expect(program.trips).toBe(1);
  live(140, 170);
  expect([program.isArmed(170 * MS), terminals.on.size]).toEqual([true, 0]);
});

test("a PLC that slept is tripped before it reads what waited for it", () => {
  begin({ watchdog });
  live(0, 30);
  post(command(1), { atNs: 5000 * MS });
  expect(arrivals.map((arrival) => arrival.verdict)).toEqual([5]);
  expect(isOut()).toBe(false);
});

test("a program that stood for as long as its outputs hold is tripped before it goes on, one that stood shorter is not", () => {
  begin({ watchdog: { ...watchdog, outputsFallMs: 40 } });
  live(0, 30);
  post(command(1), { atNs: 30 * MS });
  coil(9, true, 30 * MS);
  program.stood(29 * MS);
  program.scan(59 * MS);
  expect([...terminals.on].sort()).toEqual([0, 3]);
  program.stood(30 * MS);
  program.cycle(89 * MS);
  expect(terminals.on.size).toBe(0);
  post(command(2), { atNs: 89 * MS });
  expect([verdict(), program.trips, terminals.on.size]).toEqual([5, 1, 0]);
  live(90, 130);
  expect([program.isArmed(130 * MS), terminals.on.size], "armed again, and nothing has come back").toEqual([true, 0]);
});

test("the same echo again, or one older than the timeout, feeds nothing", () => {
  begin({ watchdog });
  for (let ms = 0; ms < 60; ms += 1) {
    program.scan(ms * MS);
    program.serve({ kind: "writeRegister", address: 50, value: 1 }, ms * MS);
  }
  expect(program.isArmed(60 * MS)).toBe(false);
  for (const value of [60_000, 60_001, 60_002]) program.serve({ kind: "writeRegister", address: 50, value }, 61 * MS);
  expect(program.isArmed(61 * MS)).toBe(false);
});
