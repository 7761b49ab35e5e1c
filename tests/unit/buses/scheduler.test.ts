// The bus scheduler: what it lets onto the wire, in which order, and that every request and permit has exactly one end.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_WAITING_PERMITS } from "../../../drivers/buses/bus-queue.ts";
import type { BusAction } from "../../../drivers/buses/bus-steps.ts";
import type { BusReply, BusRequest } from "../../../drivers/buses/request.ts";
import { BusScheduler } from "../../../drivers/buses/scheduler.ts";

const TIMEOUT_NS = 60e6;
const FLOOR_NS = 2e6;
const MS = 1e6;
const read: BusRequest = { kind: "readRegisters", address: 0, count: 1 };
const write: BusRequest = { kind: "writeCoil", address: 0, on: true };
const written: BusReply = { kind: "written" };
const job = (purpose: string, request: BusRequest = read) => ({ purpose, request, probe: read });
const permit = (id: number, o: { fromNs?: number; untilNs?: number; gateId?: string } = {}) => ({
  ...job(`permit ${id}`, write),
  id,
  gateId: o.gateId ?? "g1",
  fromNs: o.fromNs ?? 0,
  untilNs: o.untilNs ?? 1e12,
});

function open(lastLook: (id: number) => boolean = () => true): BusScheduler<string> {
  const bus = new BusScheduler<string>({ timeoutNs: TIMEOUT_NS, replyFloorNs: FLOOR_NS, lastLook });
  bus.up();
  return bus;
}

/** All that it does at this time. */
function run(bus: BusScheduler<string>, nowNs: number): BusAction<string>[] {
  const actions: BusAction<string>[] = [];
  for (let next = bus.step(nowNs); next !== null; next = bus.step(nowNs)) {
    actions.push(next);
    if (next.kind === "silent") break;
  }
  return actions;
}

const tagOf = (actions: BusAction<string>[]): number => {
  const sent = actions.find((action) => action.kind === "send");
  if (sent === undefined) throw new Error("nothing was sent");
  return sent.tag;
};

describe("the order on the bus", () => {
  test("withdrawals, then permits, then read-backs, then polls; one at a time", () => {
    const bus = open();
    bus.add("poll", job("poll"));
    bus.add("readBack", job("readBack"));
    bus.addPermit(permit(1));
    bus.add("withdrawal", job("withdrawal"));
    const order: string[] = [];
    for (let nowNs = 0; nowNs < 4 * MS; nowNs += MS) {
      const answer = bus.answer(tagOf(run(bus, nowNs)), written, nowNs);
      if (answer?.kind === "answered") order.push(answer.job.purpose);
    }
    expect(order).toEqual(["withdrawal", "permit 1", "readBack", "poll"]);
  });

  test("nothing follows a request that is out and within its deadline, a withdrawal neither", () => {
    const bus = open();
    bus.add("poll", job("poll"));
    run(bus, 0);
    bus.add("withdrawal", job("withdrawal"));
    expect(run(bus, TIMEOUT_NS - 1)).toEqual([]);
  });

  test("no poll is started that could not end before a permit falls due", () => {
    const bus = open();
    bus.addPermit(permit(1, { fromNs: 10 * MS }));
    bus.add("poll", job("poll"));
    expect(run(bus, 10 * MS - FLOOR_NS + 1)).toEqual([]);
    expect(bus.wakeAtNs()).toBe(10 * MS);
    expect(run(bus, 10 * MS)).toMatchObject([{ kind: "send", request: write }]);
  });

  test("a poll that surely ends before goes first, and a slow reply makes the scheduler careful", () => {
    const bus = open();
    bus.add("poll", job("poll"));
    bus.answer(tagOf(run(bus, 0)), written, 20 * MS);
    expect(bus.worstReplyNs).toBe(20 * MS);
    bus.addPermit(permit(1, { fromNs: 50 * MS }));
    bus.add("poll", job("poll"));
    expect(run(bus, 31 * MS)).toEqual([]);
    expect(run(bus, 30 * MS)).toMatchObject([{ kind: "send", request: read }]);
  });

  test("permits that are due go by the time at which they fell due", () => {
    const bus = open();
    bus.addPermit(permit(2, { fromNs: 5 }));
    bus.addPermit(permit(1, { fromNs: 3 }));
    const looks = [bus.answer(tagOf(run(bus, 9)), written, 9), bus.answer(tagOf(run(bus, 9)), written, 9)];
    expect(looks.map((look) => look?.kind === "answered" && look.job.purpose)).toEqual(["permit 1", "permit 2"]);
  });

  test("a held gate's permit waits, and does not keep the read-back away that it waits for", () => {
    const bus = open();
    bus.channels.hold("g1", "g1");
    bus.addPermit(permit(1));
    bus.add("readBack", job("verdict"));
    const verdict = tagOf(run(bus, 0));
    bus.answer(verdict, written, MS);
    expect(run(bus, MS)).toEqual([]);
    bus.channels.release("g1", "g1");
    expect(run(bus, MS)).toMatchObject([{ kind: "send", request: write }]);
  });

  test("more permits than the queue holds are refused", () => {
    const bus = open();
    const taken = Array.from({ length: MAX_WAITING_PERMITS + 1 }, (_, id) => bus.addPermit(permit(id)));
    expect(taken.filter((isTaken) => !isTaken)).toHaveLength(1);
  });
});

