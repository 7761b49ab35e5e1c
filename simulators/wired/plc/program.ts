// The program of a simulated PLC: its cycle, its mailboxes, coils, relays and watchdog.
import type { PlcPlan, PlcTerminals } from "../terminals.ts";
import type { PlcArrival } from "./arrival.ts";
import { EchoWatchdog } from "./echo-watchdog.ts";
import { EdgeLatch } from "./edge-latch.ts";
import { InputRegisters } from "./input-registers.ts";
import { COMMAND_REGISTERS, commandOf, MAILBOX_REGISTERS, Mailbox, VOID_REGISTERS } from "./mailbox.ts";
import { bitsOf } from "./read-span.ts";
import {
  DEVICE_FAILURE,
  exception,
  ILLEGAL_ADDRESS,
  ILLEGAL_VALUE,
  type PlcReply,
  type PlcRequest,
} from "./request.ts";
import { u32 } from "./serial-number.ts";
import { type TrackerUnit, trackerUnit } from "./tracker-unit.ts";

export type { PlcArrival };

export interface PlcProgramOptions {
  plan: PlcPlan;
  terminals: PlcTerminals;
  onArrival?: (arrival: PlcArrival) => void;
  /** Of a PLC that tracks: kept over a loss of power, and another one at each start. Left out: 1. */
  session?: number;
  /** Cycles that it has kept from before a stop; left out: none. */
  cycles?: number;
}

/** Time is passed in (monotonic ns), so that it runs on a real and on a virtual clock. */
export class PlcProgram {
  readonly #plan: PlcPlan;
  readonly #terminals: PlcTerminals;
  readonly #onArrival: (arrival: PlcArrival) => void;
  readonly #watchdog: EchoWatchdog | null;
  readonly #mailboxes: readonly Mailbox[];
  readonly #latches: readonly EdgeLatch[];
  readonly #registers: InputRegisters;
  readonly #holding = new Map<number, number>();
  readonly tracker: TrackerUnit | null;
  readonly #coils = new Map<number, { on: boolean; terminal: number; gateId: string | null }>();

