// What befalls parcels besides their plan: a failed reading, a hand on the belt, a hold in the last moment, a copied label.
import type { ParcelPlan } from "./parcel.ts";
import { CARRIERS, waybillNumber } from "./waybills.ts";

/** Each befalls one parcel, the next that it fits. */
export type Incident =
  /** The next parcel at this scanner is not read. */
  | { kind: "noRead"; scannerId: string }
  /** The scanner finds a second waybill on the next parcel. */
  | { kind: "secondCode"; scannerId: string }
  /** A person takes the next parcel off whose front reaches this place. */
  | { kind: "takeOff"; beltId: string; atUm: number }
  /** Customs holds the next released and readable parcel whose front reaches this place. */
  | { kind: "holdRiding"; beltId: string; atUm: number }
  /** The next parcel fed bears the label of a released one fed before it. */
  | { kind: "copyLabel"; beltId: string }
  /** The next parcel comes right behind the one before it, `gapUm` apart. */
  | { kind: "stuckTogether"; beltId: string; gapUm: number }
  /** A person puts a parcel of which nobody knows onto the belt, its front at this place, as soon as there is room. */
  | { kind: "addByHand"; beltId: string; atUm: number };

const MAX_WAITING = 1000;
const STRANGER_UM = 200_000;
/** Waybill numbers that traffic does not reach, nor second codes from the upper end. */
const FIRST_STRANGER = 9 * 10 ** 7;

export class Incidents {
  #waiting: Incident[] = [];
  #secondCodes = 0;
  #strangers = 0;
  readonly #befallen = new Map<string, number>();
  readonly #copyable = new Map<string, ParcelPlan>();

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

  /** The parcel as it comes onto the belt behind one of that length. */
  pitched(plan: ParcelPlan, beforeUm: number): ParcelPlan {
    const index = this.#waiting.findIndex((i) => i.kind === "stuckTogether" && i.beltId === plan.beltId);
    const incident = this.#waiting[index];
    if (incident?.kind !== "stuckTogether" || beforeUm === 0) return plan;
    this.#waiting.splice(index, 1);
    this.note("stuckTogether");
    return { ...plan, pitchUm: beforeUm + incident.gapUm };
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
    const original = this.#copyable.get(plan.beltId);
    const copied =
      original !== undefined && this.#befalls((i) => i.kind === "copyLabel" && i.beltId === plan.beltId)
        ? { ...plan, ...labelOf(original), copyOf: original.id, fate: "copied" as const }
        : plan;
    if (isPlainlyReleased(copied)) this.#copyable.set(plan.beltId, copied);
    return copied;
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

function labelOf({ company, waybill, stream, direction }: ParcelPlan) {
  return { company, waybill, stream, direction, otherCodes: [], unreadable: false };
}
