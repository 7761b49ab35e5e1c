// A device's machine on a real wire and a real clock: inputs in, actions carried out, events delivered.
import type { PlcEvent } from "./job.ts";
import type { PlcMachine } from "./plc-machine.ts";
import type { PlcAction, PlcInput } from "./plc-steps.ts";
import type { PlcEvents, PlcPort } from "./port.ts";
import type { BusReply, BusRequest } from "./request.ts";
import { tell } from "./tell.ts";

/** What a wire has to say; called when nobody of the machine's is on the stack, or from within `connect` and `send`. */
export interface MachineWireEvents {
  connected(): void;
  reply(tag: number, reply: BusReply): void;
  /** No reply will come to this request. */
  missed(tag: number, why: string): void;
  /** The connection, or the attempt at one, has ended by itself; not said after `reset`. */
  ended(why: string): void;
  /** Something that a person should be able to read, and that ends nothing. */
  noticed(why: string): void;
}

/** Carries requests over one connection at a time; made of messages only, so that it may run in another process. */
export interface MachineWire {
  connect(): void;
  reset(): void;
  /** On its way before this returns. */
  send(tag: number, request: BusRequest): void;
  /** A reply is late: tells what has come already and was not read, since this process stood. Left out: it cannot. */
  catchUp?(): void;
  /** Everything is withdrawn: ends the connection in good order, within a moment. Left out: by a reset. */
  end?(): Promise<void>;
}

export interface MachinePortOptions {
  deviceId: string;
  machine(lastLook: (id: number) => boolean): PlcMachine;
  wire(events: MachineWireEvents): MachineWire;
  /** It has closed. */
  ended?: () => void;
  /** Bytes that its wire has thrown away. */
  strayBytes: () => number;
  /** Monotonic ns of the run, the clock of all permits and stamps. */
  nowNs: () => number;
}

export class MachinePort implements PlcPort {
  readonly deviceId: string;
  readonly #nowNs: () => number;
  readonly #machine: PlcMachine;
  readonly #wire: MachineWire;
  #events: PlcEvents | null = null;
  /** Events that wait for the caller to be off the stack. */
  #pending: PlcEvent[] = [];
  #isDelivering = false;
  #isCatchingUp = false;
  #timer: NodeJS.Timeout | null = null;
  #wakeAtNs = Number.POSITIVE_INFINITY;
  #onClosed: (() => void) | null = null;
  #isClosed = false;
  readonly #onEnded: () => void;
  readonly #strayBytes: () => number;

  constructor(o: MachinePortOptions) {
    this.#onEnded = o.ended ?? (() => {});
    this.#strayBytes = o.strayBytes;
    this.deviceId = o.deviceId;
    this.#nowNs = o.nowNs;
    this.#machine = o.machine((id) => this.#events?.lastLook(id) ?? false);
    this.#wire = o.wire({
      connected: () => this.#fromDevice({ kind: "connected" }),
      reply: (tag, reply) => this.#fromDevice({ kind: "reply", tag, reply }),
      missed: (tag, why) => this.#fromDevice({ kind: "missed", tag, why }),
      ended: (why) => this.#fromDevice({ kind: "disconnected", why }),
      noticed: (why) => this.#fromDevice({ kind: "noticed", why }),
    });
  }

  open(events: PlcEvents): void {
    if (this.#events !== null) throw new Error(`device ${this.deviceId} is open already`);
    this.#events = events;
    this.#fromCaller({ kind: "open" });
  }

  permit(permit: Parameters<PlcPort["permit"]>[0]): void {
    this.#fromCaller({ kind: "permit", permit });
  }

  cancel(id: number): void {
    this.#fromCaller({ kind: "cancel", id });
  }

  withdraw(withdrawal: Parameters<PlcPort["withdraw"]>[0]): void {
    this.#fromCaller({ kind: "withdraw", ...withdrawal });
  }

  linePermit(coilId: string, isAllowed: boolean): void {
    this.#fromCaller({ kind: "linePermit", coilId, isAllowed });
  }

  tested(gateId: string): void {
    this.#fromCaller({ kind: "tested", gateId });
  }

  alive(): void {
    if (this.#machine.alive(this.#nowNs())) this.wake();
  }

  /** Something that the device shares with others has become free. */
  wake(): void {
    this.#fromDevice({ kind: "wake" });
  }

  health() {
    return { ...this.#machine.health(), strayBytes: this.#strayBytes() };
  }

  close(withinMs: number): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    return new Promise((resolve) => {
      const deadline = setTimeout(() => {
        this.#fromDevice({ kind: "end" });
        this.#end();
      }, withinMs);
      this.#onClosed = () => {
        clearTimeout(deadline);
        resolve();
      };
      this.#fromCaller({ kind: "close" });
    });
  }

  /** The device spoke, or time passed: nobody of the caller's is on the stack, events go out at once. */
  #fromDevice(input: PlcInput): void {
    this.#handle(input);
    // What is found while somebody else is on the stack is delivered as that one has it.
    if (!this.#isCatchingUp) this.#deliver();
  }

  /** Requests go out at once, events after the caller's turn (`PlcEvents`: never re-entrantly). */
  #fromCaller(input: PlcInput): void {
    this.#handle(input);
    if (this.#pending.length > 0 && !this.#isDelivering) queueMicrotask(() => this.#deliver());
  }

  #handle(input: PlcInput): void {
    this.#catchUp();
    if (this.#isClosed) return;
    for (const action of this.#machine.handle(input, this.#nowNs())) this.#perform(action);
    this.#arrangeWake();
  }

  /** Timers come before ports: a loop that stood would call a reply late that has long been here. */
  #catchUp(): void {
    if (this.#isCatchingUp || this.#isClosed || this.#nowNs() < this.#machine.bus.replyDueNs) return;
    this.#isCatchingUp = true;
    try {
      this.#wire.catchUp?.();
    } finally {
      this.#isCatchingUp = false;
    }
  }

  #perform(action: PlcAction): void {
    switch (action.kind) {
      case "connect":
        return this.#wire.connect();
      case "reset":
        return this.#wire.reset();
      case "send":
        return this.#wire.send(action.tag, action.request);
      case "event":
        this.#pending.push(action.event);
        return;
      case "closed":
        return this.#end();
      default:
        action satisfies never;
    }
  }

  #deliver(): void {
    const events = this.#events;
    if (this.#isDelivering || events === null) return;
    this.#isDelivering = true;
    try {
      for (let event = this.#pending.shift(); event !== undefined; event = this.#pending.shift()) tell(events, event);
    } finally {
      this.#isDelivering = false;
    }
  }

  /** Timers count whole milliseconds; rounded up, so that nothing is asked before it is due. */
  #arrangeWake(): void {
    const atNs = this.#isClosed ? Number.POSITIVE_INFINITY : this.#machine.wakeAtNs();
    if (atNs === this.#wakeAtNs && this.#timer !== null) return;
    this.#wakeAtNs = atNs;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (atNs === Number.POSITIVE_INFINITY) return;
    const delayMs = Math.max(0, Math.ceil((atNs - this.#nowNs()) / 1e6));
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#fromDevice({ kind: "wake" });
    }, delayMs);
  }

  #end(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const goodbye = this.#wire.end?.() ?? null;
    if (goodbye === null) this.#wire.reset();
    this.#arrangeWake();
    this.#onEnded();
    if (goodbye === null) this.#onClosed?.();
    else void goodbye.finally(() => this.#onClosed?.());
  }
}
