// The part of a PLC that tracks parcels itself: makes them at its eye, takes destinations, moves gates, reports ends.
import type { PlcTerminals, TrackerPlan } from "../terminals.ts";
import { isNewer, u32 } from "./serial-number.ts";
import { TrackerBoard } from "./tracker-board.ts";
import { EARLY, type Parcel, sentInto, type TrackerTrouble, type Way } from "./tracker-parcel.ts";

export type { TrackerTrouble };

export const TELEGRAM_REGISTERS = 7;
export const DESTINATION = { accepted: 1, tooLate: 2, stale: 3, unknownParcel: 4, refused: 5 } as const;
export const HOW = { seen: 1, unseen: 2, lost: 3 } as const;
/** Nobody knows where. */
export const NOWHERE = 0xffff;
const SAFE_END = 0;

export interface TrackerEvents {
  /** A telegram has been accepted that was not before. */
  accepted(o: { gateId: string; sequence: number; count: number; atNs: number }): void;
}

/** Past the end, or past its slide, by so much: nobody will see it any more. */
const LOST_UM = 1_000_000;
const SLIDE_SLACK_NS = 500_000_000;
/** A front this far from where it should be is another's. */
const TOLERANCE_UM = 100_000;

export class Tracker {
  readonly trouble: TrackerTrouble = { isMute: false, isDeaf: false, misdivertsNext: false, reportsTwice: false };
  readonly #plan: TrackerPlan;
  readonly #terminals: PlcTerminals;
  readonly #counter: number;
  readonly #events: TrackerEvents;
  readonly board: TrackerBoard;
  #parcels: Parcel[] = [];
  #lastNumber = 0;
  readonly #dark = new Map<number, boolean>();
  /** For which chute each gate is out; null: home. */
  readonly #out = new Map<string, number | null>();
  readonly #ways: ReadonlyMap<number, Way>;

