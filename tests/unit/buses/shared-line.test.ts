// A serial line with several units: one request at a time, the best of all first, silence between, no poll before a permit.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { BusJob, JobClass, PermitJob } from "../../../drivers/buses/bus-queue.ts";
import { SharedLine } from "../../../drivers/buses/bus-seat.ts";
import type { BusAction } from "../../../drivers/buses/bus-steps.ts";
import type { BusRequest } from "../../../drivers/buses/request.ts";
import { BusScheduler } from "../../../drivers/buses/scheduler.ts";

const MS = 1e6;
const SILENCE_NS = 2 * MS;
const LONGEST_NS = 20 * MS;
const TIMEOUT_NS = 50 * MS;
const WIRE_NS = 5 * MS;
const read: BusRequest = { kind: "readInputs", address: 0, count: 8 };
const write: BusRequest = { kind: "writeCoil", address: 0, on: true };

/** Units that answer whenever the test says so. */
class Line {
  nowNs = 0;
  readonly units: BusScheduler<string>[];
  readonly shared: SharedLine;
  readonly sent: { unit: number; purpose: string; atNs: number; tag: number }[] = [];
  readonly actions: { unit: number; action: BusAction<string> }[] = [];
  #lastEndNs = Number.NEGATIVE_INFINITY;

  constructor(count: number) {
    this.shared = new SharedLine({ silenceNs: SILENCE_NS, longestNs: LONGEST_NS, onFree: () => {} });
    this.units = Array.from({ length: count }, () => {
      const { seat, take } = this.shared.join();
      const unit = new BusScheduler<string>({
        timeoutNs: TIMEOUT_NS,
        replyFloorNs: MS,
        lastLook: () => true,
        line: { seat, wireNs: () => WIRE_NS },
      });
      take(unit);
      unit.up();
      return unit;
    });
  }

  add(unit: number, jobClass: JobClass, name: string = jobClass): void {
    const job: BusJob<string> = { purpose: `${unit} ${name}`, request: read, probe: read };
    this.#unit(unit).add(jobClass, job);
  }

  permit(unit: number, id: number, fromNs: number): void {
    const times = { fromNs, untilNs: fromNs + 1000 * MS };
    const job: PermitJob<string> = {
      purpose: `${unit} permit`,
      request: write,
      probe: read,
      id,
      gateId: "g",
      ...times,
    };
    this.#unit(unit).addPermit(job);
  }

  /** All units may do what they can. */
  step(atNs = this.nowNs): void {
    this.nowNs = atNs;
    for (const [index, unit] of this.units.entries()) {
      for (let action = unit.step(this.nowNs); action !== null; action = unit.step(this.nowNs)) {
        this.actions.push({ unit: index, action });
        if (action.kind === "silent") {
          unit.down(this.nowNs);
          break;
        }
        if (action.kind === "send") this.#noteSent(index, action.tag, unit);
      }
    }
  }

  /** The reply to what is out. */
  reply(atNs: number): void {
    this.nowNs = atNs;
    const last = this.sent.at(-1);
    if (last === undefined) throw new Error("nothing is out");
    const answer = this.#unit(last.unit).answer(last.tag, { kind: "written" }, atNs);
    if (answer?.kind === "answered") last.purpose = answer.job.purpose;
    this.#lastEndNs = atNs;
  }

  #noteSent(unit: number, tag: number, bus: BusScheduler<string>): void {
    expect(
      this.units.filter(({ state }) => state === "busy" || state === "probing"),
      "one at a time",
    ).toEqual([bus]);
    expect(this.nowNs - this.#lastEndNs, "silence").toBeGreaterThanOrEqual(SILENCE_NS);
    this.sent.push({ unit, purpose: "", atNs: this.nowNs, tag });
  }

  #unit(index: number): BusScheduler<string> {
    const unit = this.units[index];
    if (unit === undefined) throw new Error(`no unit ${index}`);
    return unit;
  }
}

test("what waits at all units is served in one order: withdrawals, permits, read-backs, polls", () => {
  const line = new Line(3);
  line.add(0, "poll");
  line.add(1, "readBack");
  line.permit(2, 7, 0);
  line.add(1, "withdrawal");
  for (let i = 0; i < 4; i += 1) {
    line.step(i * 10 * MS);
    line.reply(i * 10 * MS + 5 * MS);
  }
  expect(line.sent.map(({ purpose }) => purpose)).toEqual(["1 withdrawal", "2 permit", "1 readBack", "0 poll"]);
});

