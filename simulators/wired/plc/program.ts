// The program of a simulated PLC: its cycle, its register map, its mailboxes, coils, relays and watchdog.
import type { PlcPlan, PlcTerminals } from "../terminals.ts";
import { EchoWatchdog } from "./echo-watchdog.ts";
import {
  COMMAND_REGISTERS,
  commandOf,
  MAILBOX_REGISTERS,
  Mailbox,
  STATUS_REGISTERS,
  VOID_REGISTERS,
} from "./mailbox.ts";
import {
  DEVICE_FAILURE,
  exception,
  ILLEGAL_ADDRESS,
  ILLEGAL_VALUE,
  type PlcReply,
  type PlcRequest,
} from "./request.ts";
import { highWord, lowWord, u32 } from "./serial-number.ts";

/** A whole mailbox command or coil write as it arrived; benches take their times from it. */
export interface PlcArrival {
  atNs: number;
  gateId: string;
  /** null: a plain coil. */
  sequence: number | null;
  /** Mailbox: the verdict. Coil: 1 on, 0 off. */
  verdict: number;
  /** What the PLC's own belt counter said; null: no encoder. */
  count: number | null;
}

export interface PlcProgramOptions {
  plan: PlcPlan;
  terminals: PlcTerminals;
  onArrival?: (arrival: PlcArrival) => void;
}

/** Time is passed in (monotonic ns), so that it runs on a real and on a virtual clock. */
export class PlcProgram {
  readonly #plan: PlcPlan;
  readonly #terminals: PlcTerminals;
  readonly #onArrival: (arrival: PlcArrival) => void;
  readonly #watchdog: EchoWatchdog | null;
  readonly #mailboxes: readonly Mailbox[];
  readonly #holding = new Map<number, number>();
  readonly #coils = new Map<number, { on: boolean; terminal: number; gateId: string | null }>();

  constructor(options: PlcProgramOptions) {
    const { plan, terminals } = options;
    this.#plan = plan;
    this.#terminals = terminals;
    this.#onArrival = options.onArrival ?? (() => {});
    this.#watchdog = plan.watchdog === null ? null : new EchoWatchdog(plan.watchdog, plan.scanMs);
    this.#mailboxes = plan.gates
      .filter((gate) => gate.kind === "mailbox")
      .map((gate) => new Mailbox(gate, terminals, plan.encoders[gate.encoder]?.counter ?? 0));
    for (const gate of plan.gates)
      if (gate.kind === "coil") this.#coils.set(gate.coil, { on: false, terminal: gate.terminal, gateId: gate.gateId });
    for (const { coil, terminal } of plan.relays) this.#coils.set(coil, { on: false, terminal, gateId: null });
  }

  isArmed(nowNs: number): boolean {
    return this.#watchdog?.isArmed(nowNs) ?? true;
  }

  /** How often the watchdog has tripped. */
  get trips(): number {
    return this.#watchdog?.trips ?? 0;
  }

  /** One PLC cycle. */
  scan(nowNs: number): void {
    this.#watchdog?.count();
    this.#terminals.refresh();
    if (!this.isArmed(nowNs)) this.#fall();
    for (const mailbox of this.#mailboxes) mailbox.scan(nowNs);
    this.#terminals.commit();
  }

  /** Answers one request; never throws for what a client can send. */
  serve(request: PlcRequest, nowNs: number): PlcReply {
    switch (request.kind) {
      case "readRegisters":
        return this.#read(request, (address) => this.#inputRegister(address, nowNs), nowNs);
      case "readHolding":
        return this.#read(request, (address) => this.#holding.get(address) ?? 0, nowNs);
      case "readInputs":
        return this.#readBits(request, (address) => this.#discreteInput(address), nowNs);
      case "readCoils":
        return this.#readBits(request, (address) => this.#coils.get(address)?.on ?? false, nowNs);
      case "writeCoil":
        return this.#writeCoil(request.address, request.on, nowNs);
      case "writeRegister":
        return this.#writeHolding(request.address, [request.value], nowNs);
      case "writeRegisters":
        return this.#writeHolding(request.address, request.values, nowNs);
    }
  }

  /** Everything that could move or let move goes to its safe side. */
  #fall(): void {
    for (const mailbox of this.#mailboxes) mailbox.goHome();
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

  #readBits(request: { address: number; count: number }, at: (address: number) => boolean, nowNs: number): PlcReply {
    if (request.count < 1 || request.count > 2000) return exception(ILLEGAL_VALUE);
    if (request.address + request.count > 0x10000) return exception(ILLEGAL_ADDRESS);
    this.#look(nowNs);
    const values = new Array<number>(Math.ceil(request.count / 16)).fill(0);
    for (let i = 0; i < request.count; i += 1)
      if (at(request.address + i)) values[i >> 4] = (values[i >> 4] ?? 0) | (1 << (i & 15));
    return { kind: "values", values };
  }

  /** A read shows the world of this moment, and no output that the watchdog has already taken back. */
  #look(nowNs: number): void {
    this.#terminals.refresh();
    if (!this.isArmed(nowNs)) this.#fall();
  }

