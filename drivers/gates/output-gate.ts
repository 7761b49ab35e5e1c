// A gate on plain outputs. Nothing judges its commands: doubt is settled only by a read-back on the connection of the write.
import type { GatePosition } from "../../src/line/step.ts";
import type { PermitJob } from "../buses/bus-queue.ts";
import type { JobHost, JobOwner, ReplyTimes } from "../buses/job.ts";
import { type NumberFormat, numberFrom } from "../buses/number-format.ts";
import type { GatePermit } from "../buses/port.ts";
import { type BusReply, DEVICE_FAILURE, doubtAfter, exceptionText } from "../buses/request.ts";
import type { DeviceImage } from "../inputs/device-image.ts";
import type { GateControl } from "./gate-control.ts";
import { GateFeedback } from "./gate-feedback.ts";
import { numberOf, type OutputTarget, targetOf, type WriteStyle } from "./output-target.ts";
import type { OutputDrive } from "./schema.ts";
import { GateWithdrawal } from "./withdrawal.ts";

/**
 * What ends it. read: a read-back of after its time. shown: only one that shows it as done, since it may still come.
 * test: the connection of the doubtful write is gone; only a person's test (law 6).
 */
interface Doubt {
  sinceNs: number;
  endsBy: "read" | "shown" | "test";
}

/** Written, and the device has not shown yet that it has taken the number. */
type Refusal = Extract<BusReply, { kind: "exception" }>;

interface Untaken {
  id: number;
  number: number;
  writtenNs: number;
}

export class OutputGate implements GateControl {
  readonly gateId: string;
  position: GatePosition = "unknown";
  readonly #drive: OutputDrive;
  readonly #host: JobHost;
  readonly #target: OutputTarget;
  readonly #feedback: GateFeedback;
  readonly #format: NumberFormat;
  readonly #channel: string;
  readonly #withdrawal: GateWithdrawal;
  #doubt: Doubt | null = null;
  /** The output as last read on this connection. */
  #isOn: boolean | null = null;
  /** When the device's word on the last write of ours came: a read that was asked before may show what was before it. */
  #takenNs = Number.NEGATIVE_INFINITY;
  /** Commanded out by a permit; the driver itself takes it back when its time is over. */
  #out: { untilNs: number } | null = null;
  #untaken: Untaken | null = null;

