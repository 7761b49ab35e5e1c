// One device as a pure machine: inputs and time in, wire actions and events out; no timer, no socket.
import type { LineMember } from "./bus-seat.ts";
import type { BusAction } from "./bus-steps.ts";
import { Connection } from "./connection.ts";
import { DeviceParts } from "./device-parts.ts";
import type { JobHost, JobOwner, PlcEvent } from "./job.ts";
import { MachineHealth } from "./machine-health.ts";
import { mergedJob } from "./merged-write.ts";
import { isVoid, type PlcAction, type PlcInput, type PlcMachineOptions } from "./plc-steps.ts";
import type { Sample } from "./poll-cycle.ts";
import type { DeviceHealth, GatePermit } from "./port.ts";
import { BusScheduler } from "./scheduler.ts";

export class PlcMachine {
  readonly #options: PlcMachineOptions;
  readonly #connection: Connection;
  readonly #scheduler: BusScheduler<JobOwner>;
  readonly #parts: DeviceParts;
  readonly #health = new MachineHealth();
  #inbox: { input: PlcInput; nowNs: number }[] = [];
  #isBusy = false;
  #actions: PlcAction[] = [];
  #nowNs = 0;
  /** A whole poll has been read on this connection, and shows what the device sees. */
  #isConnected = false;
  #told = { connected: false, armed: false };
  #isClosing = false;

  constructor(options: PlcMachineOptions) {
    const { device, wiring, lastLook } = options;
    this.#options = options;
    const timeoutNs = device.timeoutMs * 1e6;
    this.#connection = new Connection({ isLine: options.line !== undefined, connectMs: device.connectMs });
    this.#scheduler = new BusScheduler({
      timeoutNs,
      replyFloorNs: device.replyFloorMs * 1e6,
      lastLook,
      isStarving: (nowNs) => this.#parts.watchdog.isStarving(nowNs),
      ...(device.writes === "any" ? { merge: (jobs) => mergedJob(jobs, () => this.#stopMerging()) } : {}),
      ...(options.line === undefined ? {} : { line: options.line }),
    });
    const onSample = (sample: Sample): void => this.#sampled(sample);
    this.#parts = new DeviceParts({ device, wiring, host: this.#host(timeoutNs), onSample });
  }

  /** What a line that it shares must know of it, and whoever reads the wire. */
  get bus(): LineMember & { readonly replyDueNs: number } {
    return this.#scheduler;
  }

  /** The controller's loop lives; the only thing that feeds the device's watchdog. True: `wake` has something to do. */
  alive(nowNs: number): boolean {
    const wasStarving = this.#parts.watchdog.isStarving(nowNs);
    this.#parts.watchdog.alive(nowNs);
    return wasStarving;
  }

  handle(input: PlcInput, nowNs: number): readonly PlcAction[] {
    if (this.#isBusy) {
      this.#inbox.push({ input, nowNs });
      return [];
    }
    this.#isBusy = true;
    this.#actions = [];
    try {
      this.#work(input, nowNs);
      for (let next = this.#inbox.shift(); next !== undefined; next = this.#inbox.shift())
        this.#work(next.input, next.nowNs);
    } finally {
      this.#isBusy = false;
    }
    return this.#actions;
  }

  /** The latest time at which `wake` must be handed in; Infinity: never. */
  wakeAtNs(): number {
    const poll = this.#connection.state === "open" ? this.#parts.poll.dueNs : Number.POSITIVE_INFINITY;
    const armedUntil = this.#told.armed ? this.#parts.watchdog.stopsAtNs : Number.POSITIVE_INFINITY;
    return Math.min(this.#connection.wakeAtNs, this.#scheduler.wakeAtNs(this.#nowNs), poll, armedUntil);
  }

  health(): DeviceHealth {
    const inDoubt = this.#parts.gates.doubts;
    return { deviceId: this.#options.device.id, ...this.#told, ...this.#health.counts(), inDoubt, strayBytes: 0 };
  }

  #work(input: PlcInput, nowNs: number): void {
    this.#nowNs = nowNs;
    this.#take(input);
    this.#settle();
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
        return this.#perform(this.#scheduler.answer(input.tag, input.reply, this.#nowNs));
      case "missed":
        this.#health.lastError = input.why;
        return this.#scheduler.missed(input.tag);
      case "noticed":
        this.#health.lastError = input.why;
        return;
      case "permit":
        return this.#permit(input.permit);
      case "cancel":
        return this.#dropPermits((job) => job.id === input.id);
      case "withdraw":
        return this.#withdraw(input);
      case "linePermit":
        return this.#parts.linePermits.get(input.coilId)?.want(input.isAllowed && !this.#isClosing, {
          mayMove: this.#parts.watchdog.isRunning(this.#nowNs),
        });
      case "tested":
        return this.#parts.gates.find(input.gateId)?.tested();
      case "close":
        return this.#close();
      case "end":
        return this.#end();
      case "wake":
        return;
      default:
        input satisfies never;
    }
  }

  /** Everything that time, or what was just taken in, makes possible now. */
  #settle(): void {
    if (this.#mayEnd) return this.#end();
    this.#arm();
    this.#connect();
    this.#parts.poll.step(this.#nowNs);
    for (let next = this.#scheduler.step(this.#nowNs); next !== null; next = this.#scheduler.step(this.#nowNs)) {
      this.#perform(next);
      if (next.kind !== "send") this.#arm();
    }
    if (this.#mayEnd) this.#end();
  }

  get #mayEnd(): boolean {
    return this.#isClosing && this.#parts.isEverythingDropped && !this.#scheduler.holdsLine;
  }