describe("the window of a permit", () => {
  test("past it the permit is never written and never looked at", () => {
    const looks: number[] = [];
    const bus = open((id) => looks.push(id) > 0);
    bus.addPermit(permit(1, { untilNs: 5 }));
    expect(run(bus, 6)).toMatchObject([{ kind: "expired", job: { id: 1 } }]);
    expect(looks).toEqual([]);
  });

  test("a last look that says no lets the next one have the bus in the same turn", () => {
    const bus = open((id) => id !== 1);
    bus.addPermit(permit(1));
    bus.addPermit(permit(2));
    expect(run(bus, 0)).toMatchObject([{ kind: "withheld", job: { id: 1 } }, { kind: "send" }]);
  });
});

describe("doubt", () => {
  const overdue = () => {
    const bus = open();
    bus.addPermit(permit(1));
    const tag = tagOf(run(bus, 0));
    return { bus, tag };
  };

  test("a reply in time is no doubt; past the deadline the write is overdue and its probe goes out", () => {
    const { bus } = overdue();
    expect(run(bus, TIMEOUT_NS)).toMatchObject([{ kind: "overdue" }, { kind: "send", request: read }]);
    expect(bus.state).toBe("probing");
  });

  test("the probe's reply frees the bus", () => {
    const { bus } = overdue();
    const probe = tagOf(run(bus, TIMEOUT_NS));
    expect(bus.answer(probe, written, TIMEOUT_NS + 1)).toMatchObject({ isProbe: true, job: { purpose: "permit 1" } });
    expect(bus.state).toBe("free");
  });

  test("the late reply settles too, is known as late, and the probe is waited for", () => {
    const { bus, tag } = overdue();
    const probe = tagOf(run(bus, TIMEOUT_NS));
    expect(bus.answer(tag, written, TIMEOUT_NS + 1)).toMatchObject({ isProbe: false, wasOverdue: true });
    expect(bus.state).toBe("busy");
    expect(bus.answer(probe, written, TIMEOUT_NS + 2)).toMatchObject({ isProbe: true });
  });

  test("a withdrawal that waits goes out in the probe's place", () => {
    const { bus } = overdue();
    bus.add("withdrawal", job("withdrawal", { kind: "writeCoil", address: 0, on: false }));
    expect(run(bus, TIMEOUT_NS)).toMatchObject([{ kind: "overdue" }, { kind: "send", request: { on: false } }]);
  });

  test("when the probe stays silent too the connection is given up", () => {
    const { bus } = overdue();
    run(bus, TIMEOUT_NS);
    expect(run(bus, 2 * TIMEOUT_NS)).toMatchObject([{ kind: "silent" }]);
    expect(bus.down(0)).toEqual({ out: [], permits: [] });
  });

  test("a probe that outlives its job's late reply reports the job no second time", () => {
    const { bus, tag } = overdue();
    run(bus, TIMEOUT_NS);
    bus.answer(tag, written, TIMEOUT_NS + 1);
    expect(run(bus, 2 * TIMEOUT_NS)).toMatchObject([{ kind: "send" }]);
  });

  test("a reply that nobody waits for is nobody's", () => {
    const { bus, tag } = overdue();
    bus.answer(tag, written, 1);
    expect(bus.answer(tag, written, 2)).toBeNull();
    expect(bus.answer(999, written, 2)).toBeNull();
  });

  test("a lost connection gives back what was out and what never went out", () => {
    const { bus } = overdue();
    bus.addPermit(permit(2));
    expect(bus.down(0)).toMatchObject({ out: [{ purpose: "permit 1" }], permits: [{ id: 2 }] });
  });
});

