// A gate whose device judges each command: written, verdict read back, doubt settled by the judged sequence or a void.
import type { GatePosition } from "../../src/line/step.ts";
import type { PermitJob } from "../buses/bus-queue.ts";
import type { JobHost, JobOwner, ReplyTimes } from "../buses/job.ts";
import { isNewer, type NumberFormat, numberFrom } from "../buses/number-format.ts";
import type { GatePermit } from "../buses/port.ts";
import { type BusReply, doubtAfter, exceptionText } from "../buses/request.ts";
import type { DeviceImage } from "../inputs/device-image.ts";
import type { GateControl } from "./gate-control.ts";
import {
  commandRequest,
  type MailboxStatus,
  mailboxSpans,
  statusOf,
  statusRequest,
  voidReadBack,
  voidRequest,
} from "./mailbox.ts";
import type { MailboxDrive } from "./schema.ts";
import { OWN_NUMBERS, type Sequences, ShortSequences } from "./sequences.ts";
import { GateWithdrawal } from "./withdrawal.ts";

/** idle → undecided (the device has it and has not shown its verdict) → idle; or → doubt (no reply) → idle. */
type Refusal = Extract<BusReply, { kind: "exception" }>;

type CommandState =
  | { name: "idle" }
  | { name: "undecided"; id: number; writtenNs: number }
  | { name: "doubt"; id: number; sinceNs: number };

export class MailboxGate implements GateControl {
  readonly gateId: string;
  position: GatePosition = "unknown";
  readonly #drive: MailboxDrive;
  readonly #format: NumberFormat;
  readonly #sequences: Sequences;
  readonly #host: JobHost;
  readonly #withdrawal: GateWithdrawal;
  #command: CommandState = { name: "idle" };
  /** null: not read on this connection. */
  #status: MailboxStatus | null = null;
  #lastWritten: number | null = null;
  /** Its status was read apart from the polls since the last of them. */
  #isReadApart = false;
  /** Its status as the last poll has shown it. */
  readonly #sampledWords: Uint16Array;

