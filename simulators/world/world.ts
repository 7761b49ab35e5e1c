// The physical line: belts, gates, chutes, customs' word and a person at the line, moved on in whole steps of one clock.
import type { Departure } from "./belt-events.ts";
import { BeltLine } from "./belt-line.ts";
import { Chute } from "./chute.ts";
import { CustomsWord } from "./customs-word.ts";
import type { Device } from "./device.ts";
import { type Incident, Incidents, isPlainlyReleased } from "./incidents.ts";
import type { ParcelPlan, ParcelSource } from "./parcel.ts";
import { known } from "./parts.ts";
import type { BeltPlan, WorldPlan } from "./plan.ts";
import { createRandom } from "./random.ts";
import { legibleOn, readTogether, wasReadWithAhead } from "./read-together.ts";
import type { Move, Rider } from "./rider.ts";
import { type ReadDue, ScannerEyes, type ScannerState } from "./scanner-eyes.ts";
import { Strides } from "./strides.ts";
import { type FeedReport, Ledger, type ParcelTruth, type Statement, type Truth, type Writable } from "./truth.ts";
import { wireDevices } from "./wiring.ts";

/** Counted since time 0; a parcel counts in its chute from the moment at which nothing could stop it any more. */
export interface WorldCounts {
  fed: number;
  removed: number;
  perChute: Record<string, number>;
}

export class World {
  readonly plan: WorldPlan;
  #infeedShut = false;
  readonly #ledger: Ledger;
  readonly #customs: CustomsWord;
  readonly #incidents = new Incidents();
  readonly #belts = new Map<string, BeltLine>();
  readonly #chutes = new Map<string, Chute>();
  readonly #devices = new Map<string, Device>();
  readonly #infeedRelays = new Map<string, boolean>();
  readonly #riding = new Map<string, Writable<ParcelTruth>>();
  readonly #counts: WorldCounts = { fed: 0, removed: 0, perChute: {} };
  readonly #scanners: ScannerEyes;
  readonly #strides: Strides;

