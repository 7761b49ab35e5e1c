// A gate on a plain coil: on is out, off is home. Doubt is settled only by a read-back on the connection of the write.
import type { GatePosition } from "../../src/line/step.ts";
import type { JobHost, JobOwner, ReplyTimes } from "../buses/job.ts";
import type { GatePermit } from "../buses/port.ts";
import { type BusReply, type BusRequest, DEVICE_FAILURE } from "../buses/request.ts";
import type { PermitJob } from "../buses/scheduler.ts";
import type { DeviceImage } from "../inputs/device-image.ts";
import type { GateControl } from "./gate-control.ts";
import { positionOf } from "./mailbox.ts";
import type { CoilDrive } from "./schema.ts";
import { GateWithdrawal } from "./withdrawal.ts";

/** `isSevered`: the connection of the doubtful write is gone; only a person's test ends it (law 6). */
interface Doubt {
  sinceNs: number;
  isSevered: boolean;
}

export class CoilGate implements GateControl {
  readonly gateId: string;
  position: GatePosition = "unknown";
  readonly #drive: CoilDrive;
  readonly #host: JobHost;
  readonly #withdrawal: GateWithdrawal;
  readonly #readBack: BusRequest;
  #doubt: Doubt | null = null;
  /** The coil as last read on this connection. */
  #isOn: boolean | null = null;
  /** When the device's word on the last write of ours came: a read that was asked before may show what was before it. */
  #takenNs = Number.NEGATIVE_INFINITY;
  /** Commanded out by a permit; the driver itself takes it back when its time is over. */
  #out: { untilNs: number } | null = null;

  constructor(o: { gateId: string; drive: CoilDrive; host: JobHost }) {
    this.gateId = o.gateId;
    this.#drive = o.drive;
    this.#host = o.host;
    this.#readBack = { kind: "readCoils", address: o.drive.coil, count: 1 };
    this.#withdrawal = new GateWithdrawal({
      host: o.host,
      request: () => ({ kind: "writeCoil", address: o.drive.coil, on: false }),
      probe: this.#readBack,
      isShownBy: ([word = 1]) => (word & 1) === 0,
      written: (_, nowNs) => {
        this.#out = null;
        this.#isOn = false;
        this.#takenNs = nowNs;
      },
      hasHomeFeedback: o.drive.homeInput !== undefined,
    });
  }

  get isKnown(): boolean {
    return this.#isOn !== null && (!this.#isOn || this.#out !== null);
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
    const request: BusRequest = { kind: "writeCoil", address: this.#drive.coil, on: true };
    return { purpose: this.#commandOwner(permit), request, probe: this.#readBack, id, gateId, fromNs, untilNs };
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

  lost(): void {
    if (this.#doubt !== null) this.#doubt.isSevered = true;
    this.#withdrawal.lost();
    this.#isOn = null;
    this.#out = null;
    this.#moved("unknown");
  }

  sampled(image: DeviceImage, at: ReplyTimes & { coilsRead: boolean }): void {
    if (at.coilsRead) this.#readCoil(image.coil(this.#drive.coil), at);
    if (this.#out !== null && at.nowNs >= this.#out.untilNs) {
      this.#host.complain(`gate ${this.gateId}: taken back after its longest time out`);
      this.#withdrawal.ask(null, 0);
      this.#out = null;
    }
    this.#look(image);
    if (this.position === "home") this.#withdrawal.seenHome(at.sentNs);
    this.#withdrawal.submit();
  }

  tested(): void {
    this.#doubt = null;
  }

  #commandOwner(permit: GatePermit): JobOwner {
    const { id } = permit;
    const toDoubt = (isSevered: boolean, nowNs: number): void => {
      this.#doubt = { sinceNs: nowNs, isSevered };
      this.#host.emit({ kind: "command", id, outcome: "inDoubt" });
    };
    return {
      answered: (reply, { nowNs, wasOverdue }) => {
        if (wasOverdue) this.#doubt = null;
        if (reply.kind === "written") {
          this.#isOn = true;
          this.#takenNs = nowNs;
          this.#out = { untilNs: nowNs + permit.maxOutMs * 1e6 };
          this.#withdrawal.superseded(id);
        }
        if (reply.kind === "exception") {
          this.#host.complain(`gate ${this.gateId}: command ${id} refused with exception ${reply.code}`);
          if (reply.code === DEVICE_FAILURE) this.#host.tripped();
        }
        if (!wasOverdue)
          this.#host.emit({ kind: "command", id, outcome: reply.kind === "written" ? "done" : "refused" });
      },
      overdue: (nowNs) => toDoubt(false, nowNs),
      probed: (reply: BusReply, times) => {
        if (reply.kind === "values") this.#readCoil(((reply.values[0] ?? 0) & 1) === 1, times);
      },
      lost: (nowNs) => toDoubt(true, nowNs),
    };
  }

  #readCoil(isOn: boolean, { sentNs }: ReplyTimes): void {
    if (this.#doubt !== null && !this.#doubt.isSevered && sentNs >= this.#doubt.sinceNs) this.#doubt = null;
    if (sentNs < this.#takenNs) return;
    this.#isOn = isOn;
    if (!isOn) this.#out = null;
    // On without a permit of ours: left by a controller before us, or by a write that was in doubt.
    if (isOn && this.#out === null && this.#withdrawal.isWritten) this.#withdrawal.ask(null, 0);
  }

  #look(image: DeviceImage): void {
    const { homeInput, outInput } = this.#drive;
    if (homeInput === undefined && outInput === undefined) return;
    const isHome = homeInput !== undefined && image.input(homeInput);
    const isOut = outInput !== undefined && image.input(outInput);
    // One switch alone says where the gate is not; what is neither is between.
    this.#moved(positionOf({ isHome, isOut, isFaulty: false }));
  }

  #moved(position: GatePosition): void {
    if (position === this.position) return;
    this.position = position;
    this.#host.emit({ kind: "gate", gateId: this.gateId, position });
  }
}
