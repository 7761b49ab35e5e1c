// The PLC driver's machine against the simulated PLC's program on a virtual clock: whatever the network does in between,
// no command is carried out late or twice, every permit has one outcome, and it comes back armed.
import fc from "fast-check";
import { expect, test } from "vitest";
import { isNewer } from "../../drivers/buses/number-format.ts";
import { PlcMachine } from "../../drivers/buses/plc-machine.ts";
import type { PlcAction, PlcInput } from "../../drivers/buses/plc-steps.ts";
import type { BusRequest } from "../../drivers/buses/request.ts";
import { modbusTcpDeviceSchema } from "../../drivers/buses/schema.ts";
import { type PlcArrival, PlcProgram } from "../../simulators/wired/plc/program.ts";
import { plan, wiring } from "../contract/small-plant.ts";
import { VirtualTerminals } from "./virtual-terminals.ts";

const MS = 1e6;
const WINDOW_COUNTS = 100;

/** What may go wrong for a stretch of time. */
interface Trouble {
  atMs: number;
  forMs: number;
  kind: "replies lost" | "requests lost" | "slow" | "frozen" | "cut" | "loop dead";
}

interface Ask {
  atMs: number;
  kind: "judged" | "plain" | "withdraw judged" | "withdraw plain" | "cancel";
  inMs: number;
  forMs: number;
  go: boolean;
}

/** A link, a PLC and a driver in virtual time; in order within a connection, as TCP is. */
class VirtualBus {
  nowNs = 0;
  readonly arrivals: PlcArrival[] = [];
  readonly outcomes = new Map<number, string[]>();
  readonly withheld = new Set<number>();
  readonly withdrawals = new Map<number, string[]>();
  readonly voided = new Map<string, number>();
  readonly sentAtNs = new Map<number, number>();
  readonly windows = new Map<number, { fromNs: number; untilNs: number; go: boolean; gateId: string }>();
  readonly terminals = new VirtualTerminals();
  readonly machine: PlcMachine;
  readonly #program: PlcProgram;
  readonly #troubles: readonly Trouble[];
  #events: { atNs: number; order: number; run: () => void }[] = [];
  #order = 0;
  #connection = 0;
  /** What a frozen PLC holds in its sockets, whatever became of them. */
  #held: (() => void)[] = [];
  #wakeOrder = 0;
  isArmed = false;

