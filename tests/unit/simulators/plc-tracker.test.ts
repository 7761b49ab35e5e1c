// The simulated PLC that tracks: what it does with a telegram, once, and what it reports.
import { describe, expect, test } from "vitest";
import { type PlcArrival, PlcProgram } from "../../../simulators/wired/plc/program.ts";
import type { PlcPlan, PlcTerminals } from "../../../simulators/wired/terminals.ts";

const MS = 1e6;
const [INDUCTION, END, OUT_EYE, OUT_GATE, STORE_GATE] = [0, 1, 2, 0, 1];
const plan: PlcPlan = {
  ...{ deviceId: "plc1", host: "127.0.0.1", port: 0, unit: 1, scanMs: 1 },
  watchdog: { kind: "echo", counterRegister: 0, echoRegister: 0, timeoutMs: 300 },
  encoders: [{ register: 2, counter: 0 }],
  discreteInputs: [],
  packedInputs: null,
  gates: [],
  relays: [],
  tracker: {
    ...{ register: 100, status: 6, reports: 20, slots: 8, encoder: 0, umPerCount: 1000 },
    induction: { terminal: INDUCTION, atUm: 200_000 },
    end: { terminal: END, atUm: 5_800_000 },
    gates: [
      {
        ...{ gateId: "g1", atUm: 3_000_000, sweptUm: 200_000, finalUm: 150_000, moveUm: 130_000 },
        chutes: [{ code: 1, terminal: OUT_GATE, eyeTerminal: OUT_EYE, slideMinNs: 100 * MS, slideMaxNs: 900 * MS }],
      },
      {
        ...{ gateId: "g2", atUm: 4_000_000, sweptUm: 200_000, finalUm: 150_000, moveUm: 130_000 },
        chutes: [{ code: 2, terminal: STORE_GATE, eyeTerminal: null, slideMinNs: 100 * MS, slideMaxNs: 900 * MS }],
      },
    ],
  },
};
const ID = 0x1_0001;

class Rig implements PlcTerminals {
  readonly inputs = new Set<number>();
  readonly on = new Set<number>();
  readonly arrivals: PlcArrival[] = [];
  readonly program = new PlcProgram({ plan, terminals: this, onArrival: (arrival) => this.arrivals.push(arrival) });
  nowMs = 0;
  #count = 0xffff_fff0;

  constructor() {
    this.run(10);
  }
  refresh(): void {}
  commit(): void {}
  input(index: number): boolean {
    return this.inputs.has(index);
  }
  counter(): number {
    return this.#count >>> 0;
  }
  output(index: number, on: boolean): void {
    if (on) this.on.add(index);
    else this.on.delete(index);
  }
  /** So much belt travel, 2 mm a cycle; the watchdog is fed. */
  run(ms: number, isFed = true): this {
    for (let i = 0; i < ms; i += 1) {
      this.nowMs += 1;
      this.#count += 2;
      this.program.scan(this.nowMs * MS);
      if (isFed) this.#serve({ kind: "writeRegister", address: 0, value: this.#registers(0, 1)[0] ?? 0 });
    }
    return this;
  }
  /** The belt runs on so far while the PLC takes no cycle. */
  stand(mm: number): this {
    this.#count += mm;
    return this.run(1);
  }
  /** A parcel of 200 mm comes onto the belt. */
  come(): this {
    this.inputs.add(INDUCTION);
    this.run(100);
    this.inputs.delete(INDUCTION);
    return this.run(1);
  }
  tell(o: { sequence: number; id?: number; code?: number; inCounts?: number }): number {
    const until = (this.#count + (o.inCounts ?? 5000)) >>> 0;
    const id = o.id ?? ID;
    const values = [0, o.sequence, id >>> 16, id & 0xffff, o.code ?? 1, until >>> 16, until & 0xffff];
    expect(this.#serve({ kind: "writeRegisters", address: 100, values })).toEqual({ kind: "written" });
    const status = this.#registers(6, 14);
    for (let at = 11; at >= 2; at -= 3) if (status[at + 1] === o.sequence) return status[at + 2] ?? 0;
    return 0;
  }
  reports(): number[][] {
    const words = this.#registers(20, 50);
    const newest = words[1] ?? 0;
    return Array.from({ length: Math.min(newest, 8) }, (_, i) => {
      const at = 2 + ((newest - Math.min(newest, 8) + 1 + i) % 8) * 6;
      return words.slice(at, at + 6);
    });
  }
  #registers(address: number, count: number): readonly number[] {
    const reply = this.#serve({ kind: "readRegisters", address, count });
    return reply.kind === "values" ? reply.values : [];
  }
  #serve(request: Parameters<PlcProgram["serve"]>[0]) {
    return this.program.serve(request, this.nowMs * MS);
  }
}

test("a parcel comes, passes, and without a destination ends at the safe end", () => {
  const rig = new Rig().come().run(2690);
  rig.inputs.add(END);
  rig.run(2);
  expect(
    rig.reports().map(([kind, high, low, , value, code]) => [kind, high, low, kind === 3 ? value : 0, code]),
  ).toEqual([
    [1, 1, 1, 0, 0],
    [2, 1, 1, 0, 0],
    [3, 1, 1, 1, 0],
  ]);
  expect(rig.on.size).toBe(0);
});

