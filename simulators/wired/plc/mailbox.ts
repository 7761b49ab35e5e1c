// One gate's mailbox in the PLC: judges each command when it arrives and brings the gate home by itself.
import type { PlcGatePlan, PlcTerminals } from "../terminals.ts";
import { highWord, isNewer, isWithin, lowWord, u32 } from "./serial-number.ts";

export const COMMAND_REGISTERS = 10;
export const VOID_REGISTERS = 2;
export const MAILBOX_REGISTERS = COMMAND_REGISTERS + VOID_REGISTERS;
export const STATUS_REGISTERS = 4;

export const VERDICT = { none: 0, accepted: 1, outsideWindow: 2, stale: 3, voided: 4, fault: 5 } as const;
export type Verdict = (typeof VERDICT)[keyof typeof VERDICT];

/** A counter at rest may go back and forth by an edge or two of its wheel. */
export const BACKLASH_COUNTS = 10;

const STATUS_BIT = { home: 1, out: 2, fault: 4, armed: 8 } as const;

/** A command as it stands in holding registers 0..9. */
export interface MailboxCommand {
  sequence: number;
  position: number;
  fromCount: number;
  untilCount: number;
  homeAtCount: number;
  maxOutMs: number;
}

export type MailboxPlan = Extract<PlcGatePlan, { kind: "mailbox" }>;

export class Mailbox {
  readonly plan: MailboxPlan;
  readonly #terminals: PlcTerminals;
  readonly #counter: number;
  #newest: number | null = null;
  #voidedUpTo: number | null = null;
  #last = { sequence: 0, verdict: VERDICT.none as Verdict };
  #out: (MailboxCommand & { sinceNs: number; latestCount: number }) | null = null;

  constructor(plan: MailboxPlan, terminals: PlcTerminals, counter: number) {
    this.plan = plan;
    this.#terminals = terminals;
    this.#counter = counter;
  }

  /** Inputs must be fresh (`refresh`): the belt's count is compared as it is at this moment. */
  judge(command: MailboxCommand, at: { nowNs: number; armed: boolean }): Verdict {
    const verdict = this.#verdictOn(command, at.armed);
    this.#last = { sequence: command.sequence, verdict };
    if (this.#newest === null || isNewer(command.sequence, this.#newest)) this.#newest = command.sequence;
    if (verdict !== VERDICT.accepted) return verdict;
    this.#out = { ...command, sinceNs: at.nowNs, latestCount: this.#count() };
    this.#drive();
    return verdict;
  }

  /** A withdrawal: nothing up to this sequence is carried out any more, and what it had brought out goes home. */
  voidUpTo(sequence: number): void {
    if (this.#voidedUpTo === null || isNewer(sequence, this.#voidedUpTo)) this.#voidedUpTo = sequence;
    if (this.#out !== null && !isNewer(this.#out.sequence, sequence)) this.goHome();
  }

  goHome(): void {
    this.#out = null;
    this.#drive();
  }

  /** Once a PLC cycle, inputs fresh. */
  scan(nowNs: number): void {
    const out = this.#out;
    if (out === null) return;
    const passed = hasWindow(out) && (this.#fellBack(out) || !isNewer(out.homeAtCount, this.#count()));
    if (passed || nowNs - out.sinceNs >= out.maxOutMs * 1e6) this.goHome();
    else this.follow();
  }

  /** Cycles in which nothing but the count has changed, inputs as of the last of them. */
  follow(): void {
    if (this.#out !== null && !this.#fellBack(this.#out)) this.#out.latestCount = this.#count();
  }

  /** A counter that falls back while the belt runs on would keep the gate out until the belt has caught up with it. */
  #fellBack({ latestCount }: { latestCount: number }): boolean {
    const backBy = (latestCount - this.#count()) >>> 0;
    return backBy > BACKLASH_COUNTS && backBy < 0x8000_0000;
  }

  /** What its next cycle waits for: a time, or counts of its belt; null: nothing, it is not out. */
  get awaits(): { untilNs: number; counter: number; counts: number } | null {
    const out = this.#out;
    if (out === null) return null;
    const counts = hasWindow(out) ? (out.homeAtCount - this.#count()) >>> 0 : Number.POSITIVE_INFINITY;
    return { untilNs: out.sinceNs + out.maxOutMs * 1e6, counter: this.#counter, counts };
  }

  status(armed: boolean): number[] {
    const home = this.#terminals.input(this.plan.homeTerminal);
    const out = this.#terminals.input(this.plan.outTerminal);
    const bits =
      (home ? STATUS_BIT.home : 0) |
      (out ? STATUS_BIT.out : 0) |
      (home && out ? STATUS_BIT.fault : 0) |
      (armed ? STATUS_BIT.armed : 0);
    return [highWord(this.#last.sequence), lowWord(this.#last.sequence), this.#last.verdict, bits];
  }

  #verdictOn(command: MailboxCommand, armed: boolean): Verdict {
    if (!armed) return VERDICT.fault;
    if (this.#voidedUpTo !== null && !isNewer(command.sequence, this.#voidedUpTo)) return VERDICT.voided;
    if (this.#newest !== null && !isNewer(command.sequence, this.#newest)) return VERDICT.stale;
    if (!this.plan.positions.some(({ code }) => code === command.position)) return VERDICT.fault;
    const window = { from: command.fromCount, until: command.untilCount };
    return isWithin(this.#count(), window) ? VERDICT.accepted : VERDICT.outsideWindow;
  }

  #count(): number {
    return this.#terminals.counter(this.#counter);
  }

  #drive(): void {
    for (const { code, terminal } of this.plan.positions)
      this.#terminals.output(terminal, this.#out?.position === code);
  }
}

/** The whole circle means a belt without an encoder: only `maxOutMs` ends it. */
const hasWindow = (command: MailboxCommand): boolean => (command.untilCount - command.fromCount) >>> 0 !== 0xffff_ffff;

export function commandOf(registers: readonly number[]): MailboxCommand {
  const word = (index: number): number => registers[index] ?? 0;
  return {
    sequence: u32(word(0), word(1)),
    position: word(2),
    fromCount: u32(word(3), word(4)),
    untilCount: u32(word(5), word(6)),
    homeAtCount: u32(word(7), word(8)),
    maxOutMs: word(9),
  };
}
