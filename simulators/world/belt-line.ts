// One belt with all that lies on it: parcels are fed, pass scanners and eyes, are swept by gates, or reach the safe end.
import type { BeltEvents } from "./belt-events.ts";
import { BeltMotion } from "./belt-motion.ts";
import { Drive } from "./drive.ts";
import { GateMotion } from "./gate-motion.ts";
import type { ParcelPlan } from "./parcel.ts";
import type { BeltPlan } from "./plan.ts";
import type { Random } from "./random.ts";
import { carry, type Move, moveOf, type Rider, stepsToNext } from "./rider.ts";

const ROOM_AT_INFEED_UM = 100_000;

export class BeltLine {
  readonly plan: BeltPlan;
  readonly motion: BeltMotion;
  readonly drive: Drive;
  readonly gates: readonly GateMotion[];
  #riders: Rider[] = [];
  /** Travel in skipped steps that no rider has been carried by yet. */
  #owedUm = 0;
  infeedPermitted = false;
  readonly #random: Random;
  readonly #nextParcel: () => ParcelPlan | null;
  readonly #events: BeltEvents;
  readonly #looksAtAll: boolean;
  #waiting: ParcelPlan | null = null;
  /** The source has said that no more will come. */
  #isExhausted = false;
  /** No front comes onto the belt before this travel: the infeed was shut, or nothing waited, up to it. */
  #feedFromUm = 0;
  /** Belt travel at which the last front came onto the belt. */
  #lastFeedUm = -Infinity;
  #lastFedLengthUm = 0;
  /** Nothing gets past this place; null: the belt is free. */
  #jamUm: number | null = null;
  /** What a hand is about to put onto the belt, as soon as there is room for it. */
  #inHand: { plan: ParcelPlan; atUm: number }[] = [];

  /** @param o.looksAtAll every parcel is looked at in every step: the check of those that are not */
  constructor(o: {
    plan: BeltPlan;
    random: Random;
    nextParcel: () => ParcelPlan | null;
    events: BeltEvents;
    looksAtAll: boolean;
  }) {
    this.#looksAtAll = o.looksAtAll;
    this.plan = o.plan;
    this.motion = new BeltMotion(o.plan);
    this.drive = new Drive(o.plan.startAfterNs);
    this.gates = o.plan.gates.map((gate) => new GateMotion(gate));
    this.#random = o.random;
    this.#nextParcel = o.nextParcel;
    this.#events = o.events;
  }

  /** Downstream first. */
  get riders(): readonly Rider[] {
    this.#carryAll();
    return this.#riders;
  }

