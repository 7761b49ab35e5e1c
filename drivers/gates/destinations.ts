// What a PLC that tracks is told of its parcels: destinations once for each look, recalls until they are answered.
import type { WithdrawalOutcome } from "../../src/line/step.ts";
import type { PermitJob } from "../buses/bus-queue.ts";
import type { JobHost, JobOwner, ReplyTimes } from "../buses/job.ts";
import { isNewer, type NumberFormat } from "../buses/number-format.ts";
import type { GatePermit } from "../buses/port.ts";
import { type BusReply, exceptionText } from "../buses/request.ts";
import type { DeviceImage } from "../inputs/device-image.ts";
import { TrackerReports } from "../inputs/tracker-reports.ts";
import type { TrackerWiring } from "../inputs/wiring.ts";
import {
  destinationTelegram,
  recallTelegram,
  TRACKER_STATUS_REGISTERS,
  type Tracker,
  type TrackerStatus,
  trackerStatusOf,
  trackerStatusRequest,
} from "./destination.ts";
import type { GateControl } from "./gate-control.ts";
import { OWN_NUMBERS } from "./sequences.ts";

/** waiting: for a connection or the next poll. queued: the bus has it. written: the PLC's verdict is awaited. */
interface Recall {
  /** null: the driver's own, of which nobody is told. */
  id: number | null;
  sequence: number;
  trackingId: number | null;
  step: "waiting" | "queued" | "written";
  writtenNs: number;
  isToldInDoubt: boolean;
}

/** One for all gates of the device: what the PLC moves for a destination is its own matter. */
export class Destinations implements GateControl {
  readonly gateId: string;
  /** Which gate is where, the PLC does not say. */
  readonly position = "unknown";
  readonly doubts = 0;
  readonly #tracker: Tracker;
  readonly #host: JobHost;
  readonly #reports: TrackerReports;
  /** Destinations that the PLC has and has not judged yet, by sequence: when they were written. */
  readonly #written = new Map<number, number>();
  /** As many as parcels can be told of at once, a few; none is ever dropped. */
  #recalls: Recall[] = [];
  #status: TrackerStatus | null = null;
  #lastWritten: number | null = null;
  /** Its status was read apart from the polls since the last of them. */
  #isReadApart = false;

  constructor(o: { deviceId: string; tracker: TrackerWiring; format?: NumberFormat; host: JobHost }) {
    this.gateId = `${o.deviceId}.destinations`;
    this.#tracker = { ...o.tracker, ...(o.format === undefined ? {} : { format: o.format }) };
    this.#host = o.host;
    this.#reports = new TrackerReports(this.#tracker, (event) => o.host.emit(event));
  }

  get isKnown(): boolean {
    return this.#status?.isArmed ?? false;
  }

  /** A destination in doubt settles itself: the next copy of it is judged like the one before. */
  get isSettled(): boolean {
    return this.#recalls.every(({ step }) => step === "written");
  }

  get isAtRest(): boolean {
    return this.isKnown && this.#written.size === 0 && this.#recalls.length === 0 && !this.#isReadApart;
  }