/** What a run may do at random: times in ms. */
type Move =
  | { kind: "wait"; ms: number }
  | { kind: "job"; jobClass: "withdrawal" | "readBack" | "poll" }
  | { kind: "permit"; inMs: number; forMs: number; gate: number }
  | { kind: "reply"; which: number }
  | { kind: "hold" | "release"; gate: number }
  | { kind: "reconnect" };

const moves: fc.Arbitrary<Move[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 90 }) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant("job" as const),
        jobClass: fc.constantFrom("withdrawal" as const, "readBack" as const, "poll" as const),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant("permit" as const),
        inMs: fc.integer({ min: -5, max: 50 }),
        forMs: fc.integer({ min: 0, max: 40 }),
        gate: fc.integer({ min: 0, max: 2 }),
      }),
    },
    { weight: 5, arbitrary: fc.record({ kind: fc.constant("reply" as const), which: fc.integer({ min: 0, max: 3 }) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constantFrom("hold" as const, "release" as const),
        gate: fc.integer({ min: 0, max: 2 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("reconnect" as const) }) },
  ),
  { maxLength: 120 },
);

/** Plays moves and judges each action by rules written apart from the scheduler's own state. */
class Referee {
  readonly bus: BusScheduler<string>;
  nowNs = 0;
  readonly ends = new Map<number, string[]>();
  #nextId = 1;
  #waiting = { withdrawal: 0, permits: new Map<number, ReturnType<typeof permit>>() };
  readonly #held = new Set<string>();
  /** In the order sent: the last may be a probe or withdrawal after an overdue one. */
  #out: { tag: number; permitId: number | null; isOverdue: boolean; sentNs: number }[] = [];
  #lastLook: { id: number; said: boolean } | null = null;
  /** Tags that were given up and may still be answered. */
  #late: number[] = [];

  constructor() {
    this.bus = new BusScheduler<string>({
      timeoutNs: TIMEOUT_NS,
      replyFloorNs: FLOOR_NS,
      lastLook: (id) => {
        this.#lastLook = { id, said: id % 3 !== 0 };
        return this.#lastLook.said;
      },
    });
    this.bus.up();
  }

  play(move: Move): void {
    switch (move.kind) {
      case "wait":
        this.nowNs += move.ms * MS;
        break;
      case "job":
        this.bus.add(move.jobClass, job(move.jobClass, { ...read, address: move.jobClass === "withdrawal" ? 1 : 2 }));
        if (move.jobClass === "withdrawal") this.#waiting.withdrawal += 1;
        break;
      case "permit":
        this.#permit(move);
        break;
      case "reply":
        this.#reply(move.which);
        break;
      case "hold":
        this.#held.add(`g${move.gate}`);
        this.bus.channels.hold(`g${move.gate}`, "test");
        break;
      case "release":
        this.#held.delete(`g${move.gate}`);
        this.bus.channels.release(`g${move.gate}`, "test");
        break;
      case "reconnect":
        this.reconnect();
    }
    this.#pump();
  }

  reconnect(): void {
    const { out, permits } = this.bus.down(0);
    for (const { purpose } of out) if (purpose.startsWith("permit")) this.#end(Number(purpose.slice(7)), "lost");
    for (const { id } of permits) this.#end(id, "notSent");
    this.#waiting = { withdrawal: 0, permits: new Map() };
    this.#late.push(...this.#out.map(({ tag }) => tag));
    this.#out = [];
    this.#held.clear();
    this.bus.up();
  }

  #permit(move: Extract<Move, { kind: "permit" }>): void {
    const fromNs = this.nowNs + move.inMs * MS;
    const made = permit(this.#nextId++, { fromNs, untilNs: fromNs + move.forMs * MS, gateId: `g${move.gate}` });
    this.ends.set(made.id, []);
    if (this.bus.addPermit(made)) this.#waiting.permits.set(made.id, made);
    else this.#end(made.id, "notSent");
  }

