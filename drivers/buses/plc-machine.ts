// One Modbus device as a pure machine: inputs and time in, wire actions and events out; no timer, no socket.
import type { GateControl } from "../gates/gate-control.ts";
import { gatesOf } from "../gates/gate-of.ts";
import { InputSampler } from "../inputs/sampler.ts";
import type { PlcWiring } from "../inputs/wiring.ts";
import { Connection } from "./connection.ts";
import type { JobHost, JobOwner, PlcEvent } from "./job.ts";
import { LinePermit } from "./line-permit.ts";
import type { PlcAction, PlcInput } from "./plc-steps.ts";
import { PollCycle, type Sample } from "./poll-cycle.ts";
import type { DeviceHealth, GatePermit } from "./port.ts";
import { type BusAction, BusScheduler } from "./scheduler.ts";
import type { ModbusTcpDevice } from "./schema.ts";
import { isNewer } from "./serial-number.ts";
import { WatchdogEcho } from "./watchdog-echo.ts";

export interface PlcMachineOptions {
  device: ModbusTcpDevice;
  wiring: PlcWiring;
  /** Called from within `handle`; may call `handle` again, which is then done after. */
  lastLook: (id: number) => boolean;
}

export class PlcMachine {
  readonly #options: PlcMachineOptions;
  readonly #connection = new Connection();
  readonly #scheduler: BusScheduler<JobOwner>;
  readonly #gates: ReadonlyMap<string, GateControl>;
  readonly #controls: readonly GateControl[];
  readonly #linePermits: ReadonlyMap<string, LinePermit>;
  readonly #watchdog: WatchdogEcho;
  readonly #poll: PollCycle;
  readonly #sampler: InputSampler;
  readonly #health = { reconnects: 0, timeouts: 0, requests: 0, lastError: null as string | null };
  #inbox: { input: PlcInput; nowNs: number }[] = [];
  #isBusy = false;
  #actions: PlcAction[] = [];
  #nowNs = 0;
  /** A whole poll has been read on this connection. */
  #isConnected = false;
  #told = { connected: false, armed: false };
  #wasOpen = false;
  /** The image as the gates have seen it last. */
  #seenVersion = -1;
  #isClosing = false;

  constructor(options: PlcMachineOptions) {
    const { device, wiring, lastLook } = options;
    this.#options = options;
    const timeoutNs = device.timeoutMs * 1e6;
    this.#scheduler = new BusScheduler({ timeoutNs, replyFloorNs: device.replyFloorMs * 1e6, lastLook });
    const host = this.#host(timeoutNs);
    this.#gates = gatesOf({ deviceId: device.id, wiring, host });
    this.#controls = [...new Set(this.#gates.values())];
    this.#linePermits = new Map(wiring.linePermits.map(({ id, coil }) => [id, new LinePermit({ coil, host })]));
    this.#watchdog = new WatchdogEcho({ config: device.watchdog ?? null, host });
    this.#poll = new PollCycle({ device, wiring, host, onSample: (sample) => this.#sampled(sample) });
    this.#sampler = new InputSampler(wiring, { id: device.id, pollNs: device.pollMs * 1e6 });
  }

  /** The controller's loop lives; the only thing that feeds the device's watchdog. */
  alive(nowNs: number): void {
    this.#watchdog.alive(nowNs);
  }

