// One gate's withdrawals: written before all else, kept over reconnections, told done when confirmed.
import type { Job, JobHost, JobOwner, ReplyTimes } from "../buses/job.ts";
import { isNewer } from "../buses/number-format.ts";
import { type BusReply, type BusRequest, exceptionText } from "../buses/request.ts";

export interface WithdrawalOptions {
  host: JobHost;
  request: (voidUpTo: number) => BusRequest;
  probe: BusRequest;
  /** It may be written together with the withdrawals of neighbouring gates. */
  isMergeable?: boolean;
  /** False: what has to be written is not known before the device was heard. Left out: it is. */
  isReady?: () => boolean;
  /** Does the probe's reply show the withdrawal as written? */
  isShownBy: (values: readonly number[], voidUpTo: number) => boolean;
  /** The device has it; called before it is confirmed. */
  written: (voidUpTo: number, nowNs: number) => void;
  /** The gate's home is seen, so that only that confirms (law 5). */
  hasHomeFeedback: boolean;
}

/**
 * waiting: for a connection or the next poll. queued: the bus has it. written: the device has it; its home is awaited.
 * Withdrawals are idempotent and only go to the safe side, so that one in doubt may be written again.
 */
type Step = "waiting" | "queued" | "written";

export class GateWithdrawal {
  readonly #options: WithdrawalOptions;
  #pending: { ids: Map<number, { isToldInDoubt: boolean }>; voidUpTo: number; step: Step; writtenNs: number } | null =
    null;

  constructor(options: WithdrawalOptions) {
    this.#options = options;
  }

  /** Nothing is owed to the device: none is waiting or unanswered. */
  get isWritten(): boolean {
    return this.#pending === null || this.#pending.step === "written";
  }

  get isIdle(): boolean {
    return this.#pending === null;
  }

  /** One is under way that voids this sequence too. */
  covers(sequence: number): boolean {
    return this.#pending !== null && !isNewer(sequence, this.#pending.voidUpTo);
  }

  /** `id` null: the driver's own, of which nobody is told. */
  ask(id: number | null, voidUpTo: number): void {
    const before = this.#pending;
    const newest = before !== null && isNewer(before.voidUpTo, voidUpTo) ? before.voidUpTo : voidUpTo;
    const ids = before?.ids ?? new Map();
    if (id !== null) ids.set(id, { isToldInDoubt: false });
    // One that is queued with an older limit is followed by another when it is answered.
    const step = before?.step === "queued" ? "queued" : "waiting";
    this.#pending = { ids, voidUpTo: newest, step, writtenNs: 0 };
    this.submit();
  }

  /** Puts a waiting one on the bus; called again with each poll, so that a refused one is not repeated in a rush. */
  submit(): void {
    const pending = this.#pending;
    if (pending?.step !== "waiting" || !this.#options.host.isOpen() || this.#options.isReady?.() === false) return;
    pending.step = "queued";
    this.#options.host.add("withdrawal", this.#job(pending.voidUpTo));
  }

  /** The connection ended: whatever was on it is written again on the next. */
  lost(): void {
    if (this.#pending !== null) this.#pending.step = "waiting";
  }

  /** A sample shows the gate at home. */
  seenHome(sentNs: number): void {
    if (this.#pending?.step === "written" && sentNs >= this.#pending.writtenNs) this.#confirm();
  }

  /** A newer permit has been taken by the device: the one before is no longer what the gate is commanded by. */
  superseded(id: number): void {
    if (this.#pending?.step === "written" && isNewer(id, this.#pending.voidUpTo)) this.#confirm();
  }

  #job(voidUpTo: number): Job {
    const { request, probe, isShownBy, host } = this.#options;
    const owner: JobOwner = {
      answered: (reply, { nowNs }) => {
        if (reply.kind === "written") return this.#taken(voidUpTo, nowNs);
        if (reply.kind === "exception") host.complain(`withdrawal refused with ${exceptionText(reply)}`);
        this.#inDoubt();
      },
      overdue: () => this.#inDoubt(),
      probed: (reply: BusReply, { nowNs }: ReplyTimes) => {
        if (reply.kind === "values" && isShownBy(reply.values, voidUpTo)) this.#taken(voidUpTo, nowNs);
        else this.submit();
      },
      lost: () => this.#inDoubt(),
    };
    return { purpose: owner, request: request(voidUpTo), probe, isMergeable: this.#options.isMergeable === true };
  }

  #taken(voidUpTo: number, nowNs: number): void {
    this.#options.written(voidUpTo, nowNs);
    const pending = this.#pending;
    if (pending === null) return;
    if (pending.voidUpTo !== voidUpTo) {
      pending.step = "waiting";
      return this.submit();
    }
    pending.step = "written";
    pending.writtenNs = nowNs;
    if (!this.#options.hasHomeFeedback) this.#confirm();
  }

  #inDoubt(): void {
    const pending = this.#pending;
    if (pending === null) return;
    if (pending.step === "queued") pending.step = "waiting";
    for (const [id, told] of pending.ids) {
      if (told.isToldInDoubt) continue;
      told.isToldInDoubt = true;
      this.#options.host.emit({ kind: "withdrawal", id, outcome: "inDoubt" });
    }
  }

  #confirm(): void {
    const ids = [...(this.#pending?.ids.keys() ?? [])];
    this.#pending = null;
    for (const id of ids) this.#options.host.emit({ kind: "withdrawal", id, outcome: "done" });
  }
}