  #reply(which: number): void {
    const tags = [...this.#out.map(({ tag }) => tag), ...this.#late];
    const tag = tags[which % Math.max(1, tags.length)];
    if (tag === undefined) return;
    const answer = this.bus.answer(tag, written, this.nowNs);
    const entry = this.#out.find((out) => out.tag === tag);
    if (entry === undefined) {
      expect(answer, "a reply after its request was given up").toBeNull();
      return;
    }
    if (entry.permitId !== null && !entry.isOverdue) this.#end(entry.permitId, "answered");
    // Whatever was sent before it has been settled with it.
    const settled = this.#out.slice(0, this.#out.indexOf(entry) + 1);
    this.#late.push(...settled.filter((out) => out !== entry).map((out) => out.tag));
    this.#out = this.#out.filter((out) => !settled.includes(out));
  }

  #pump(): void {
    for (let action = this.bus.step(this.nowNs); action !== null; action = this.bus.step(this.nowNs)) {
      this.#judge(action);
      if (action.kind === "silent") this.reconnect();
    }
    expect(this.bus.wakeAtNs(), "a wake that lies behind would spin").toBeGreaterThan(this.nowNs);
  }

  #judge(action: BusAction<string>): void {
    if (action.kind === "expired") {
      expect(this.nowNs).toBeGreaterThan(action.job.untilNs);
      this.#waiting.permits.delete(action.job.id);
      this.#end(action.job.id, "notSent");
    } else if (action.kind === "withheld") {
      expect(this.#lastLook).toEqual({ id: action.job.id, said: false });
      this.#waiting.permits.delete(action.job.id);
      this.#end(action.job.id, "withheld");
    } else if (action.kind === "overdue") {
      const entry = this.#out.find((out) => !out.isOverdue);
      expect(this.nowNs - (entry?.sentNs ?? this.nowNs)).toBeGreaterThanOrEqual(TIMEOUT_NS);
      const { purpose } = action.job;
      if (purpose.startsWith("permit")) this.#end(Number(purpose.slice(7)), "overdue");
      if (entry !== undefined) entry.isOverdue = true;
    } else if (action.kind === "send") this.#sent(action);
  }

  #sent(action: Extract<BusAction<string>, { kind: "send" }>): void {
    const isPermit = action.request.kind === "writeCoil";
    const before = this.#out.filter((out) => !out.isOverdue && this.nowNs - out.sentNs < TIMEOUT_NS);
    expect(before, "one request in flight").toEqual([]);
    const isAfterOverdue = this.#out.length > 0;
    if (isPermit) {
      expect(isAfterOverdue, "nothing moves while a request is overdue").toBe(false);
      expect(this.#waiting.withdrawal, "withdrawals first").toBe(0);
      const id = this.#lastLook?.id ?? 0;
      const made = this.#waiting.permits.get(id);
      expect(this.#lastLook, "looked at in this very step").toEqual({ id, said: true });
      expect(this.nowNs).toBeGreaterThanOrEqual(made?.fromNs ?? Number.POSITIVE_INFINITY);
      expect(this.nowNs).toBeLessThanOrEqual(made?.untilNs ?? Number.NEGATIVE_INFINITY);
      expect(this.#held.has(made?.gateId ?? "")).toBe(false);
      this.#waiting.permits.delete(id);
      this.#out.push({ tag: action.tag, permitId: id, isOverdue: false, sentNs: this.nowNs });
    } else {
      const isWithdrawal = action.request.kind === "readRegisters" && action.request.address === 1;
      if (isWithdrawal) this.#waiting.withdrawal -= 1;
      else if (!isAfterOverdue) {
        expect(this.#waiting.withdrawal, "withdrawals first").toBe(0);
        for (const made of this.#waiting.permits.values())
          if (!this.#held.has(made.gateId))
            expect(made.fromNs, "a poll that could delay a permit").toBeGreaterThanOrEqual(
              this.nowNs + this.bus.worstReplyNs,
            );
      }
      this.#out.push({ tag: action.tag, permitId: null, isOverdue: false, sentNs: this.nowNs });
      // A probe of a probe: what is older than the last two has been given up.
      if (this.#out.length > 2) this.#late.push(...this.#out.splice(0, this.#out.length - 2).map(({ tag }) => tag));
    }
    this.#lastLook = null;
  }

  #end(id: number, how: string): void {
    this.ends.get(id)?.push(how);
  }
}

test("whatever happens: one in flight, priorities, windows, the last look right before the write, one end each", () => {
  fc.assert(
    fc.property(moves, (played) => {
      const referee = new Referee();
      for (const move of played) referee.play(move);
      referee.reconnect();
      for (const [id, ends] of referee.ends) expect(ends, `permit ${id}`).toHaveLength(1);
    }),
    { numRuns: 2000 },
  );
});