  /** @param o.session another one than at any start before */
  constructor(o: {
    plan: TrackerPlan;
    terminals: PlcTerminals;
    counter: number;
    session: number;
    events: TrackerEvents;
  }) {
    this.#plan = o.plan;
    this.#terminals = o.terminals;
    this.#counter = o.counter;
    this.#events = o.events;
    this.board = new TrackerBoard(o.plan.slots, o.session);
    this.#ways = new Map(
      o.plan.gates.flatMap((gate) => gate.chutes.map((chute) => [chute.code, { gate, chute }] as const)),
    );
  }

  /** One PLC cycle, inputs fresh. */
  scan(nowNs: number, armed: boolean): void {
    if (!armed) this.dropDestinations();
    this.#look(this.#plan.induction.terminal, (isDark) => (isDark ? this.#came() : this.#passed()));
    for (const parcel of this.#parcels) this.#decide(parcel, nowNs);
    this.#drive(armed);
    for (const gate of this.#plan.gates)
      for (const chute of gate.chutes)
        if (chute.eyeTerminal !== null)
          this.#look(chute.eyeTerminal, (isDark) => isDark && this.#arrived(chute.code, nowNs));
    this.#look(this.#plan.end.terminal, (isDark) => isDark && this.#atEnd());
    for (const parcel of [...this.#parcels]) this.#giveUp(parcel, nowNs);
  }

  /** The watchdog has tripped: whoever is not past the last word goes to the safe end. */
  dropDestinations(): void {
    for (const parcel of this.#parcels) {
      if (parcel.final !== null) this.#release(parcel, parcel.final);
      if (parcel.final !== null || parcel.code === SAFE_END) continue;
      parcel.code = SAFE_END;
      parcel.told.verdict = DESTINATION.refused;
    }
  }

  /** Its gate falls: what it had taken is gone already, the rest rides on. */
  #release(parcel: Parcel, way: Way): void {
    const frontUm = this.#frontUm(parcel);
    if (frontUm - (parcel.lengthUm ?? 0) >= way.gate.atUm) {
      parcel.isThrough = true;
      return;
    }
    parcel.perhaps = frontUm >= way.gate.atUm ? way : null;
    parcel.final = null;
    parcel.code = SAFE_END;
    parcel.atGateNs = null;
  }

  /** It starts anew and knows nobody; its reports are numbered from 1 again. */
  forget(session: number): void {
    this.#parcels = [];
    this.#lastNumber = 0;
    this.board.restart(session);
    this.#drive(false);
  }

  /** Judges a telegram at once; inputs must be fresh. */
  telegram(values: readonly number[], at: { nowNs: number; armed: boolean }): void {
    if (this.trouble.isDeaf) return;
    const word = (index: number): number => values[index] ?? 0;
    const sequence = u32(word(0), word(1));
    const [id, code, untilCount] = [u32(word(2), word(3)), word(4), u32(word(5), word(6))];
    if (id === 0) return this.#recallAll(sequence);
    const parcel = this.#parcels.find((each) => each.id === id);
    const verdict =
      parcel === undefined ? DESTINATION.unknownParcel : this.#judge(parcel, { sequence, code, untilCount, ...at });
    if (!this.trouble.isMute) this.board.verdict(sequence, verdict);
  }

  #recallAll(sequence: number): void {
    for (const parcel of this.#parcels) {
      if (parcel.final !== null || parcel.code === SAFE_END || isNewer(parcel.told.sequence, sequence)) continue;
      parcel.code = SAFE_END;
      parcel.told.verdict = DESTINATION.refused;
    }
    if (!this.trouble.isMute) this.board.verdict(sequence, DESTINATION.accepted);
  }

  /** Each number of a telegram is judged once for its parcel; a copy gets the same answer. */
  #judge(
    parcel: Parcel,
    o: { sequence: number; code: number; untilCount: number; nowNs: number; armed: boolean },
  ): number {
    const { told } = parcel;
    if (o.sequence === told.sequence) return told.verdict;
    if (told.sequence !== 0 && !isNewer(o.sequence, told.sequence)) return DESTINATION.stale;
    const verdict = this.#verdictOn(parcel, o);
    parcel.told = { sequence: o.sequence, verdict };
    if (verdict !== DESTINATION.accepted) return verdict;
    parcel.code = o.code;
    const way = this.#ways.get(o.code);
    const { sequence, nowNs: atNs } = o;
    if (way !== undefined) this.#events.accepted({ gateId: way.gate.gateId, sequence, count: this.#count(), atNs });
    return verdict;
  }

  #verdictOn(parcel: Parcel, o: { code: number; untilCount: number; armed: boolean }): number {
    if (parcel.final !== null) return DESTINATION.tooLate;
    if (o.code === SAFE_END) return DESTINATION.accepted;
    const way = this.#ways.get(o.code);
    if (!o.armed || way === undefined) return DESTINATION.refused;
    const isExpired = isNewer(this.#count(), o.untilCount);
    return isExpired || this.#frontUm(parcel) >= way.gate.atUm - way.gate.finalUm
      ? DESTINATION.tooLate
      : DESTINATION.accepted;
  }

  /** What its next cycle waits for: a time, or counts of its belt; null: nothing. */
  get awaits(): { untilNs: number; counts: number } | null {
    let untilNs = Number.POSITIVE_INFINITY;
    let nextUm = Number.POSITIVE_INFINITY;
    for (const parcel of this.#parcels) {
      const frontUm = this.#frontUm(parcel);
      for (const placeUm of this.#placesOf(parcel)) if (placeUm > frontUm) nextUm = Math.min(nextUm, placeUm - frontUm);
      if (parcel.atGateNs !== null) untilNs = Math.min(untilNs, this.#slidUntilNs(parcel));
    }
    if (nextUm === Number.POSITIVE_INFINITY && untilNs === nextUm) return null;
    return {
      untilNs,
      counts: nextUm === Number.POSITIVE_INFINITY ? nextUm : Math.ceil(nextUm / this.#plan.umPerCount),
    };
  }

  #placesOf(parcel: Parcel): number[] {
    const way = parcel.final ?? this.#ways.get(parcel.code);
    const lostUm = this.#plan.end.atUm + LOST_UM;
    if (way === undefined) return [lostUm];
    const { atUm, sweptUm, finalUm, moveUm } = way.gate;
    return [atUm - finalUm, atUm - moveUm, atUm, atUm + sweptUm + (parcel.lengthUm ?? 0), lostUm];
  }

  #came(): void {
    this.#lastNumber = (this.#lastNumber + 1) & 0xffff;
    const id = u32(this.board.session, this.#lastNumber);
    const told = { sequence: 0, verdict: 0 };
    const start = { lengthUm: null, code: SAFE_END, final: null, atGateNs: null, perhaps: null };
    const todo = { isThrough: false, isServed: false };
    this.#parcels.push({ id, originCount: this.#count(), told, ...start, ...todo });
    this.#report({ kind: 1, id, value: this.#count(), code: 0 });
  }

  #passed(): void {
    const parcel = this.#parcels.at(-1);
    if (parcel === undefined || parcel.lengthUm !== null) return;
    parcel.lengthUm = this.#frontUm(parcel) - this.#plan.induction.atUm;
    this.#report({ kind: 2, id: parcel.id, value: this.#count(), code: 0 });
  }

  /** Says the last word on a parcel when it is due, and notes when it comes to its gate. */
  #decide(parcel: Parcel, nowNs: number): void {
    const frontUm = this.#frontUm(parcel);
    const way = this.#ways.get(parcel.code);
    if (parcel.final === null && way !== undefined && frontUm >= way.gate.atUm - way.gate.finalUm)
      parcel.final = this.trouble.misdivertsNext ? this.#anotherWay(way) : way;
    if (parcel.final !== null && parcel.atGateNs === null && frontUm >= parcel.final.gate.atUm) parcel.atGateNs = nowNs;
  }

  #anotherWay(way: Way): Way {
    this.trouble.misdivertsNext = false;
    const later = this.#plan.gates.find(({ atUm }) => atUm > way.gate.atUm);
    const [chute] = later?.chutes ?? [];
    return later === undefined || chute === undefined ? way : { gate: later, chute };
  }

  /** A gate is out for the parcel that is in it or about to be. */
  #drive(armed: boolean): void {
    for (const gate of this.#plan.gates) {
      const served = this.#parcels.find(({ final, originCount, lengthUm, isThrough }) => {
        if (final?.gate !== gate || isThrough) return false;
        const frontUm = this.#frontUm({ originCount });
        const tailUm = frontUm - (lengthUm ?? 0);
        return frontUm >= gate.atUm - gate.moveUm && tailUm < gate.atUm + gate.sweptUm;
      });
      const code = armed && served !== undefined && this.#isInTime(served, gate) ? served.final?.chute.code : null;
      for (const chute of gate.chutes) this.#terminals.output(chute.terminal, chute.code === code);
      this.#out.set(gate.gateId, code ?? null);
    }
  }

  /** A cycle that came too late to have the gate out before its parcel lets that ride on. */
  #isInTime(parcel: Parcel, gate: Way["gate"]): boolean {
    const isOut = parcel.isServed || this.#out.get(gate.gateId) === parcel.final?.chute.code;
    parcel.isServed = isOut || this.#frontUm(parcel) <= gate.atUm - gate.moveUm / EARLY;
    if (!parcel.isServed) Object.assign(parcel, { final: null, code: SAFE_END, atGateNs: null });
    return parcel.isServed;
  }

  #arrived(code: number, nowNs: number): void {
    const sent = sentInto(this.#parcels, { code, nowNs });
    const perhaps = this.#parcels.find((parcel) => parcel.perhaps?.chute.code === code);
    this.#end(sent ?? perhaps, HOW.seen, code);
  }

  #atEnd(): void {
    const { atUm } = this.#plan.end;
    const near = this.#parcels.filter((parcel) => Math.abs(this.#frontUm(parcel) - atUm) <= TOLERANCE_UM);
    this.#end(near.length === 1 ? near[0] : undefined, HOW.seen, SAFE_END);
  }

  /** What nobody saw: sent into a chute without an eye, or gone. */
  #giveUp(parcel: Parcel, nowNs: number): void {
    const { final, atGateNs } = parcel;
    if (final !== null && atGateNs !== null && final.chute.eyeTerminal === null && nowNs >= this.#slidUntilNs(parcel))
      return this.#end(parcel, HOW.unseen, final.chute.code);
    if (this.#frontUm(parcel) >= this.#plan.end.atUm + LOST_UM) this.#end(parcel, HOW.lost, NOWHERE);
  }

  #slidUntilNs({ final, atGateNs }: Parcel): number {
    if (final === null || atGateNs === null || final.chute.eyeTerminal !== null) return Number.POSITIVE_INFINITY;
    return atGateNs + final.chute.slideMaxNs + SLIDE_SLACK_NS;
  }

  #end(parcel: Parcel | undefined, how: number, code: number): void {
    this.#parcels = this.#parcels.filter((other) => other !== parcel);
    this.#report({ kind: 3, id: parcel?.id ?? 0, value: how, code });
  }

  #report(report: { kind: number; id: number; value: number; code: number }): void {
    this.board.report(report);
    if (this.trouble.reportsTwice) this.board.report(report);
  }

  /** Calls back on each change of a beam; the first look at it is none. */
  #look(terminal: number, changed: (isDark: boolean) => void): void {
    const isDark = this.#terminals.input(terminal);
    const was = this.#dark.get(terminal);
    this.#dark.set(terminal, isDark);
    if (was !== undefined && was !== isDark) changed(isDark);
  }

  #frontUm({ originCount }: Pick<Parcel, "originCount">): number {
    return this.#plan.induction.atUm + ((this.#count() - originCount) >>> 0) * this.#plan.umPerCount;
  }

  #count(): number {
    return this.#terminals.counter(this.#counter);
  }
}