test("of equals the one that has waited longest is next", () => {
  const line = new Line(3);
  for (let i = 0; i < 6; i += 1) {
    for (const unit of [0, 1, 2]) line.add(unit, "poll");
    line.step(i * 10 * MS);
    line.reply(i * 10 * MS + 5 * MS);
  }
  expect(line.sent.map(({ unit }) => unit)).toEqual([0, 1, 2, 0, 1, 2]);
});

test("no unit's poll begins that would still be on the wire when another's permit falls due", () => {
  const line = new Line(2);
  line.permit(1, 7, 20 * MS);
  line.add(0, "poll");
  line.step(20 * MS - WIRE_NS + 1);
  expect(line.sent).toEqual([]);
  line.step(20 * MS);
  expect(line.sent).toMatchObject([{ unit: 1, atNs: 20 * MS }]);
});

describe("a unit that does not answer", () => {
  const heard = (): Line => {
    const line = new Line(2);
    line.add(0, "poll");
    line.step(0);
    line.reply(5 * MS);
    return line;
  };

  test("and has never answered is given up with its first question", () => {
    const line = new Line(2);
    line.add(0, "poll");
    line.step(0);
    line.step(TIMEOUT_NS);
    expect(line.actions.map(({ action }) => action.kind)).toEqual(["send", "overdue", "silent"]);
  });

  test("once heard, has a second read before it is given up, and the others go first", () => {
    const line = heard();
    line.add(0, "poll");
    line.step(10 * MS);
    line.step(10 * MS + TIMEOUT_NS);
    line.add(0, "poll");
    line.add(1, "poll");
    line.step(12 * MS + TIMEOUT_NS);
    expect(line.sent.at(-1)?.unit).toBe(1);
    line.reply(17 * MS + TIMEOUT_NS);
    line.step(20 * MS + TIMEOUT_NS);
    expect(line.sent, "a late reply must not meet the same question").toHaveLength(3);
    line.step(10 * MS + 2 * TIMEOUT_NS);
    expect(line.sent.at(-1)?.unit).toBe(0);
    line.step(10 * MS + 3 * TIMEOUT_NS);
    expect(line.actions.at(-1)?.action.kind).toBe("silent");
  });

  test("and has not answered one read-back is asked nothing that its late reply could be taken for, while a write may go out", () => {
    const line = heard();
    line.add(0, "readBack", "status of one gate");
    line.step(10 * MS);
    line.add(0, "readBack", "status of another");
    line.step(10 * MS + TIMEOUT_NS);
    line.step(12 * MS + TIMEOUT_NS);
    expect(line.sent).toHaveLength(2);
    line.units[0]?.add("readBack", { purpose: "0 feed", request: { ...write, kind: "writeCoil" }, probe: read });
    line.step(14 * MS + TIMEOUT_NS);
    line.reply(19 * MS + TIMEOUT_NS);
    expect(line.sent.at(-1)?.purpose).toBe("0 feed");
    line.step(9 * MS + 2 * TIMEOUT_NS);
    expect(line.sent).toHaveLength(3);
    line.step(10 * MS + 2 * TIMEOUT_NS);
    line.reply(15 * MS + 2 * TIMEOUT_NS);
    expect(line.sent.at(-1)?.purpose).toBe("0 status of another");
  });

  test("its unanswered write is read back after the silence, and the line is the others' meanwhile", () => {
    const line = heard();
    line.permit(0, 7, 10 * MS);
    line.step(10 * MS);
    line.add(1, "withdrawal");
    line.step(10 * MS + TIMEOUT_NS);
    expect(line.actions.at(-1)?.action.kind).toBe("overdue");
    line.step(12 * MS + TIMEOUT_NS);
    expect(line.sent.at(-1)?.unit).toBe(1);
    line.reply(15 * MS + TIMEOUT_NS);
    line.step(17 * MS + TIMEOUT_NS);
    expect(line.sent.at(-1)?.unit).toBe(0);
    expect(line.units[0]?.state).toBe("probing");
  });

  test("its read-back may be eaten once; the second that stays out is the end", () => {
    const line = heard();
    line.permit(0, 7, 10 * MS);
    line.step(10 * MS);
    line.step(10 * MS + TIMEOUT_NS);
    line.step(12 * MS + TIMEOUT_NS);
    line.step(12 * MS + 2 * TIMEOUT_NS);
    expect(line.actions.at(-1)?.action.kind).toBe("send");
    line.step(14 * MS + 2 * TIMEOUT_NS);
    expect(line.units[0]?.state).toBe("probing");
    line.step(14 * MS + 3 * TIMEOUT_NS);
    expect(line.actions.at(-1)?.action.kind).toBe("silent");
  });

  test("a damaged reply is a miss at once, and five in a row are the end", () => {
    const line = heard();
    line.add(0, "poll");
    line.step(10 * MS);
    line.units[0]?.missed(line.sent.at(-1)?.tag ?? 0);
    line.step(15 * MS);
    expect(line.actions.at(-1)?.action.kind).toBe("overdue");
    expect(line.units[0]?.state).toBe("free");
    for (let i = 1; i < 5; i += 1) {
      expect(line.units[0]?.state, `after ${i}`).toBe("free");
      line.add(0, "poll");
      line.step((15 + 10 * i) * MS);
      line.units[0]?.missed(line.sent.at(-1)?.tag ?? 0);
      line.step((18 + 10 * i) * MS);
    }
    expect(line.actions.at(-1)?.action.kind).toBe("silent");
  });
});