  constructor(o: { gateId: string; drive: OutputDrive; format: NumberFormat; writes: WriteStyle; host: JobHost }) {
    const { drive, format } = o;
    this.gateId = o.gateId;
    this.#drive = drive;
    this.#host = o.host;
    this.#format = { ...format, bits: drive.kind === "command" ? drive.bits : 16 };
    this.#target = targetOf(drive, { format, writes: o.writes });
    this.#feedback = new GateFeedback(drive, format);
    // Gates that share command registers take turns.
    this.#channel = drive.kind === "command" ? `command ${drive.number}` : o.gateId;
    const { home, readBack, isHome, isSingle } = this.#target;
    this.#withdrawal = new GateWithdrawal({
      host: o.host,
      request: () => home,
      probe: readBack,
      isMergeable: isSingle,
      isShownBy: (values) => isHome(values),
      written: (_, nowNs) => {
        this.#out = null;
        this.#isOn = false;
        this.#takenNs = nowNs;
        if (this.#untaken === null) this.#release();
      },
      hasHomeFeedback: drive.homeInput !== undefined || drive.feedback?.kind === "code",
    });
  }

  get isKnown(): boolean {
    // A shared strobe may have gone on and off again for another gate since it was read.
    return this.#isOn !== null && (!this.#isOn || this.#isExplained || this.#drive.kind === "command");
  }

  /** A permit of this gate, or of one that shares its strobe, has switched it on. */
  get #isExplained(): boolean {
    return this.#out !== null || (this.#drive.kind === "command" && this.#host.channels.isHeld(this.#channel));
  }

  get isSettled(): boolean {
    return this.#doubt === null && this.#withdrawal.isWritten;
  }

  get doubts(): number {
    return this.#doubt === null ? 0 : 1;
  }

  /** Its own waiting runs with the polls. */
  readonly isAtRest = false;

  permitJob(permit: GatePermit): PermitJob<JobOwner> {
    const { id, gateId, fromNs, untilNs } = permit;
    const { readBack, isSingle } = this.#target;
    return {
      purpose: this.#commandOwner(permit),
      request: this.#target.out(permit),
      probe: readBack,
      preparation: this.#target.preparation(permit),
      channel: this.#channel,
      isMergeable: isSingle,
      ...{ id, gateId, fromNs, untilNs },
    };
  }

  withdraw(id: number | null, voidUpTo: number): void {
    this.#withdrawal.ask(id, voidUpTo);
  }

  withdrawAll(): void {
    this.#withdrawal.ask(null, 0);
  }

  opened(): void {
    this.#withdrawal.submit();
  }

  lost(nowNs: number): void {
    const untaken = this.#untaken;
    this.#untaken = null;
    if (untaken !== null) this.#toDoubt(untaken.id, "test", nowNs);
    if (this.#doubt !== null) this.#doubt.endsBy = "test";
    this.#withdrawal.lost();
    this.#feedback.lost();
    this.#isOn = null;
    this.#out = null;
    this.#moved("unknown");
  }

  sampled(image: DeviceImage, at: ReplyTimes & { outputsRead: boolean }): void {
    if (at.outputsRead) this.#readOutput(!this.#target.isHomeIn(image), at);
    this.#lookForNumber(image, at);
    if (this.#out !== null && at.nowNs >= this.#out.untilNs) {
      if (this.#drive.pulse === undefined)
        this.#host.complain(`gate ${this.gateId}: taken back after its longest time out`);
      this.#withdrawal.ask(null, 0);
      this.#out = null;
    }
    for (const position of this.#feedback.look(image)) this.#moved(position);
    if (this.position === "home") this.#withdrawal.seenHome(at.sentNs);
    this.#withdrawal.submit();
  }

  tested(): void {
    this.#doubt = null;
    this.#release();
  }

  #commandOwner(permit: GatePermit): JobOwner {
    const { id } = permit;
    return {
      answered: (reply, { nowNs, wasOverdue }) => {
        if (wasOverdue) this.#doubt = null;
        if (reply.kind === "written") this.#written(permit, { nowNs, wasOverdue });
        else if (reply.kind === "exception") this.#refused(id, reply, { nowNs, wasOverdue });
      },
      // Where answers come in any order, a read that shows it off may have been served before the write.
      overdue: (nowNs) => this.#toDoubt(id, this.#host.answersInOrder ? "read" : "shown", nowNs),
      probed: (reply: BusReply, times) => {
        if (reply.kind === "values") this.#readOutput(!this.#target.isHome(reply.values), times);
      },
      lost: (nowNs) => this.#toDoubt(id, "test", nowNs),
    };
  }

  #written(permit: GatePermit, { nowNs, wasOverdue }: { nowNs: number; wasOverdue: boolean }): void {
    const { id, maxOutMs } = permit;
    this.#isOn = true;
    this.#takenNs = nowNs;
    this.#out = { untilNs: nowNs + this.#longestNs(maxOutMs) };
    this.#withdrawal.superseded(id);
    // The next command over these registers has to wait until the strobe is back.
    if (this.#drive.kind === "command") this.#hold();
    if (wasOverdue) return;
    if (this.#drive.kind !== "command" || this.#drive.taken === undefined)
      return this.#host.emit({ kind: "command", id, outcome: "done" });
    this.#untaken = { id, number: numberOf(permit, this.#drive), writtenNs: nowNs };
  }

  /** The device ends its own pulses; Coline switches off what it left on for as long as a whole stroke. */
  #longestNs(maxOutMs: number): number {
    const { pulse } = this.#drive;
    if (pulse === undefined) return maxOutMs * 1e6;
    return (pulse.endedBy === "controller" ? pulse.ms : Math.max(maxOutMs, 2 * pulse.ms)) * 1e6;
  }

  #refused(id: number, refusal: Refusal, { nowNs, wasOverdue }: { nowNs: number; wasOverdue: boolean }): void {
    const { code } = refusal;
    this.#host.complain(`gate ${this.gateId}: command ${id} refused with ${exceptionText(refusal)}`);
    if (code === DEVICE_FAILURE) this.#host.tripped();
    const doubt = doubtAfter(code);
    if (doubt !== "none") this.#doubt = { sinceNs: nowNs, endsBy: doubt === "untilShown" ? "shown" : "read" };
    if (!wasOverdue) this.#host.emit({ kind: "command", id, outcome: doubt === "none" ? "refused" : "inDoubt" });
  }

  #toDoubt(id: number, endsBy: Doubt["endsBy"], nowNs: number): void {
    this.#doubt = { sinceNs: nowNs, endsBy };
    this.#host.emit({ kind: "command", id, outcome: "inDoubt" });
  }

  #readOutput(isOn: boolean, { sentNs }: ReplyTimes): void {
    const doubt = this.#doubt;
    const isEnded = doubt?.endsBy === "read" || (doubt?.endsBy === "shown" && isOn);
    if (doubt !== null && isEnded && sentNs >= doubt.sinceNs) this.#doubt = null;
    if (sentNs < this.#takenNs) return;
    this.#isOn = isOn;
    if (!isOn && this.#out !== null) {
      this.#out = null;
      if (this.#untaken === null) this.#release();
    }
    // On without a permit of ours: left by a controller before us, or by a write that was in doubt.
    if (isOn && !this.#isExplained && this.#withdrawal.isWritten) this.#withdrawal.ask(null, 0);
  }

  /** A command register's device repeats the number that it has taken. */
  #lookForNumber(image: DeviceImage, at: ReplyTimes): void {
    const untaken = this.#untaken;
    if (untaken === null || this.#drive.kind !== "command" || this.#drive.taken === undefined) return;
    if (at.sentNs < untaken.writtenNs) return;
    const { from, register } = this.#drive.taken;
    const isTaken = numberFrom(image.table(from), register, this.#format) === untaken.number;
    if (!isTaken && at.nowNs - untaken.writtenNs <= this.#host.timeoutNs) return;
    this.#untaken = null;
    if (this.#out === null) this.#release();
    if (isTaken) return this.#host.emit({ kind: "command", id: untaken.id, outcome: "done" });
    // It stands in the registers and may be taken at any time: off with the strobe, and no word on what became of it.
    this.#toDoubt(untaken.id, "shown", at.nowNs);
    this.#withdrawal.ask(null, 0);
  }

  #hold(): void {
    this.#host.channels.hold(this.#channel, this.gateId);
  }

  #release(): void {
    this.#host.channels.release(this.#channel, this.gateId);
  }

  #moved(position: GatePosition): void {
    if (position === this.position) return;
    this.position = position;
    this.#host.emit({ kind: "gate", gateId: this.gateId, position });
  }
}
