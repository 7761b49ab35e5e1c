// What befalls parcels besides their plan: a failed reading, a hand on the belt, a hold in the last moment, a copied label.
import type { ParcelPlan } from "./parcel.ts";
import { CARRIERS, waybillNumber } from "./waybills.ts";

/** Each befalls one parcel, the next that it fits. */
export type Incident =
  /** The next parcel at this scanner is not read. */
  | { kind: "noRead"; scannerId: string }
  /** The scanner finds a second waybill on the next parcel. */
  | { kind: "secondCode"; scannerId: string }
  /** The next telegram of this scanner comes so much later, held back by a wire or an adapter. */
  | { kind: "lateTelegram"; scannerId: string; byNs: number }
  /** A person takes the next parcel off whose front reaches this place. */
  | { kind: "takeOff"; beltId: string; atUm: number }
  /** Customs holds the next released and readable parcel whose front reaches this place. */
  | { kind: "holdRiding"; beltId: string; atUm: number }
  /** The next parcel fed bears the label of a released one fed before it: of the last, or of one `behind` that one. */
  | { kind: "copyLabel"; beltId: string; behind?: number }
  /** The next parcel comes right behind the one before it, `gapUm` apart; `readAsOne`: scanners get one trigger for both. */
  | { kind: "stuckTogether"; beltId: string; gapUm: number; readAsOne?: boolean }
  /** A person puts a parcel of which nobody knows onto the belt, its front at this place, as soon as there is room. */
  | { kind: "addByHand"; beltId: string; atUm: number }
  /** A person lays a test parcel down at the belt's start, as soon as there is room. */
  | { kind: "testParcel"; beltId: string; code: string }
  /** The next parcel fed is one of those, in its place. */
  | { kind: "testLabel"; beltId: string; code: string };

const MAX_WAITING = 1000;
const STRANGER_UM = 200_000;
/** Released parcels of a belt whose label may still be copied, the newest. */
const COPYABLE = 256;
/** Waybill numbers that traffic does not reach, nor second codes from the upper end. */
const FIRST_STRANGER = 9 * 10 ** 7;

export class Incidents {
  #waiting: Incident[] = [];
  #secondCodes = 0;
  #strangers = 0;
  #tests = 0;
  readonly #befallen = new Map<string, number>();
  /** By belt, the newest last. */
  readonly #copyable = new Map<string, ParcelPlan[]>();