  #perform(action: BusAction<JobOwner> | null): void {
    switch (action?.kind) {
      case undefined:
        return;
      case "send":
        this.#health.requests += 1;
        this.#actions.push(action);
        return;
      case "overdue":
        this.#health.overdue();
        return action.job.purpose.overdue(this.#nowNs);
      case "expired":
        return this.#notSent(action.job.id);
      case "silent":
        this.#health.timeouts += 1;
        return this.#giveUp("no reply to the read-back either: the connection was reset");
      case "unprepared":
        this.#health.unprepared(action.job.id, action.reply);
        return this.#notSent(action.job.id);
      case "withheld":
        return;
      case "answered":
        return this.#answered(action);
      default:
        action satisfies never;
    }
  }

  #answered(action: Extract<BusAction<JobOwner>, { kind: "answered" }>): void {
    const { job, reply, sentNs, isProbe, wasOverdue } = action;
    const nowNs = this.#nowNs;
    this.#parts.watchdog.answered(isProbe ? job.probe : job.request, { sentNs, nowNs });
    if (isProbe) job.purpose.probed(reply, { sentNs, nowNs });
    else job.purpose.answered(reply, { sentNs, nowNs, wasOverdue });
    // Several requests make one poll: the next of them may go out in this turn.
    this.#parts.poll.step(nowNs);
  }

  #sampled(sample: Sample): void {
    this.#connection.proved(this.#nowNs);
    const isConnected = this.#parts.sees(this.#nowNs);
    if (isConnected !== this.#isConnected) {
      this.#isConnected = isConnected;
      this.#arm();
    }
    this.#parts.sampled(sample, this.#nowNs);
  }

  #permit(permit: GatePermit): void {
    const gate = this.#parts.gates.of(permit.gateId);
    const isTaken = this.#told.armed && !this.#isClosing && this.#scheduler.addPermit(gate.permitJob(permit));
    if (!isTaken) this.#notSent(permit.id);
  }

  #withdraw(o: { id: number; gateId: string; voidUpTo: number; trackingId?: number }): void {
    const gate = this.#parts.gates.of(o.gateId);
    this.#dropPermits((job) => job.gateId === o.gateId && isVoid(job.id, o));
    gate.withdraw(o.id, o.voidUpTo, o.trackingId);
  }

  #dropPermits(which: (job: { id: number; gateId: string }) => boolean): void {
    for (const { id } of this.#scheduler.takePermits(which)) this.#notSent(id);
  }

  #notSent(id: number): void {
    this.#emit({ kind: "command", id, outcome: "notSent" });
  }

  /** A device that takes no writes of several outputs must not keep a withdrawal waiting. */
  #stopMerging(): void {
    this.#health.lastError = "several outputs in one request were refused: one by one from now on";
    this.#scheduler.stopMerging();
  }

  /** Connected: it may be read. Armed: it may move, so its outputs are known, its watchdog runs, nothing is in doubt. */
  #arm(): void {
    const connected = this.#isConnected;
    const isReady = connected && !this.#isClosing && this.#parts.watchdog.isRunning(this.#nowNs);
    const armed = isReady && this.#parts.gates.mayMove({ isArmed: this.#told.armed });
    if (armed === this.#told.armed && connected === this.#told.connected) return;
    this.#told = { connected, armed };
    if (!armed) this.#dropPermits(() => true);
    this.#emit({ kind: "device", deviceId: this.#options.device.id, connected, armed });
  }

  #connect(): void {
    const step = this.#connection.step(this.#nowNs);
    if (step === "connect") this.#actions.push({ kind: "connect" });
    if (step === "giveUp") this.#giveUp(this.#connection.tooLong);
  }

  #giveUp(why: string): void {
    this.#actions.push({ kind: "reset" });
    this.#lost(why);
  }

  #opened(): void {
    this.#connection.opened(this.#nowNs);
    this.#health.opened();
    this.#scheduler.up();
    this.#parts.opened(this.#nowNs);
  }

  #lost(why: string): void {
    this.#health.lastError = why;
    this.#connection.lost(this.#nowNs);
    const { out, permits } = this.#scheduler.down(this.#nowNs);
    for (const job of out) job.purpose.lost(this.#nowNs);
    this.#parts.lost(this.#nowNs);
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
    this.#parts.dropAll();
  }

  #end(): void {
    if (this.#connection.state === "closed") return;
    this.#connection.close();
    // Whoever shares the line goes on without it.
    this.#scheduler.down(this.#nowNs);
    this.#actions.push({ kind: "closed" });
  }

  #emit(event: PlcEvent): void {
    this.#actions.push({ kind: "event", event });
  }

  #host(timeoutNs: number): JobHost {
    return {
      timeoutNs,
      answersInOrder: this.#options.answersInOrder ?? true,
      isOpen: () => this.#connection.state === "open",
      add: (jobClass, job) => this.#scheduler.add(jobClass, job),
      drop: (job) => this.#scheduler.drop(job),
      channels: this.#scheduler.channels,
      emit: (event) => this.#emit(event),
      giveUp: (why) => this.#giveUp(why),
      tripped: () => this.#parts.watchdog.tripped(),
      complain: (detail) => {
        this.#health.lastError = detail;
      },
    };
  }
}