  /** @param fromNs begin of the step, which ends at `fromNs + stepNs` */
  step(fromNs: number, stepNs: number): void {
    const atNs = fromNs + stepNs;
    this.drive.step(atNs, { stands: this.motion.speedUmPerS === 0 });
    this.#swing(stepNs, atNs);
    const travelledUm = this.motion.step(stepNs, this.drive.isOn);
    // `remove` makes a new list, so that riders may leave while this one is gone through.
    let limitUm = this.#jamUm;
    for (const rider of this.riders) {
      const fromUm = rider.frontUm;
      carry(rider, travelledUm);
      if (limitUm !== null && fromUm <= limitUm && rider.frontUm >= limitUm) {
        rider.frontUm = limitUm;
        limitUm -= rider.plan.lengthUm;
      }
      if (rider.frontUm < rider.nextUm) continue;
      const move = moveOf({ fromUm, toUm: rider.frontUm, fromNs, stepNs });
      this.#events.moved(rider, move);
      if (!this.riders.includes(rider)) continue; // A person took it off.
      this.#sweep(rider, move, atNs);
      if (rider.frontUm - rider.plan.lengthUm >= this.plan.lengthUm) this.#overEnd(rider, move);
    }
    this.#feed(fromNs, stepNs, travelledUm);
    this.#putDown(atNs);
    if (this.#looksAtAll) return;
    for (const rider of this.riders) if (rider.frontUm >= rider.nextUm) rider.nextUm = this.#nextUm(rider);
  }

  /** An incident or a hand changed something: what is next for each parcel is no longer known. */
  lookAgain(): void {
    for (const rider of this.riders) rider.nextUm = 0;
  }

  /**
   * Whole steps from now in which nothing happens but that everything moves on evenly: no edge of a parcel comes to a
   * place that matters, no gate passes one of its marks, nothing is fed.
   */
  quietSteps(stepNs: number): number {
    const stands = this.motion.speedUmPerS === 0;
    if (!this.drive.isQuiet({ stands }) || !this.motion.isSteady(this.drive.isOn)) return 0;
    if (this.#waiting === null && !this.#isExhausted) return 0;
    if (this.#jamUm !== null || this.#inHand.length > 0) return 0;
    let steps = Number.POSITIVE_INFINITY;
    for (const gate of this.gates) steps = Math.min(steps, gate.quietSteps(stepNs));
    const stepUm = this.motion.stepUm(stepNs);
    if (stepUm === 0) {
      for (const rider of this.riders) if (rider.nextUm === 0) return 0;
      return steps;
    }
    steps = Math.min(steps, stepsToNext(this.riders, stepUm));
    if (this.#waiting !== null && this.infeedPermitted) {
      const dueUm = this.#dueUm(this.#waiting);
      steps = Math.min(steps, Math.ceil((dueUm - this.motion.travelUm) / stepUm) - 1);
    }
    return Math.max(0, steps);
  }

  /** As many steps as `quietSteps` allows, all at once. */
  skip(steps: number, stepNs: number): void {
    for (const gate of this.gates) gate.step(steps * stepNs);
    const travelledUm = this.motion.skip(steps, stepNs);
    this.#owedUm += travelledUm;
    if (this.#waiting === null || !this.infeedPermitted) this.#holdFeed();
  }

  /** A parcel covers the beam; one that a gate holds reaches no further than the gate. */
  isDark(atUm: number): boolean {
    for (const { frontUm, plan, taken } of this.riders) {
      if (frontUm < atUm || frontUm - plan.lengthUm >= atUm) continue;
      if (taken === null || taken.gate.plan.atUm + taken.gate.plan.sweptUm >= atUm) return true;
    }
    return false;
  }

  /** Nothing is on the belt and nothing more will come. */
  get isDone(): boolean {
    this.#waiting ??= this.#takeNext();
    return this.riders.length === 0 && this.#waiting === null;
  }

  /** Length of the parcel that was fed last, µm. */
  get lastFedLengthUm(): number {
    return this.#lastFedLengthUm;
  }

  /** Parcels stick at a place and pile up behind it, until it is free again (null). */
  jam(atUm: number | null): void {
    this.#jamUm = atUm;
    this.lookAgain();
  }

  /** A hand puts a parcel down with its front at a place, as soon as no other lies there. */
  putOn(plan: ParcelPlan, atUm: number): void {
    this.#inHand.push({ plan, atUm });
  }

  /** A person lifts it over the belt's end. */
  liftOver(rider: Rider, atNs: number): void {
    this.remove(rider);
    this.#events.left(rider, { chuteId: this.plan.safeEndChuteId, gateId: null, frontNs: atNs, passedNs: atNs });
  }

  remove(rider: Rider): void {
    this.#riders = this.#riders.filter((other) => other !== rider);
  }

  #carryAll(): void {
    if (this.#owedUm === 0) return;
    for (const rider of this.#riders) carry(rider, this.#owedUm);
    this.#owedUm = 0;
  }

  #takeNext(): ParcelPlan | null {
    if (this.#isExhausted) return null;
    const next = this.#nextParcel();
    if (next === null) this.#isExhausted = true;
    return next;
  }

  /** The next place of its front at which an eye changes, or a gate, a scanner or the belt's end has something with it. */
  #nextUm(rider: Rider): number {
    const { frontUm, plan, taken } = rider;
    let nextUm = Math.min(this.plan.lengthUm + plan.lengthUm, this.#events.nextPlaceUm(rider));
    const reach = (atUm: number): void => {
      if (atUm > frontUm && atUm < nextUm) nextUm = atUm;
    };
    for (const { atUm } of this.plan.eyes) {
      reach(atUm);
      reach(atUm + plan.lengthUm);
    }
    for (const gate of this.gates) if (gate.sweepsInto !== null) reach(gate.plan.atUm);
    if (taken !== null) reach(taken.gate.plan.atUm + plan.lengthUm);
    return nextUm;
  }

  #swing(stepNs: number, atNs: number): void {
    for (const gate of this.gates) {
      const before = gate.sweepsInto;
      gate.step(stepNs);
      if (gate.sweepsInto === before) continue;
      this.#events.swung(gate.plan.id, gate.sweepsInto, atNs);
      this.#lookAtGate(gate);
    }
  }

  /** Whom a gate that swings concerns: out, who lies in its zone now and who comes to it; home, whom it held. */
  #lookAtGate(gate: GateMotion): void {
    const { atUm, sweptUm } = gate.plan;
    for (const rider of this.riders) {
      if (gate.sweepsInto === null) {
        if (rider.taken?.gate === gate) rider.nextUm = 0;
      } else if (rider.frontUm < atUm) rider.nextUm = Math.min(rider.nextUm, atUm);
      else if (rider.frontUm - rider.plan.lengthUm <= atUm + sweptUm) rider.nextUm = 0;
    }
  }

  /** A gate more than half out takes what overlaps its zone, and keeps it if it stays so until the tail has passed. */
  #sweep(rider: Rider, move: Move, atNs: number): void {
    const tailUm = rider.frontUm - rider.plan.lengthUm;
    if (rider.taken === null) {
      for (const gate of this.gates) {
        const { atUm, sweptUm } = gate.plan;
        const chuteId = gate.sweepsInto;
        if (chuteId === null || rider.frontUm < atUm || tailUm > atUm + sweptUm) continue;
        const isMet = move.fromUm < atUm;
        const caughtUm = isMet ? 0 : rider.frontUm - atUm;
        rider.taken = { gate, chuteId, frontNs: isMet ? move.crossedNs(atUm) : atNs, caughtUm };
        break;
      }
    }
    if (rider.taken === null) return;
    const { gate, chuteId, frontNs, caughtUm } = rider.taken;
    if (gate.sweepsInto !== chuteId) {
      rider.taken = null;
      this.#events.bounced(rider, gate.plan.id, atNs);
    } else if (tailUm >= gate.plan.atUm) {
      this.remove(rider);
      const passedNs = move.crossedNs(gate.plan.atUm + rider.plan.lengthUm);
      this.#events.left(rider, { chuteId, gateId: gate.plan.id, frontNs, passedNs, caughtUm });
    }
  }

  #overEnd(rider: Rider, move: Move): void {
    if (!this.riders.includes(rider)) return; // A gate at the very end took it in this step.
    this.remove(rider);
    const passedNs = move.crossedNs(this.plan.lengthUm + rider.plan.lengthUm);
    this.#events.left(rider, { chuteId: this.plan.safeEndChuteId, gateId: null, frontNs: passedNs, passedNs });
  }

  #putDown(atNs: number): void {
    if (this.#inHand.length === 0) return;
    const overlaps = (plan: ParcelPlan, atUm: number): boolean =>
      this.riders.some((rider) => rider.frontUm > atUm - plan.lengthUm && rider.frontUm - rider.plan.lengthUm < atUm);
    this.#inHand = this.#inHand.filter(({ plan, atUm }) => {
      if (overlaps(plan, atUm)) return true;
      const rider: Rider = { plan, frontUm: atUm, taken: null, slipUmPerM: 0, slipRest: 0, nextUm: 0 };
      const behind = this.#riders.findIndex((other) => other.frontUm < atUm);
      this.#riders.splice(behind === -1 ? this.#riders.length : behind, 0, rider);
      this.#events.added(rider, atNs);
      return false;
    });
  }

  /** The next front comes exactly its pitch behind the last; after a pause, at once. */
  #feed(fromNs: number, stepNs: number, travelledUm: number): void {
    const travelUm = this.motion.travelUm;
    this.#waiting ??= this.#takeNext();
    if (this.#waiting === null || !this.infeedPermitted || this.#isPiledUp()) return this.#holdFeed();
    const dueUm = this.#dueUm(this.#waiting);
    if (travelledUm === 0 || travelUm < dueUm) return;
    const plan = this.#waiting;
    this.#waiting = null;
    this.#lastFeedUm = dueUm;
    this.#lastFedLengthUm = plan.lengthUm;
    const slipUmPerM =
      this.plan.slipUmPerM === 0 ? 0 : this.#random.integer(-this.plan.slipUmPerM, this.plan.slipUmPerM);
    const rider: Rider = { plan, frontUm: travelUm - dueUm, taken: null, slipUmPerM, slipRest: 0, nextUm: 0 };
    this.#riders.push(rider);
    const beforeUm = travelUm - travelledUm;
    this.#events.fed(rider, fromNs + Math.floor((Math.max(0, dueUm - beforeUm) * stepNs) / travelledUm));
  }

  /** A jam has grown back to the infeed: there is no room for another parcel. */
  #isPiledUp(): boolean {
    const last = this.#jamUm === null ? undefined : this.riders.at(-1);
    return last !== undefined && last.frontUm < last.plan.lengthUm + ROOM_AT_INFEED_UM;
  }

  #holdFeed(): void {
    this.#feedFromUm = Math.max(this.#feedFromUm, this.motion.travelUm);
  }

  /** Belt travel at which the next front comes. */
  #dueUm(waiting: ParcelPlan): number {
    return Math.max(this.#feedFromUm, this.#lastFeedUm + waiting.pitchUm);
  }
}