  constructor(o: { gateId: string; drive: MailboxDrive; format: NumberFormat; host: JobHost }) {
    this.gateId = o.gateId;
    this.#drive = o.drive;
    this.#host = o.host;
    const format = { ...o.format, bits: o.drive.bits };
    const sequences = o.drive.bits === 16 ? new ShortSequences() : OWN_NUMBERS;
    this.#format = format;
    this.#sequences = sequences;
    this.#sampledWords = new Uint16Array(mailboxSpans(o.drive).status);
    this.#withdrawal = new GateWithdrawal({
      host: o.host,
      isReady: () => sequences.isReady,
      request: (upTo) => voidRequest(o.drive, sequences.upTo(upTo), format),
      probe: voidReadBack(o.drive),
      isShownBy: (values, upTo) => numberFrom(values, 0, format) === sequences.upTo(upTo),
      written: (upTo) => this.#voided(upTo),
      hasHomeFeedback: true,
    });
  }

  get isKnown(): boolean {
    return this.#status?.isArmed ?? false;
  }

  get isSettled(): boolean {
    return this.#command.name !== "doubt" && this.#withdrawal.isWritten;
  }

  get doubts(): number {
    return this.#command.name === "doubt" ? 1 : 0;
  }

  get isAtRest(): boolean {
    return this.isKnown && this.#command.name === "idle" && this.#withdrawal.isIdle && !this.#isReadApart;
  }

  permitJob(permit: GatePermit): PermitJob<JobOwner> {
    const { id, gateId, fromNs, untilNs } = permit;
    const probe = statusRequest(this.#drive);
    const request = commandRequest(this.#drive, { permit, sequence: this.#sequences.of(id), format: this.#format });
    return { purpose: this.#commandOwner(id), request, probe, id, gateId, fromNs, untilNs };
  }

  withdraw(id: number | null, voidUpTo: number): void {
    this.#withdrawal.ask(id, voidUpTo);
  }

  withdrawAll(): void {
    const last = this.#lastWritten ?? 0;
    // Its own numbers are the permits' as well: what an earlier controller had it judge is voided too.
    const judged = this.#drive.bits === 32 ? (this.#status?.judged ?? 0) : last;
    this.#withdrawal.ask(null, isNewer(judged, last) ? judged : last);
  }

  opened(): void {
    this.#withdrawal.submit();
  }

  lost(nowNs: number): void {
    if (this.#command.name === "undecided") this.#toDoubt(this.#command.id, nowNs);
    this.#withdrawal.lost();
    this.#status = null;
    this.#moved("unknown");
  }

  sampled(image: DeviceImage, at: ReplyTimes): void {
    const { status, statusFrom } = this.#drive;
    // Most of what is new on a device is so of another gate.
    if (!this.#takeWords(image.table(statusFrom), status) && this.isAtRest) return;
    this.#isReadApart = false;
    this.#observe(statusOf(this.#sampledWords, 0, this.#format), at);
    this.#withdrawal.submit();
  }

  /** True: they are not those of the poll before. */
  #takeWords(registers: Uint16Array, from: number): boolean {
    let isNews = false;
    for (let i = 0; i < this.#sampledWords.length; i += 1) {
      const word = registers[from + i] ?? 0;
      if (word !== this.#sampledWords[i]) isNews = true;
      this.#sampledWords[i] = word;
    }
    return isNews;
  }

  tested(): void {
    this.#settle();
  }

  #commandOwner(id: number): JobOwner {
    return {
      answered: (reply, { nowNs, wasOverdue }) => {
        this.#lastWritten = id;
        if (reply.kind === "exception") return this.#refused(id, { reply, nowNs, wasOverdue });
        if (wasOverdue) return;
        this.#command = { name: "undecided", id, writtenNs: nowNs };
        this.#host.channels.hold(this.gateId, this.gateId);
        this.#askVerdict();
      },
      overdue: (nowNs) => this.#toDoubt(id, nowNs),
      probed: (reply, times) => this.#read(reply, times),
      lost: (nowNs) => this.#toDoubt(id, nowNs),
    };
  }

  #askVerdict(): void {
    const request = statusRequest(this.#drive);
    const owner: JobOwner = {
      answered: (reply, times) => this.#read(reply, times),
      // The verdict also stands in every poll; nothing hangs on this one reply.
      overdue: () => {},
      probed: (reply, times) => this.#read(reply, times),
      lost: () => {},
    };
    this.#host.add("readBack", { purpose: owner, request, probe: request });
  }

  #read(reply: BusReply, times: ReplyTimes): void {
    this.#isReadApart = true;
    if (reply.kind === "values") this.#observe(statusOf(reply.values, 0, this.#format), times);
    else if (reply.kind === "exception")
      this.#host.complain(`gate ${this.gateId}: status refused with ${exceptionText(reply)}`);
  }

  #observe(status: MailboxStatus, { sentNs, nowNs }: ReplyTimes): void {
    this.#status = status;
    if (this.#sequences.heard(status.judged)) this.#withdrawal.ask(null, 0);
    this.#judge(status, { sentNs, nowNs });
    if (!status.isArmed) this.#host.tripped();
    this.#moved(status.position);
    if (status.position === "home") this.#withdrawal.seenHome(sentNs);
  }

  #judge(status: MailboxStatus, { sentNs, nowNs }: ReplyTimes): void {
    const command = this.#command;
    if (command.name === "undecided" && sentNs >= command.writtenNs) {
      const judged = this.#sequences.compare(status.judged, command.id);
      if (judged === "same") return this.#decided(command.id, status.isAccepted ? "done" : "refused");
      // A newer one has been judged: this one never will be carried out.
      if (judged === "newer") return this.#decided(command.id, "refused");
      if (nowNs - command.writtenNs > this.#host.timeoutNs) this.#toDoubt(command.id, nowNs);
    } else if (command.name === "doubt" && sentNs >= command.sinceNs) {
      if (this.#sequences.compare(status.judged, command.id) !== "older") this.#settle();
      else if (!this.#withdrawal.covers(command.id)) this.#withdrawal.ask(null, command.id);
    }
  }

  #decided(id: number, outcome: "done" | "refused"): void {
    this.#settle();
    this.#host.emit({ kind: "command", id, outcome });
    if (outcome === "done") this.#withdrawal.superseded(id);
  }

  /** The device answered that it did not take the command, or a gateway that it does not know. */
  #refused(id: number, o: { reply: Refusal; nowNs: number; wasOverdue: boolean }): void {
    this.#host.complain(`gate ${this.gateId}: command ${id} refused with ${exceptionText(o.reply)}`);
    if (doubtAfter(o.reply.code) !== "none") {
      if (!o.wasOverdue) this.#toDoubt(id, o.nowNs);
      return;
    }
    if (o.wasOverdue) return this.#settle();
    this.#host.emit({ kind: "command", id, outcome: "refused" });
  }

  #toDoubt(id: number, nowNs: number): void {
    this.#lastWritten = id;
    this.#command = { name: "doubt", id, sinceNs: nowNs };
    this.#host.emit({ kind: "command", id, outcome: "inDoubt" });
  }

  #settle(): void {
    this.#command = { name: "idle" };
    this.#host.channels.release(this.gateId, this.gateId);
  }

  /** What is voided is never carried out, however late it arrives: that settles a doubt over any connection (law 6). */
  #voided(upTo: number): void {
    if (this.#command.name === "doubt" && !isNewer(this.#command.id, upTo)) this.#settle();
  }

  #moved(position: GatePosition): void {
    if (position === this.position) return;
    this.position = position;
    this.#host.emit({ kind: "gate", gateId: this.gateId, position });
  }
}