test("whatever is asked of three units, in time or not: one request on the line, and silence between", () => {
  const move = fc.record({
    unit: fc.nat(2),
    what: fc.constantFrom("poll", "readBack", "withdrawal", "permit", "reply", "wait") as fc.Arbitrary<
      JobClass | "permit" | "reply" | "wait"
    >,
    ms: fc.integer({ min: 0, max: 70 }),
  });
  fc.assert(
    fc.property(fc.array(move, { maxLength: 80 }), (moves) => {
      const line = new Line(3);
      let id = 0;
      for (const { unit, what, ms } of moves) {
        const isOut = line.units.some(({ state }) => state === "busy" || state === "probing");
        if (what === "wait") line.nowNs += ms * MS;
        else if (what === "permit") line.permit(unit, ++id, line.nowNs + ms * MS);
        else if (what === "reply") {
          if (isOut) line.reply(line.nowNs);
        } else line.add(unit, what);
        line.step();
        for (const each of line.units) if (each.state === "down") each.up();
      }
    }),
  );
});

describe("bytes that belong to nobody", () => {
  test("keep everybody from speaking until the line has been silent, for as long as a telegram may take", () => {
    const line = new Line(1);
    line.add(0, "withdrawal");
    for (let ms = 0; ms <= LONGEST_NS / MS; ms += 1) {
      line.shared.noise(ms * MS);
      line.step(ms * MS);
    }
    line.step(LONGEST_NS + SILENCE_NS - 1);
    expect(line.sent).toEqual([]);
    line.step(LONGEST_NS + SILENCE_NS);
    expect(line.sent.length).toBe(1);
  });

  test("that go on for longer than any telegram hold up nothing any more", () => {
    const line = new Line(1);
    line.add(0, "withdrawal");
    const lastMs = LONGEST_NS / MS;
    for (let ms = 0; ms <= lastMs + 2; ms += 1) {
      line.shared.noise(ms * MS);
      line.step(ms * MS);
    }
    expect(line.sent.map(({ atNs }) => atNs)).toEqual([LONGEST_NS + SILENCE_NS]);
  });

  test("also between two exchanges, until the line was silent for as long as a telegram", () => {
    const line = new Line(1);
    for (let ms = 0; ms < 100; ms += 1) {
      line.shared.noise(ms * MS);
      line.step(ms * MS);
      if (ms === 50) line.add(0, "withdrawal");
      if (ms === 55) line.reply(55 * MS);
      if (ms === 56) line.add(0, "poll");
    }
    expect(line.sent.map(({ atNs }) => atNs)).toEqual([51 * MS, 57 * MS]);
    line.reply(100 * MS);
    line.add(0, "withdrawal");
    line.shared.noise(99 * MS + LONGEST_NS + 1);
    line.step(99 * MS + LONGEST_NS + 2);
    expect(line.sent.length, "a new telegram of somebody's").toBe(2);
  });
});