  constructor(troubles: readonly Trouble[]) {
    this.#troubles = troubles;
    this.#program = new PlcProgram({
      plan: plan(),
      terminals: this.terminals,
      onArrival: (arrival) => this.arrivals.push(arrival),
    });
    const device = modbusTcpDeviceSchema.parse({
      id: "plc1",
      driver: "modbus-tcp",
      host: "virtual",
      timeoutMs: 60,
      pollMs: 5,
      packedInputs: { register: 4, words: 1 },
      watchdog: { kind: "echo", counterRegister: 0, echoRegister: 0, timeoutMs: 240 },
    });
    this.machine = new PlcMachine({
      device,
      wiring,
      lastLook: (id) => {
        const go = this.windows.get(id)?.go ?? false;
        if (go) this.sentAtNs.set(id, this.nowNs);
        else this.withheld.add(id);
        return go;
      },
    });
    this.#every(1, () => this.#isTrouble("frozen") || this.#program.scan(this.nowNs));
    this.#every(1, () => this.#thaw());
    this.#every(2, () => this.#isTrouble("loop dead") || this.machine.alive(this.nowNs));
    this.input({ kind: "open" });
  }

  at(atNs: number, run: () => void): void {
    this.#order += 1;
    this.#events.push({ atNs, order: this.#order, run });
  }

  input(input: PlcInput): void {
    for (const action of this.machine.handle(input, this.nowNs)) this.#perform(action);
    const atNs = this.machine.wakeAtNs();
    this.#wakeOrder += 1;
    const order = this.#wakeOrder;
    if (atNs !== Number.POSITIVE_INFINITY)
      this.at(Math.max(atNs, this.nowNs), () => order === this.#wakeOrder && this.input({ kind: "wake" }));
  }

  run(untilMs: number): void {
    for (;;) {
      let next = 0;
      for (let i = 1; i < this.#events.length; i += 1) if (isBefore(this.#events[i], this.#events[next])) next = i;
      const event = this.#events[next];
      if (event === undefined || event.atNs > untilMs * MS) return;
      this.#events.splice(next, 1);
      this.nowNs = Math.max(this.nowNs, event.atNs);
      this.terminals.nowNs = this.nowNs;
      event.run();
    }
  }

  #every(periodMs: number, run: () => void): void {
    const again = (): void => {
      run();
      this.at(this.nowNs + periodMs * MS, again);
    };
    this.at(0, again);
  }

  #isTrouble(kind: Trouble["kind"]): boolean {
    const nowMs = this.nowNs / MS;
    return this.#troubles.some((t) => t.kind === kind && t.atMs <= nowMs && nowMs < t.atMs + t.forMs);
  }

  #perform(action: PlcAction): void {
    switch (action.kind) {
      case "connect":
        return this.#connect();
      case "reset":
        this.#connection += 1;
        return;
      case "send":
        return this.#send(action.tag, action.request);
      case "event":
        return this.#heard(action);
      case "closed":
        return;
    }
  }

  #connect(): void {
    this.#connection += 1;
    const connection = this.#connection;
    const why = this.#isTrouble("cut") ? "refused" : null;
    this.at(this.nowNs + 0.1 * MS, () => {
      if (connection !== this.#connection) return;
      this.input(why === null ? { kind: "connected" } : { kind: "disconnected", why });
    });
  }

  #send(tag: number, request: BusRequest): void {
    const connection = this.#connection;
    const isLost = this.#isTrouble("requests lost");
    this.at(this.nowNs + 0.1 * MS, () => {
      if (this.#isTrouble("cut")) {
        if (connection === this.#connection) {
          this.#connection += 1;
          this.input({ kind: "disconnected", why: "cut" });
        }
      } else if (isLost) return;
      else if (this.#isTrouble("frozen")) this.#held.push(() => this.#serve(connection, tag, request));
      else this.#serve(connection, tag, request);
    });
  }

  #serve(connection: number, tag: number, request: BusRequest): void {
    const reply = this.#program.serve(request, this.nowNs);
    if (this.#isTrouble("replies lost")) return;
    const delayMs = this.#isTrouble("slow") ? 80 : 0.1;
    this.at(this.nowNs + delayMs * MS, () => {
      if (connection === this.#connection) this.input({ kind: "reply", tag, reply });
    });
  }

  #thaw(): void {
    if (this.#isTrouble("frozen") || this.#held.length === 0) return;
    const held = this.#held;
    this.#held = [];
    for (const run of held) run();
  }

  #heard({ event }: Extract<PlcAction, { kind: "event" }>): void {
    if (event.kind === "command") this.outcomes.set(event.id, [...(this.outcomes.get(event.id) ?? []), event.outcome]);
    if (event.kind === "withdrawal")
      this.withdrawals.set(event.id, [...(this.withdrawals.get(event.id) ?? []), event.outcome]);
    if (event.kind === "device") this.isArmed = event.armed;
  }
}

const isBefore = (
  a: { atNs: number; order: number } | undefined,
  b: { atNs: number; order: number } | undefined,
): boolean => a !== undefined && b !== undefined && (a.atNs < b.atNs || (a.atNs === b.atNs && a.order < b.order));

const troubles: fc.Arbitrary<Trouble[]> = fc.array(
  fc.record({
    atMs: fc.integer({ min: 0, max: 2500 }),
    forMs: fc.integer({ min: 1, max: 700 }),
    kind: fc.constantFrom<Trouble["kind"]>("replies lost", "requests lost", "slow", "frozen", "cut", "loop dead"),
  }),
  { maxLength: 5 },
);

const asks: fc.Arbitrary<Ask[]> = fc.array(
  fc.record({
    atMs: fc.integer({ min: 0, max: 3000 }),
    kind: fc.constantFrom<Ask["kind"]>("judged", "judged", "plain", "withdraw judged", "withdraw plain", "cancel"),
    inMs: fc.integer({ min: -5, max: 60 }),
    forMs: fc.integer({ min: 1, max: 40 }),
    go: fc.constantFrom(true, true, true, false),
  }),
  { minLength: 1, maxLength: 25 },
);