  handle(input: PlcInput, nowNs: number): readonly PlcAction[] {
    this.#inbox.push({ input, nowNs });
    if (this.#isBusy) return [];
    this.#isBusy = true;
    this.#actions = [];
    try {
      for (let next = this.#inbox.shift(); next !== undefined; next = this.#inbox.shift()) {
        this.#nowNs = next.nowNs;
        this.#take(next.input);
        this.#settle();
      }
    } finally {
      this.#isBusy = false;
    }
    return this.#actions;
  }

  /** The latest time at which `wake` must be handed in; Infinity: never. */
  wakeAtNs(): number {
    const poll = this.#connection.state === "open" ? this.#poll.dueNs : Number.POSITIVE_INFINITY;
    const armedUntil = this.#told.armed ? this.#watchdog.stopsAtNs : Number.POSITIVE_INFINITY;
    return Math.min(this.#connection.wakeAtNs, this.#scheduler.wakeAtNs(), poll, armedUntil);
  }

  health(): DeviceHealth {
    const inDoubt = this.#controls.reduce((sum, { doubts }) => sum + doubts, 0);
    return { deviceId: this.#options.device.id, ...this.#told, ...this.#health, inDoubt };
  }

  #take(input: PlcInput): void {
    switch (input.kind) {
      case "open":
        return this.#connection.start(this.#nowNs);
      case "connected":
        return this.#opened();
      case "disconnected":
        return this.#lost(input.why);
      case "reply":
        return this.#answered(this.#scheduler.answer(input.tag, input.reply, this.#nowNs));
      case "permit":
        return this.#permit(input.permit);
      case "cancel":
        return this.#dropPermits((job) => job.id === input.id);
      case "withdraw":
        return this.#withdraw(input);
      case "linePermit":
        return this.#linePermits.get(input.coilId)?.want(input.isAllowed && !this.#isClosing);
      case "tested":
        return this.#gates.get(input.gateId)?.tested();
      case "close":
        return this.#close();
      case "wake":
        return;
      default:
        input satisfies never;
    }
  }

  /** Everything that time, or what was just taken in, makes possible now. */
  #settle(): void {
    this.#arm();
    this.#connect();
    this.#poll.step(this.#nowNs);
    for (let next = this.#scheduler.step(this.#nowNs); next !== null; next = this.#scheduler.step(this.#nowNs)) {
      this.#perform(next);
      if (next.kind !== "send") this.#arm();
    }
    if (this.#isClosing && this.#isEverythingDropped()) this.#end();
  }

  #perform(action: BusAction<JobOwner>): void {
    switch (action.kind) {
      case "send":
        this.#health.requests += 1;
        this.#actions.push(action);
        return;
      case "overdue":
        this.#health.timeouts += 1;
        this.#health.lastError = "no reply in time";
        return action.job.purpose.overdue(this.#nowNs);
      case "expired":
        return this.#notSent(action.job.id);
      case "silent":
        this.#health.timeouts += 1;
        return this.#giveUp("no reply to the read-back either: the connection was reset");
      case "withheld":
        return;
      case "answered":
        return this.#answered(action);
      default:
        action satisfies never;
    }
  }

  #answered(action: BusAction<JobOwner> | null): void {
    if (action?.kind !== "answered") return;
    const { job, reply, sentNs, isProbe, wasOverdue } = action;
    const nowNs = this.#nowNs;
    if (isProbe) job.purpose.probed(reply, { sentNs, nowNs });
    else job.purpose.answered(reply, { sentNs, nowNs, wasOverdue });
    // Several requests make one poll: the next of them may go out in this turn.
    this.#poll.step(nowNs);
  }

  #sampled(sample: Sample): void {
    if (!this.#isConnected) {
      this.#isConnected = true;
      this.#arm();
    }
    this.#connection.proved(this.#nowNs);
    const { image } = this.#poll;
    this.#watchdog.sampled(image.registers, sample.nowNs);
    this.#sampler.sampled(image, sample, (event) => this.#emit(event));
    const isNews = image.version !== this.#seenVersion;
    this.#seenVersion = image.version;
    for (const gate of this.#controls) if (isNews || !gate.isAtRest) gate.sampled(image, sample);
    if (!sample.coilsRead) return;
    const mayMove = this.#watchdog.isRunning(this.#nowNs);
    for (const permit of this.#linePermits.values()) permit.sampled(image.coil(permit.coil), { mayMove });
  }

  #permit(permit: GatePermit): void {
    const gate = this.#gates.get(permit.gateId);
    if (gate === undefined) throw new Error(`device ${this.#options.device.id} has no gate ${permit.gateId}`);
    const isTaken = this.#told.armed && !this.#isClosing && this.#scheduler.addPermit(gate.permitJob(permit));
    if (!isTaken) this.#notSent(permit.id);
  }

  #withdraw(o: { id: number; gateId: string; voidUpTo: number; trackingId?: number }): void {
    const gate = this.#gates.get(o.gateId);
    if (gate === undefined) throw new Error(`device ${this.#options.device.id} has no gate ${o.gateId}`);
    const isVoid = (id: number) => (o.trackingId === undefined ? !isNewer(id, o.voidUpTo) : id === o.voidUpTo);
    this.#dropPermits((job) => job.gateId === o.gateId && isVoid(job.id));
    gate.withdraw(o.id, o.voidUpTo, o.trackingId);
  }