  /**
   * @param sources parcels by belt; a belt without one stays empty
   * @param o.kept parcels and swings whose truth is kept at most, the newest
   * @param o.everyStep no steps are taken at once: the check that nothing is lost where they are
   */
  constructor(
    plan: WorldPlan,
    sources: ReadonlyMap<string, ParcelSource>,
    o: { everyStep?: boolean; kept?: number } = {},
  ) {
    this.plan = plan;
    this.#ledger = new Ledger(plan, o.kept);
    this.#customs = new CustomsWord(this.#ledger, sources);
    const random = createRandom(plan.seed);
    this.#scanners = new ScannerEyes(random.fork("scanners"));
    for (const chute of plan.chutes) this.#chutes.set(chute.id, new Chute(chute, random.fork(chute.id)));
    for (const belt of plan.belts) {
      const line = new BeltLine({
        plan: belt,
        random: random.fork(belt.id),
        nextParcel: () => this.#nextParcel(belt.id),
        events: this.#eventsOf(belt),
        looksAtAll: o.everyStep ?? false,
      });
      this.#belts.set(belt.id, line);
    }
    this.#strides = new Strides({
      stepNs: plan.stepNs,
      belts: this.#belts,
      chutes: this.#chutes,
      devices: this.#devices,
      mayFeed: (beltId) => !this.#infeedShut && (this.#infeedRelays.get(beltId) ?? false),
      everyStep: o.everyStep ?? false,
    });
    const strides = this.#strides;
    const parts = { belts: this.#belts, chutes: this.#chutes, infeedRelays: this.#infeedRelays };
    wireDevices(plan, parts, { strides, devices: this.#devices });
  }

  /** A person keeps the infeed shut; what the relays allow does not matter then. */
  get infeedShut(): boolean {
    return this.#infeedShut;
  }

  set infeedShut(isShut: boolean) {
    this.#infeedShut = isShut;
    this.#strides.touched();
  }

  get nowNs(): number {
    return this.#strides.nowNs;
  }

  /** Moves everything on to the last whole step at or before `toNs`; earlier times change nothing. */
  advance(toNs: number): void {
    this.#strides.advance(toNs);
  }

  /** The next step at which more happens than even movement, if nothing is done to the world before. */
  get nextEventNs(): number {
    return this.#strides.nextEventNs;
  }

  /** When the next telegram is due that has not been taken; Infinity: none is under way. */
  get nextReadNs(): number {
    return this.#scanners.nextNs;
  }

  terminals(deviceId: string): Device {
    return known(this.#devices.get(deviceId), `device ${deviceId}`);
  }

  /** Telegrams due by now, in order of time; each is handed over once. */
  takeReads(): ReadDue[] {
    return this.#scanners.take(this.nowNs);
  }

  /** What customs has said since the last call. */
  takeStatements(): Statement[] {
    return this.#customs.take();
  }

  /** When the feed sent a statement and when it was acknowledged, in the world's time. */
  feedReport = (report: FeedReport): void => this.#ledger.feedReport(report);

  /** By now the line has to have been told of a statement. */
  hinted = (statementId: number, atNs: number): void => this.#ledger.hinted(statementId, atNs);

  incident(incident: Incident): void {
    if (incident.kind === "addByHand")
      this.#belt(incident.beltId).putOn(this.#incidents.stranger(incident), incident.atUm);
    else if (incident.kind === "testParcel") this.#belt(incident.beltId).putOn(this.#incidents.testParcel(incident), 0);
    else this.#incidents.add(incident);
    this.#strides.touched();
  }

  /** How often each kind of incident has found its parcel. */
  get befallen(): ReadonlyMap<string, number> {
    return this.#incidents.befallen;
  }

  /** Readings that failed because a scanner was weak or dead. */
  get spoiledReads(): number {
    return this.#scanners.spoiled;
  }

  scanner(scannerId: string, state: ScannerState): void {
    this.#scanners.become(scannerId, state);
  }

  /** What befalls a belt or its encoder, until it is told otherwise. */
  trouble(beltId: string, what: (belt: Pick<BeltLine, "drive" | "gates" | "jam" | "motion" | "riders">) => void): void {
    what(this.#belt(beltId));
    this.#strides.touched();
  }

  /** A person presses start at the line. */
  pressStart(beltId: string): void {
    this.#belt(beltId).drive.pressStart();
    this.#strides.touched();
  }

  /** A person puts everything into the safe end that lies at a place of the belt. */
  clear(beltId: string, atUm: number): void {
    for (const rider of this.#belt(beltId).riders) {
      if (rider.frontUm >= atUm && rider.frontUm - rider.plan.lengthUm <= atUm)
        this.#belt(beltId).liftOver(rider, this.nowNs);
    }
    this.#strides.touched();
  }

  /** A person changes a chute's container. */
  changeContainer(chuteId: string): void {
    this.#chute(chuteId).changeContainer();
    this.#strides.touched();
  }

  beltState(beltId: string): { speedUmPerS: number; travelUm: number; driven: boolean; riding: number } {
    const { motion, drive, riders } = this.#belt(beltId);
    return { speedUmPerS: motion.speedUmPerS, travelUm: motion.travelUm, driven: drive.isOn, riding: riders.length };
  }

  counts(): WorldCounts {
    return structuredClone(this.#counts);
  }

  /** Every parcel of a bounded traffic has been fed and has left its belt, and none slides any more. */
  get isDone(): boolean {
    const beltsDone = [...this.#belts.values()].every((belt) => belt.isDone);
    return beltsDone && [...this.#chutes.values()].every((chute) => chute.isQuiet);
  }

  truth(): Truth {
    for (const belt of this.#belts.values()) {
      for (const rider of belt.riders) this.#truthOf(rider).end = { kind: "onBelt", frontUm: rider.frontUm };
    }
    return this.#ledger.truth(this.nowNs);
  }

  /**
   * The truth of all that was over by `untilNs`; the world forgets it, so that a long run can be judged slice by slice.
   * What rides, or ended later, comes with a later slice, or with `truth` at the end.
   */
  takeTruth(untilNs: number): Truth {
    return this.#ledger.take(untilNs);
  }

  #nextParcel(beltId: string): ParcelPlan | null {
    const plan = this.#customs.next(beltId, this.nowNs);
    return plan === null ? null : this.#incidents.pitched(plan, this.#belt(beltId).lastFedLengthUm);
  }

  #eventsOf(belt: BeltPlan) {
    return {
      fed: (rider: Rider, atNs: number) => {
        rider.plan = this.#incidents.relabelled(rider.plan);
        this.#come(rider, atNs);
      },
      added: (rider: Rider, atNs: number) => {
        this.#incidents.note(rider.plan.fate === "test" ? "testParcel" : "addByHand");
        this.#come(rider, atNs);
      },
      nextPlaceUm: (rider: Rider) => {
        const { plan, frontUm } = rider;
        let nextUm = this.#customs.nextPlaceUm(plan.id, frontUm);
        nextUm = Math.min(nextUm, this.#incidents.nextPlaceUm(belt.id, frontUm));
        for (const { atUm } of belt.scanners) if (atUm > frontUm) nextUm = Math.min(nextUm, atUm);
        return nextUm;
      },
      moved: (rider: Rider, move: Move) => this.#moved(belt, rider, move),
      bounced: (rider: Rider, gateId: string, atNs: number) => void this.#truthOf(rider).bounces.push({ gateId, atNs }),
      left: (rider: Rider, o: Departure) => {
        const { chuteId, gateId, passedNs, caughtUm = 0 } = o;
        const truth = this.#truthOf(rider);
        const caught = caughtUm === 0 ? {} : { caughtUm, caughtNs: o.frontNs };
        const end = { kind: "chute" as const, chuteId, gateId, passedNs, ...caught };
        truth.end = { ...end, atNs: null };
        this.#leave(rider);
        this.#counts.perChute[chuteId] = (this.#counts.perChute[chuteId] ?? 0) + 1;
        const arrived = (atNs: number): void => {
          truth.end = { ...end, atNs };
        };
        this.#chute(chuteId).slideIn({ lengthUm: rider.plan.lengthUm, frontNs: o.frontNs, passedNs, arrived });
      },
      swung: (gateId: string, chuteId: string | null, atNs: number) => this.#ledger.swung({ gateId, chuteId, atNs }),
    };
  }

  #come(rider: Rider, atNs: number): void {
    this.#counts.fed += 1;
    const statements = this.#customs.statementsOf(rider.plan.id);
    this.#riding.set(rider.plan.id, this.#ledger.fed(rider.plan, { fedNs: atNs, statements }));
  }

  #moved(belt: BeltPlan, rider: Rider, move: Move): void {
    const truth = this.#truthOf(rider);
    const reaches = (atUm: number): boolean => move.fromUm < atUm && atUm <= move.toUm;
    for (const scanner of belt.scanners) {
      if (!reaches(scanner.atUm) || wasReadWithAhead(truth, rider, scanner.id)) continue;
      const together = readTogether(this.#belt(belt.id).riders, rider);
      const codes = this.#incidents.reading(scanner.id, rider.plan.company, together.flatMap(legibleOn));
      const heldBackNs = this.#incidents.heldBackNs(scanner.id);
      const atNs = move.crossedNs(scanner.atUm) + scanner.readDelayNs + heldBackNs;
      const sent = this.#scanners.send({ scannerId: scanner.id, parcelId: rider.plan.id, atNs, codes });
      if (sent === null) continue;
      const read = { scannerId: scanner.id, atNs, codes: sent.codes };
      for (const each of together) this.#truthOf(each).reads.push(read);
    }
    truth.statements.push(...this.#customs.reached(rider.plan.id, reaches, this.nowNs));
    if (this.#incidents.holds(belt.id, reaches, isPlainlyReleased(truth))) {
      const { company, waybill } = rider.plan;
      truth.fate = "heldRiding";
      const says = { kind: "hold", company, waybill, holdKind: "random-control", reference: `H-${waybill}` } as const;
      truth.statements.push(this.#customs.say(says, this.nowNs));
    }
    if (this.#incidents.takesOff(belt.id, reaches)) {
      this.#counts.removed += 1;
      truth.end = { kind: "removed", atNs: this.nowNs, frontUm: rider.frontUm };
      this.#belt(belt.id).remove(rider);
      this.#leave(rider);
    }
  }

  #leave(rider: Rider): void {
    this.#riding.delete(rider.plan.id);
    this.#customs.forget(rider.plan.id);
  }

  #truthOf(rider: Rider): Writable<ParcelTruth> {
    return known(this.#riding.get(rider.plan.id), `parcel ${rider.plan.id}`);
  }

  #belt(beltId: string): BeltLine {
    return known(this.#belts.get(beltId), `belt ${beltId}`);
  }

  #chute(chuteId: string): Chute {
    return known(this.#chutes.get(chuteId), `chute ${chuteId}`);
  }
}