/** Hands over one ask; permits are numbered as they are made. */
function ask(bus: VirtualBus, what: Ask, id: number): void {
  if (what.kind === "cancel") return bus.input({ kind: "cancel", id: id - 1 });
  const gateId = what.kind.endsWith("judged") ? "judged" : "plain";
  if (what.kind.startsWith("withdraw")) {
    bus.withdrawals.set(id, []);
    bus.voided.set(gateId, id);
    return bus.input({ kind: "withdraw", id, gateId, voidUpTo: id });
  }
  const fromNs = bus.nowNs + what.inMs * MS;
  const untilNs = fromNs + what.forMs * MS;
  const fromCount = Math.floor(fromNs / MS) >>> 0;
  const untilCount = (fromCount + WINDOW_COUNTS) >>> 0;
  const window = { fromCount, untilCount, homeAtCount: (untilCount + 50) >>> 0 };
  bus.windows.set(id, { fromNs, untilNs, go: what.go, gateId });
  bus.outcomes.set(id, []);
  const permit = { id, gateId, chuteId: "chute1", fromNs, untilNs, window, maxOutMs: 400 };
  bus.input({ kind: "permit", permit });
}

test("whatever the network, the PLC and the loop do", () => {
  fc.assert(
    fc.property(troubles, asks, (bad, asked) => {
      const bus = new VirtualBus(bad);
      const inOrder = [...asked].sort((a, b) => a.atMs - b.atMs);
      for (const [index, what] of inOrder.entries()) bus.at(what.atMs * MS, () => ask(bus, what, index + 1));
      bus.run(3400);
      bus.input({ kind: "tested", gateId: "plain" });
      bus.run(9000);

      for (const [id, outcomes] of bus.outcomes)
        expect(outcomes, `permit ${id}`).toHaveLength(bus.withheld.has(id) ? 0 : 1);
      for (const [id, sentNs] of bus.sentAtNs) {
        const window = bus.windows.get(id);
        expect(sentNs).toBeGreaterThanOrEqual(window?.fromNs ?? 0);
        expect(sentNs).toBeLessThanOrEqual(window?.untilNs ?? 0);
      }
      const judged = bus.arrivals.filter((arrival) => arrival.sequence !== null);
      expect(new Set(judged.map((arrival) => arrival.sequence)).size, "each command arrives once").toBe(judged.length);
      for (const { sequence, verdict, count } of judged) {
        if (verdict !== 1) continue;
        const fromCount = Math.floor((bus.windows.get(sequence ?? 0)?.fromNs ?? 0) / MS);
        expect((count ?? 0) - fromCount, "carried out in its belt window").toBeLessThanOrEqual(WINDOW_COUNTS);
      }
      const outcomesSent = [...bus.outcomes].filter(([, outcomes]) => ["done", "refused"].includes(outcomes[0] ?? ""));
      for (const [id] of outcomesSent) expect(bus.sentAtNs.has(id), `${id} was written`).toBe(true);
      for (const [id, outcomes] of bus.withdrawals) expect(outcomes.at(-1), `withdrawal ${id}`).toBe("done");
      expect(bus.isArmed, "armed again when all is over").toBe(true);
      expect([bus.terminals.isOn(0), bus.terminals.isOn(1)], "gates home").toEqual([false, false]);
      expect(bus.machine.health().inDoubt).toBe(0);
    }),
    { numRuns: 60, interruptAfterTimeLimit: 40_000 },
  );
});

test("a done of a judging gate is the PLC's own word: accepted, and nothing voided was carried out after its voiding", () => {
  fc.assert(
    fc.property(asks, (asked) => {
      const bus = new VirtualBus([]);
      const inOrder = [...asked].sort((a, b) => a.atMs - b.atMs);
      for (const [index, what] of inOrder.entries()) bus.at(500 * MS + what.atMs * MS, () => ask(bus, what, index + 1));
      bus.run(5000);
      for (const { sequence, verdict } of bus.arrivals) {
        if (sequence === null) continue;
        expect(bus.outcomes.get(sequence)).toEqual([verdict === 1 ? "done" : "refused"]);
      }
      const newest = bus.voided.get("judged");
      const late = bus.arrivals.filter(({ sequence, verdict }) => sequence !== null && verdict === 4);
      for (const { sequence } of late) expect(isNewer(sequence ?? 0, newest ?? 0)).toBe(false);
    }),
    { numRuns: 30 },
  );
});