  #dropPermits(which: (job: { id: number; gateId: string }) => boolean): void {
    for (const { id } of this.#scheduler.takePermits(which)) this.#notSent(id);
  }

  #notSent(id: number): void {
    this.#emit({ kind: "command", id, outcome: "notSent" });
  }

  /** Connected: it may be read. Armed: it may move, so its outputs are known, its watchdog runs, nothing is in doubt. */
  #arm(): void {
    const connected = this.#isConnected;
    const mayArm = connected && !this.#isClosing && this.#watchdog.isRunning(this.#nowNs);
    // Once armed, a withdrawal on its way is no reason to disarm; a doubt is.
    const isFit = (gate: GateControl): boolean =>
      gate.isKnown && (gate.isSettled || (this.#told.armed && gate.doubts === 0));
    const armed = mayArm && this.#controls.every(isFit);
    if (armed === this.#told.armed && connected === this.#told.connected) return;
    this.#told = { connected, armed };
    if (!armed) this.#dropPermits(() => true);
    this.#emit({ kind: "device", deviceId: this.#options.device.id, connected, armed });
  }

  #connect(): void {
    const step = this.#connection.step(this.#nowNs);
    if (step === "connect") this.#actions.push({ kind: "connect" });
    if (step === "giveUp") this.#giveUp("no connection in time");
  }

  #giveUp(why: string): void {
    this.#actions.push({ kind: "reset" });
    this.#lost(why);
  }

  #opened(): void {
    this.#connection.opened(this.#nowNs);
    this.#health.reconnects += this.#wasOpen ? 1 : 0;
    this.#wasOpen = true;
    this.#scheduler.up();
    this.#poll.opened(this.#nowNs);
    for (const gate of this.#controls) gate.opened();
  }

  #lost(why: string): void {
    this.#health.lastError = why;
    this.#connection.lost(this.#nowNs);
    const { out, permits } = this.#scheduler.down();
    for (const job of out) job.purpose.lost(this.#nowNs);
    this.#watchdog.lost();
    this.#poll.lost();
    this.#sampler.lost();
    for (const permit of this.#linePermits.values()) permit.lost();
    for (const gate of this.#controls) gate.lost(this.#nowNs);
    this.#isConnected = false;
    for (const { id } of permits) this.#notSent(id);
    this.#arm();
    if (this.#isClosing) this.#end();
  }

  #close(): void {
    this.#isClosing = true;
    this.#arm();
    this.#dropPermits(() => true);
    if (this.#connection.state !== "open") return this.#end();
    for (const gate of this.#controls) gate.withdrawAll();
    for (const permit of this.#linePermits.values()) permit.want(false);
  }

  #isEverythingDropped(): boolean {
    const permits = [...this.#linePermits.values()];
    return this.#controls.every(({ isSettled }) => isSettled) && permits.every(({ isDropped }) => isDropped);
  }

  #end(): void {
    if (this.#connection.state === "closed") return;
    this.#connection.close();
    this.#actions.push({ kind: "closed" });
  }

  #emit(event: PlcEvent): void {
    this.#actions.push({ kind: "event", event });
  }

  #host(timeoutNs: number): JobHost {
    return {
      timeoutNs,
      isOpen: () => this.#connection.state === "open",
      add: (jobClass, job) => this.#scheduler.add(jobClass, job),
      drop: (job) => this.#scheduler.drop(job),
      hold: (gateId) => this.#scheduler.hold(gateId),
      release: (gateId) => this.#scheduler.release(gateId),
      emit: (event) => this.#emit(event),
      giveUp: (why) => this.#giveUp(why),
      tripped: () => this.#watchdog.tripped(),
      complain: (detail) => {
        this.#health.lastError = detail;
      },
    };
  }
}