  constructor(options: PlcProgramOptions) {
    const { plan, terminals } = options;
    this.#plan = plan;
    this.#terminals = terminals;
    this.#onArrival = options.onArrival ?? (() => {});
    this.#watchdog =
      plan.watchdog === null
        ? null
        : new EchoWatchdog(plan.watchdog, { scanMs: plan.scanMs, counter: options.cycles ?? 0 });
    this.#mailboxes = plan.gates
      .filter((gate) => gate.kind === "mailbox")
      .map((gate) => new Mailbox(gate, terminals, plan.encoders[gate.encoder]?.counter ?? 0));
    this.#latches = (plan.latches ?? []).map((latch) => new EdgeLatch(latch, terminals));
    this.tracker = trackerUnit({ plan, terminals, session: options.session ?? 1, onArrival: this.#onArrival });
    const { tracker } = this;
    const parts = { mailboxes: this.#mailboxes, latches: this.#latches, tracker };
    this.#registers = new InputRegisters({ plan, terminals, ...parts });
    for (const gate of plan.gates)
      if (gate.kind === "coil") this.#coils.set(gate.coil, { on: false, terminal: gate.terminal, gateId: gate.gateId });
    for (const { coil, terminal } of plan.relays) this.#coils.set(coil, { on: false, terminal, gateId: null });
  }

  isArmed(nowNs: number): boolean {
    return this.#watchdog?.isArmed(nowNs) ?? true;
  }

  /** Its watchdog's count of cycles. */
  get cycles(): number {
    return this.#watchdog?.counter ?? 0;
  }

  /** How often the watchdog has tripped. */
  get trips(): number {
    return this.#watchdog?.trips ?? 0;
  }

  /**
   * The time of the next cycle that does more than count, if nothing is asked of it before; early rather than late.
   * @param o.terminals know the cycles until a counter has gone on by so many counts, or fewer
   */
  nextScanNs(
    nowNs: number,
    o: { scanNs: number; terminals: { stepsToCount(counter: number, counts: number): number } },
  ): number {
    // Tripped is what is past its time, not what is on it.
    let nextNs = (this.#watchdog?.expiresNs ?? Number.POSITIVE_INFINITY) + 1;
    for (const mailbox of this.#mailboxes) {
      const awaits = mailbox.awaits;
      if (awaits === null) continue;
      nextNs = Math.min(nextNs, awaits.untilNs);
      if (awaits.counts !== Number.POSITIVE_INFINITY)
        nextNs = Math.min(nextNs, nowNs + o.terminals.stepsToCount(awaits.counter, awaits.counts) * o.scanNs);
    }
    return Math.min(nextNs, this.tracker?.nextScanNs(nowNs, o) ?? nextNs);
  }

  /** It goes on after a stand of so long; before its first cycle, and before it serves anything. */
  stood(forNs: number): void {
    if (this.#watchdog?.stood(forNs) !== true) return;
    // What a parcel is told depends on where it is by now.
    this.#terminals.refresh();
    this.#fall();
  }

  /** So many cycles as far as they only count. */
  skipScans(cycles: number): void {
    this.#watchdog?.count(cycles);
    for (const mailbox of this.#mailboxes) mailbox.follow();
  }

  /** One PLC cycle. @param cycles as which it counts: those before it, in which nothing happened, and those counted already */
  scan(nowNs: number, cycles = 1): void {
    this.#watchdog?.count(cycles);
    this.cycle(nowNs);
  }

  /** One PLC cycle that has been counted. */
  cycle(nowNs: number): void {
    this.#terminals.refresh();
    for (const latch of this.#latches) latch.scan();
    if (!this.isArmed(nowNs)) this.#fall();
    for (const mailbox of this.#mailboxes) mailbox.scan(nowNs);
    this.tracker?.scan(nowNs, this.isArmed(nowNs));
    this.#terminals.commit();
  }

  /** Answers one request; never throws for what a client can send. */
  serve(request: PlcRequest, nowNs: number): PlcReply {
    switch (request.kind) {
      case "readRegisters":
        return this.#readInputRegisters(request, nowNs);
      case "readHolding":
        return this.#read(request, (address) => this.#holding.get(address) ?? 0, nowNs);
      case "readInputs":
        return this.#readBits(request, (address) => this.#discreteInput(address), nowNs);
      case "readCoils":
        return this.#readBits(request, (address) => this.#coils.get(address)?.on ?? false, nowNs);
      case "writeCoil":
        return this.#writeCoils(request.address, [request.on], nowNs);
      case "writeCoils":
        return this.#writeCoils(request.address, request.on, nowNs);
      case "writeRegister":
        return this.#writeHolding(request.address, [request.value], nowNs);
      case "writeRegisters":
        return this.#writeHolding(request.address, request.values, nowNs);
    }
  }

  /** Everything that could move or let move goes to its safe side. */
  #fall(): void {
    this.#registers.changed();
    for (const mailbox of this.#mailboxes) mailbox.goHome();
    this.tracker?.dropDestinations();
    for (const coil of this.#coils.values()) {
      coil.on = false;
      this.#terminals.output(coil.terminal, false);
    }
  }

  #read(request: { address: number; count: number }, at: (address: number) => number, nowNs: number): PlcReply {
    if (request.count < 1 || request.count > 125) return exception(ILLEGAL_VALUE);
    if (request.address + request.count > 0x10000) return exception(ILLEGAL_ADDRESS);
    this.#look(nowNs);
    return { kind: "values", values: Array.from({ length: request.count }, (_, i) => at(request.address + i)) };
  }

  #readInputRegisters(request: { address: number; count: number }, nowNs: number): PlcReply {
    if (request.count < 1 || request.count > 125) return exception(ILLEGAL_VALUE);
    if (request.address + request.count > 0x10000) return exception(ILLEGAL_ADDRESS);
    this.#look(nowNs);
    return {
      kind: "values",
      values: this.#registers.read(request, { armed: this.isArmed(nowNs), cycles: this.cycles }),
    };
  }

  #readBits(request: { address: number; count: number }, at: (address: number) => boolean, nowNs: number): PlcReply {
    if (request.count < 1 || request.count > 2000) return exception(ILLEGAL_VALUE);
    if (request.address + request.count > 0x10000) return exception(ILLEGAL_ADDRESS);
    this.#look(nowNs);
    return { kind: "values", values: bitsOf(request, at) };
  }

  /** A read shows the world of this moment, and no output that the watchdog has already taken back. */
  #look(nowNs: number): void {
    this.#terminals.refresh();
    if (!this.isArmed(nowNs)) this.#fall();
  }

  #discreteInput(address: number): boolean {
    const mapped = this.#plan.discreteInputs.find((input) => input.address === address);
    return mapped !== undefined && this.#terminals.input(mapped.terminal);
  }

  /** Off is never refused; on is, with exception 04, while the watchdog is not fed. */
  #writeCoils(address: number, on: readonly boolean[], nowNs: number): PlcReply {
    const coils = on.flatMap((_, index) => this.#coils.get(address + index) ?? []);
    if (coils.length < on.length) return exception(ILLEGAL_ADDRESS);
    this.#look(nowNs);
    if (on.includes(true) && !this.isArmed(nowNs)) return exception(DEVICE_FAILURE);
    for (const [index, coil] of coils.entries()) {
      coil.on = on[index] ?? false;
      this.#terminals.output(coil.terminal, coil.on);
    }
    this.#terminals.commit();
    for (const { gateId, on: isOn } of coils)
      if (gateId !== null) this.#arrived(gateId, { sequence: null, verdict: isOn ? 1 : 0, encoder: 0 }, nowNs);
    return { kind: "written" };
  }

  #writeHolding(address: number, values: readonly number[], nowNs: number): PlcReply {
    if (values.length < 1 || values.length > 123) return exception(ILLEGAL_VALUE);
    const isEcho = address === this.#plan.watchdog?.echoRegister && values.length === 1;
    const mailbox = this.#mailboxes.find(
      ({ plan }) => address < plan.register + MAILBOX_REGISTERS && address + values.length > plan.register,
    );
    if (isEcho) this.#echo(values[0] ?? 0, nowNs);
    else if (this.tracker?.isTelegram(address, values) === true) this.#takeTelegram(values, nowNs);
    else if (mailbox === undefined) return exception(ILLEGAL_ADDRESS);
    else if (!this.#post(mailbox, address - mailbox.plan.register, values, nowNs)) return exception(ILLEGAL_VALUE);
    values.forEach((value, index) => {
      this.#holding.set(address + index, value);
    });
    return { kind: "written" };
  }

  #echo(value: number, nowNs: number): void {
    const wasArmed = this.isArmed(nowNs);
    this.#watchdog?.echo(value, nowNs);
    if (this.isArmed(nowNs) !== wasArmed) this.#registers.changed();
  }

  #takeTelegram(values: readonly number[], nowNs: number): void {
    this.#look(nowNs);
    this.tracker?.telegram(values, { nowNs, armed: this.isArmed(nowNs) });
    this.#terminals.commit();
  }

  /** False: neither a whole command nor a whole withdrawal; a command in pieces could be judged half written. */
  #post(mailbox: Mailbox, offset: number, values: readonly number[], nowNs: number): boolean {
    this.#registers.changed();
    this.#look(nowNs);
    if (offset === 0 && values.length === COMMAND_REGISTERS) {
      const command = commandOf(values);
      const verdict = mailbox.judge(command, { nowNs, armed: this.isArmed(nowNs) });
      const { encoder, gateId } = mailbox.plan;
      this.#arrived(gateId, { sequence: command.sequence, verdict, encoder }, nowNs);
    } else if (offset === COMMAND_REGISTERS && values.length === VOID_REGISTERS) {
      mailbox.voidUpTo(u32(values[0] ?? 0, values[1] ?? 0));
    } else return false;
    this.#terminals.commit();
    return true;
  }

  #arrived(gateId: string, what: { sequence: number | null; verdict: number; encoder: number }, atNs: number): void {
    const counter = this.#plan.encoders[what.encoder]?.counter;
    const count = counter === undefined ? null : this.#terminals.counter(counter);
    this.#onArrival({ atNs, gateId, sequence: what.sequence, verdict: what.verdict, count });
  }
}