  permitJob(permit: GatePermit): PermitJob<JobOwner> {
    const { id, gateId, fromNs, untilNs } = permit;
    const request = destinationTelegram(this.#tracker, permit);
    const probe = trackerStatusRequest(this.#tracker);
    return { purpose: this.#owner(id), request, probe, id, gateId, fromNs, untilNs };
  }

  withdraw(id: number | null, voidUpTo: number, trackingId?: number): void {
    const sequence = trackingId === undefined || id === null ? voidUpTo : id;
    const start = { step: "waiting", writtenNs: 0, isToldInDoubt: false } as const;
    this.#recalls.push({ id, sequence, trackingId: trackingId ?? null, ...start });
    this.#submit();
  }

  withdrawAll(): void {
    if (this.#lastWritten !== null) this.withdraw(null, this.#lastWritten);
  }

  opened(): void {
    this.#submit();
  }

  lost(): void {
    for (const id of [...this.#written.keys()]) this.#inDoubt(id);
    for (const recall of this.#recalls) this.#again(recall);
    this.#status = null;
  }

  sampled(image: DeviceImage, at: ReplyTimes): void {
    const { status } = this.#tracker;
    this.#isReadApart = false;
    const words = image.registers.subarray(status, status + TRACKER_STATUS_REGISTERS);
    const seen = trackerStatusOf(words, this.#tracker.format);
    // An end that is reported in the same sample comes before the verdict on a telegram about that parcel.
    this.#reports.sampled(image.registers, seen.session);
    this.#observe(seen, at);
    this.#submit();
  }

  tested(): void {}

  #owner(id: number): JobOwner {
    return {
      answered: (reply, { nowNs, wasOverdue }) => {
        if (wasOverdue) return;
        if (reply.kind === "exception") {
          this.#host.complain(`destination ${id} refused with ${exceptionText(reply)}`);
          return this.#host.emit({ kind: "command", id, outcome: "notSent" });
        }
        this.#noteWritten(id);
        this.#written.set(id, nowNs);
        this.#askVerdict();
      },
      overdue: () => this.#inDoubt(id),
      probed: (reply, times) => this.#read(reply, times),
      lost: () => this.#inDoubt(id),
    };
  }

  #noteWritten(sequence: number): void {
    if (this.#lastWritten === null || isNewer(sequence, this.#lastWritten)) this.#lastWritten = sequence;
  }

  #askVerdict(): void {
    const request = trackerStatusRequest(this.#tracker);
    const owner: JobOwner = {
      answered: (reply, times) => this.#read(reply, times),
      // The verdicts also stand in every poll; nothing hangs on this one reply.
      overdue: () => {},
      probed: (reply, times) => this.#read(reply, times),
      lost: () => {},
    };
    this.#host.add("readBack", { purpose: owner, request, probe: request });
  }

  #read(reply: BusReply, times: ReplyTimes): void {
    this.#isReadApart = true;
    if (reply.kind === "values") this.#observe(trackerStatusOf(reply.values, this.#tracker.format), times);
    else if (reply.kind === "exception") this.#host.complain(`tracker status refused with ${exceptionText(reply)}`);
  }

  #observe(status: TrackerStatus, times: ReplyTimes): void {
    this.#status = status;
    for (const [id, writtenNs] of [...this.#written]) {
      if (times.sentNs < writtenNs) continue;
      const outcome = status.verdicts.get(OWN_NUMBERS.of(id));
      if (outcome === undefined) {
        if (times.nowNs - writtenNs > this.#host.timeoutNs) this.#inDoubt(id);
        continue;
      }
      this.#written.delete(id);
      this.#host.emit({ kind: "command", id, outcome });
    }
    for (const recall of [...this.#recalls]) this.#judge(recall, status, times);
    if (!status.isArmed) this.#host.tripped();
  }

  #judge(recall: Recall, status: TrackerStatus, { sentNs, nowNs }: ReplyTimes): void {
    if (recall.step !== "written" || sentNs < recall.writtenNs) return;
    const verdict = status.verdicts.get(OWN_NUMBERS.of(recall.sequence));
    if (verdict !== undefined) {
      this.#recalls = this.#recalls.filter((other) => other !== recall);
      if (recall.id !== null) this.#host.emit({ kind: "withdrawal", id: recall.id, outcome: answerOf(verdict) });
    } else if (nowNs - recall.writtenNs > this.#host.timeoutNs) this.#again(recall);
  }

  #submit(): void {
    if (!this.#host.isOpen()) return;
    for (const recall of this.#recalls) {
      if (recall.step !== "waiting") continue;
      recall.step = "queued";
      this.#host.add("withdrawal", {
        purpose: this.#recallOwner(recall),
        request: recallTelegram(this.#tracker, recall),
        probe: trackerStatusRequest(this.#tracker),
      });
    }
  }

  #recallOwner(recall: Recall): JobOwner {
    return {
      answered: (reply, { nowNs, wasOverdue }) => {
        if (reply.kind === "exception") this.#host.complain(`recall refused with ${exceptionText(reply)}`);
        if (reply.kind !== "written" || wasOverdue) return this.#again(recall);
        this.#noteWritten(recall.sequence);
        recall.step = "written";
        recall.writtenNs = nowNs;
        this.#askVerdict();
      },
      overdue: () => this.#again(recall),
      probed: (reply, times) => this.#read(reply, times),
      lost: () => this.#again(recall),
    };
  }

  /** Said again with the next poll, over new connections too. */
  #again(recall: Recall): void {
    recall.step = "waiting";
    if (recall.id === null || recall.isToldInDoubt) return;
    recall.isToldInDoubt = true;
    this.#host.emit({ kind: "withdrawal", id: recall.id, outcome: "inDoubt" });
  }

  #inDoubt(id: number): void {
    this.#written.delete(id);
    this.#noteWritten(id);
    this.#host.emit({ kind: "command", id, outcome: "inDoubt" });
  }
}

/** A safe end is refused only for what was said of the parcel after it, which is a safe end too. */
const answerOf = (verdict: string): WithdrawalOutcome =>
  verdict === "tooLate" || verdict === "unknownParcel" ? verdict : "done";