  #inputRegister(address: number, nowNs: number): number {
    const { watchdog, encoders, packedInputs } = this.#plan;
    if (watchdog !== null && address === watchdog.counterRegister) return this.#watchdog?.counter ?? 0;
    for (const { register, counter } of encoders) {
      if (address === register) return highWord(this.#terminals.counter(counter));
      if (address === register + 1) return lowWord(this.#terminals.counter(counter));
    }
    if (
      packedInputs !== null &&
      address >= packedInputs.register &&
      address < packedInputs.register + packedInputs.words
    )
      return this.#packedWord(address - packedInputs.register);
    for (const mailbox of this.#mailboxes) {
      const offset = address - mailbox.plan.status;
      if (offset >= 0 && offset < STATUS_REGISTERS) return mailbox.status(this.isArmed(nowNs))[offset] ?? 0;
    }
    return 0;
  }

  #packedWord(word: number): number {
    let bits = 0;
    for (const { address, terminal } of this.#plan.discreteInputs)
      if (address >> 4 === word && this.#terminals.input(terminal)) bits |= 1 << (address & 15);
    return bits;
  }

  #discreteInput(address: number): boolean {
    const mapped = this.#plan.discreteInputs.find((input) => input.address === address);
    return mapped !== undefined && this.#terminals.input(mapped.terminal);
  }

  /** Off is never refused; on is, with exception 04, while the watchdog is not fed. */
  #writeCoil(address: number, on: boolean, nowNs: number): PlcReply {
    const coil = this.#coils.get(address);
    if (coil === undefined) return exception(ILLEGAL_ADDRESS);
    this.#look(nowNs);
    if (on && !this.isArmed(nowNs)) return exception(DEVICE_FAILURE);
    coil.on = on;
    this.#terminals.output(coil.terminal, on);
    this.#terminals.commit();
    if (coil.gateId !== null) this.#arrived(coil.gateId, { sequence: null, verdict: on ? 1 : 0, encoder: 0 }, nowNs);
    return { kind: "written" };
  }

  #writeHolding(address: number, values: readonly number[], nowNs: number): PlcReply {
    if (values.length < 1 || values.length > 123) return exception(ILLEGAL_VALUE);
    const isEcho = address === this.#plan.watchdog?.echoRegister && values.length === 1;
    const mailbox = this.#mailboxes.find(
      ({ plan }) => address < plan.register + MAILBOX_REGISTERS && address + values.length > plan.register,
    );
    if (isEcho) this.#watchdog?.echo(values[0] ?? 0, nowNs);
    else if (mailbox === undefined) return exception(ILLEGAL_ADDRESS);
    else if (!this.#post(mailbox, address - mailbox.plan.register, values, nowNs)) return exception(ILLEGAL_VALUE);
    values.forEach((value, index) => {
      this.#holding.set(address + index, value);
    });
    return { kind: "written" };
  }

  /** False: neither a whole command nor a whole withdrawal; a command in pieces could be judged half written. */
  #post(mailbox: Mailbox, offset: number, values: readonly number[], nowNs: number): boolean {
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