  /** @throws when more than 1000 wait for a parcel that they fit */
  add(incident: Incident): void {
    if (this.#waiting.length >= MAX_WAITING) throw new RangeError(`${MAX_WAITING} incidents wait already`);
    this.#waiting.push(incident);
  }

  /** How often each kind has found its parcel. */
  get befallen(): ReadonlyMap<string, number> {
    return this.#befallen;
  }

  note(kind: Incident["kind"]): void {
    this.#befallen.set(kind, (this.#befallen.get(kind) ?? 0) + 1);
  }

  /** A parcel from nowhere: no record, and no scanner has seen it. */
  stranger({ beltId }: { beltId: string }): ParcelPlan {
    this.#strangers += 1;
    return {
      id: `${beltId}-hand-${this.#strangers}`,
      beltId,
      lengthUm: STRANGER_UM,
      pitchUm: 0,
      company: "CAINIAO",
      waybill: waybillNumber("CAINIAO", FIRST_STRANGER + this.#strangers),
      otherCodes: [],
      unreadable: false,
      stream: "cbec",
      direction: "import",
      fate: "withoutRecord",
      copyOf: null,
      statements: [],
    };
  }

  testParcel({ beltId, code }: { beltId: string; code: string }): ParcelPlan {
    this.#tests += 1;
    const plan = this.stranger({ beltId });
    return { ...plan, id: `${beltId}-test-${this.#tests}`, company: "", waybill: code, fate: "test" };
  }

  /** The parcel as it comes onto the belt behind one of that length. */
  pitched(plan: ParcelPlan, beforeUm: number): ParcelPlan {
    const index = this.#waiting.findIndex((i) => i.kind === "stuckTogether" && i.beltId === plan.beltId);
    const incident = this.#waiting[index];
    if (incident?.kind !== "stuckTogether" || beforeUm === 0) return plan;
    this.#waiting.splice(index, 1);
    this.note("stuckTogether");
    const read = incident.readAsOne === true ? { isReadWithAhead: true } : {};
    return { ...plan, ...read, pitchUm: beforeUm + incident.gapUm };
  }

  /** What the scanner reads in truth of a parcel of `company`. */
  reading(scannerId: string, company: string, codes: readonly string[]): readonly string[] {
    if (this.#befalls((i) => i.kind === "noRead" && i.scannerId === scannerId)) return [];
    if (!this.#befalls((i) => i.kind === "secondCode" && i.scannerId === scannerId)) return codes;
    this.#secondCodes += 1;
    const carrier = CARRIERS.find((name) => name === company) ?? "EMS";
    // From the upper end of the numbers, which traffic does not reach.
    return [...codes, waybillNumber(carrier, 10 ** 8 - this.#secondCodes)];
  }

  /** How much later a telegram comes than it was sent. */
  heldBackNs(scannerId: string): number {
    let byNs = 0;
    this.#befalls((i) => {
      if (i.kind !== "lateTelegram" || i.scannerId !== scannerId) return false;
      byNs = i.byNs;
      return true;
    });
    return byNs;
  }

  takesOff(beltId: string, reaches: (atUm: number) => boolean): boolean {
    return this.#befalls((i) => i.kind === "takeOff" && i.beltId === beltId && reaches(i.atUm));
  }

  /** @param mayHold the parcel is released and readable */
  holds(beltId: string, reaches: (atUm: number) => boolean, mayHold: boolean): boolean {
    return mayHold && this.#befalls((i) => i.kind === "holdRiding" && i.beltId === beltId && reaches(i.atUm));
  }

  /** The next place beyond `beyondUm` at which one waits for a parcel's front; Infinity: none. */
  nextPlaceUm(beltId: string, beyondUm: number): number {
    let nextUm = Number.POSITIVE_INFINITY;
    for (const incident of this.#waiting) {
      if (incident.kind !== "takeOff" && incident.kind !== "holdRiding") continue;
      if (incident.beltId === beltId && incident.atUm > beyondUm) nextUm = Math.min(nextUm, incident.atUm);
    }
    return nextUm;
  }

  /** The parcel as it is fed in truth. */
  relabelled(plan: ParcelPlan): ParcelPlan {
    const test = this.#testLabel(plan.beltId);
    if (test !== null) return { ...plan, ...NO_LABEL, waybill: test, fate: "test" };
    const known = this.#copyable.get(plan.beltId) ?? [];
    this.#copyable.set(plan.beltId, known);
    const original = this.#original(plan.beltId, known);
    const copied =
      original === undefined ? plan : { ...plan, ...labelOf(original), copyOf: original.id, fate: "copied" as const };
    if (isPlainlyReleased(copied)) known.push(copied);
    if (known.length > COPYABLE) known.shift();
    return copied;
  }

  #testLabel(beltId: string): string | null {
    let code: string | null = null;
    this.#befalls((i) => {
      if (i.kind !== "testLabel" || i.beltId !== beltId) return false;
      code = i.code;
      return true;
    });
    return code;
  }

  /** Whose label the next parcel of a belt bears; undefined: its own. */
  #original(beltId: string, known: readonly ParcelPlan[]): ParcelPlan | undefined {
    if (this.#waiting.length === 0) return undefined;
    for (const incident of this.#waiting) {
      if (incident.kind !== "copyLabel" || incident.beltId !== beltId) continue;
      const original = known.at(-1 - (incident.behind ?? 0));
      if (original === undefined) continue;
      this.#befalls((one) => one === incident);
      return original;
    }
    return undefined;
  }

  /** Spends the first incident that fits. */
  #befalls(fits: (incident: Incident) => boolean): boolean {
    if (this.#waiting.length === 0) return false;
    const index = this.#waiting.findIndex(fits);
    if (index === -1) return false;
    for (const { kind } of this.#waiting.splice(index, 1)) this.note(kind);
    return true;
  }
}

export const isPlainlyReleased = (plan: Pick<ParcelPlan, "fate" | "unreadable" | "otherCodes">): boolean =>
  plan.fate === "released" && !plan.unreadable && plan.otherCodes.length === 0;

/** Of a test parcel: no carrier has numbered it, and every scanner can read it. */
const NO_LABEL = { company: "", otherCodes: [], unreadable: false, copyOf: null };

function labelOf({ company, waybill, stream, direction }: ParcelPlan) {
  return { company, waybill, stream, direction, otherCodes: [], unreadable: false };
}