test("a destination moves its gate for this parcel alone, and the eye at the chute's mouth ends it", () => {
  const rig = new Rig().come();
  expect(rig.tell({ sequence: 5 })).toBe(1);
  rig.run(1230);
  expect(rig.on.has(OUT_GATE)).toBe(false);
  rig.run(60);
  expect(rig.on.has(OUT_GATE)).toBe(true);
  rig.run(250);
  expect(rig.on.has(OUT_GATE)).toBe(false);
  rig.inputs.add(OUT_EYE);
  rig.run(2);
  expect(rig.reports().at(-1)).toEqual([3, 1, 1, 0, 1, 1]);
});

test.each([
  ["before its last word", 1200, 330, 1035],
  ["after its last word and before the gate moves", 1230, 100, 1120],
])(
  "a PLC that stands %s, until its gate would come too late, moves it no more: the parcel rides on",
  (_, beforeMs, standsMm, afterMs) => {
    const rig = new Rig().come();
    expect(rig.tell({ sequence: 5 })).toBe(1);
    rig.run(beforeMs).stand(standsMm);
    for (let i = 0; i < 300; i += 1) expect(rig.run(1).on.size).toBe(0);
    rig.run(afterMs);
    rig.inputs.add(END);
    rig.run(2);
    expect(rig.reports().at(-1)).toEqual([3, 1, 1, 0, 1, 0]);
  },
);

test("sent into a chute without an eye: it reports so when nothing said the contrary", () => {
  const rig = new Rig().come();
  expect(rig.tell({ sequence: 5, code: 2 })).toBe(1);
  rig.run(3500);
  expect(rig.reports().at(-1)).toEqual([3, 1, 1, 0, 2, 2]);
});

describe("verdicts", () => {
  test("a copy has the same answer and is acted upon once", () => {
    const rig = new Rig().come();
    expect([rig.tell({ sequence: 5 }), rig.tell({ sequence: 5 })]).toEqual([1, 1]);
    expect(rig.arrivals).toHaveLength(1);
    rig.run(1300);
    expect(rig.tell({ sequence: 5 })).toBe(1);
  });

  test("an older telegram than the parcel's newest is stale: a recall stays a recall", () => {
    const rig = new Rig().come();
    expect([rig.tell({ sequence: 5 }), rig.tell({ sequence: 6, code: 0 }), rig.tell({ sequence: 5 })]).toEqual([
      1, 1, 3,
    ]);
    rig.run(1400);
    expect(rig.on.size).toBe(0);
  });

  test("past the last word it is too late, for a recall too", () => {
    const rig = new Rig().come();
    rig.tell({ sequence: 5 });
    rig.run(1300);
    expect([rig.tell({ sequence: 6, code: 0 }), rig.tell({ sequence: 7, code: 2 })]).toEqual([2, 2]);
    expect(rig.on.has(OUT_GATE)).toBe(true);
  });

  test("past its expiry it is too late", () => {
    const rig = new Rig().come();
    expect(rig.tell({ sequence: 5, inCounts: -1 })).toBe(2);
    expect(rig.tell({ sequence: 6, inCounts: 0 })).toBe(1);
  });

  test("a parcel that it does not have, and a code that it does not know", () => {
    const rig = new Rig().come();
    expect([rig.tell({ sequence: 5, id: 0x1_0009 }), rig.tell({ sequence: 6, code: 77 })]).toEqual([4, 5]);
  });

  test("number 0 recalls everybody who was told of before", () => {
    const rig = new Rig().come();
    rig.tell({ sequence: 5 });
    expect(rig.tell({ sequence: 4, id: 0, code: 0 })).toBe(1);
    expect(rig.tell({ sequence: 5 })).toBe(1);
    expect(rig.tell({ sequence: 6, id: 0, code: 0 })).toBe(1);
    rig.run(1400);
    expect(rig.on.size).toBe(0);
  });
});

describe("the watchdog trips", () => {
  test("destinations are dropped, their verdict says so, and nothing is accepted but the safe end", () => {
    const rig = new Rig().come();
    rig.tell({ sequence: 5 });
    rig.run(400, false);
    expect(rig.tell({ sequence: 5 })).toBe(5);
    expect(rig.tell({ sequence: 6 })).toBe(5);
    expect(rig.tell({ sequence: 7, code: 0 })).toBe(1);
    rig.run(1100);
    expect(rig.on.size).toBe(0);
  });

  test("a parcel before its gate rides on", () => {
    const rig = new Rig().come();
    rig.tell({ sequence: 5 });
    rig.run(1150);
    rig.run(400, false);
    rig.run(200);
    expect(rig.on.size).toBe(0);
  });
});

test("a part of a telegram is refused", () => {
  const rig = new Rig().come();
  expect(rig.program.serve({ kind: "writeRegisters", address: 100, values: [0, 1, 2] }, rig.nowMs * MS)).toEqual({
    kind: "exception",
    code: 2,
  });
});

test("it starts anew: nobody is known, and numbers do not come again", () => {
  const rig = new Rig().come();
  rig.program.tracker?.forget(2);
  expect(rig.tell({ sequence: 5 })).toBe(4);
  rig.come();
  expect(rig.reports().map(([kind, high, low]) => [kind, high, low])).toEqual([
    [1, 2, 1],
    [2, 2, 1],
  ]);
});
