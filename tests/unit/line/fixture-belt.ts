// A belt in virtual time: parcels ride on it, stand on it, are diverted by gates that are out, and darken eyes.
import type { EyeLayout, LineLayout } from "../../../src/line/layout.ts";
import type { BeltStamp } from "../../../src/line/step.ts";

const MS = 1_000_000;
const MM = 1_000;
const BELT_MM_PER_MS = 2;

export interface FixtureParcel {
  code: string | null;
  /** When its front is at the induction eye. */
  atMs: number;
  lengthMm?: number;
  /** Eyes that do not see it. */
  hiddenFrom?: readonly string[];
  /** A gate that is out does not take it. */
  bounces?: boolean;
}

export interface Riding extends FixtureParcel {
  frontMm: number;
  lengthMm: number;
  where: "belt" | "slide" | "out" | "store" | "end";
  slideUntilMs: number;
  read: boolean;
}

export class FixtureBelt {
  readonly layout: LineLayout;
  readonly parcels: Riding[] = [];
  nowMs = 0;
  beltMoves = true;
  /** What the counter shows at the belt's start, modulo its turn. */
  counterMm = -3000;
  /** From the gate to the eye at a chute's mouth. */
  slideMs = 300;
  /** Nothing gets past this place of the belt: parcels stand there, one behind the other. */
  #holdMm: number | null = null;
  #beltMm = 0;
  #sampled = { ms: 0, beltMm: 0 };

  constructor(layout: LineLayout) {
    this.layout = layout;
  }

  put(...parcels: FixtureParcel[]): this {
    for (const parcel of parcels) {
      this.parcels.push({
        lengthMm: 200,
        ...parcel,
        frontMm: Number.NEGATIVE_INFINITY,
        where: "belt",
        slideUntilMs: 0,
        read: false,
      });
    }
    return this;
  }

  holdAt(mm: number | null): void {
    this.#holdMm = mm;
  }

  where(code: string | null): string[] {
    return this.parcels.filter((parcel) => parcel.code === code).map((parcel) => parcel.where);
  }

  /** The last two samples of every eye. */
  stamps(): { after: BeltStamp; upTo: BeltStamp } {
    const at = (backMm: number) => (this.layout.belts[0]?.encoder === null ? null : this.#countAt(backMm));
    return {
      after: { atNs: this.#sampled.ms * MS, count: at(this.#beltMm - this.#sampled.beltMm) },
      upTo: { atNs: this.nowMs * MS, count: at(0) },
    };
  }

  /** Every eye has been asked. */
  protected sampled(): void {
    this.#sampled = { ms: this.nowMs, beltMm: this.#beltMm };
  }

  /** The counter has gone past this, by less than half its turn. */
  protected isPast(count: number): boolean {
    const span = this.#counterSpan;
    return (this.#countAt(0) - count + span) % span < span / 2;
  }

  /** What the counter has shown so many millimetres ago. */
  #countAt(backMm: number): number {
    const span = this.#counterSpan;
    return (((Math.floor(this.#beltMm - backMm) + this.counterMm) % span) + span) % span;
  }

  get #counterSpan(): number {
    return 2 ** (this.layout.belts[0]?.encoder?.bits ?? 32);
  }

  /** One millisecond. @param o.atScanner told of each parcel that comes under the scanner */
  protected moveOn(o: { isOut: (gateId: string) => boolean; atScanner: (parcel: Riding) => void }): void {
    this.nowMs++;
    if (this.beltMoves) this.#beltMm += BELT_MM_PER_MS;
    let limitMm = this.#holdMm ?? Number.POSITIVE_INFINITY;
    for (const parcel of this.parcels) {
      const fromMm = parcel.frontMm;
      if (parcel.frontMm === Number.NEGATIVE_INFINITY && this.nowMs >= parcel.atMs) parcel.frontMm = 200;
      else if (this.beltMoves && parcel.where === "belt") parcel.frontMm += BELT_MM_PER_MS;
      if (parcel.where === "belt" && fromMm <= limitMm && parcel.frontMm >= limitMm) {
        parcel.frontMm = limitMm;
        limitMm -= parcel.lengthMm;
      }
      if (parcel.where === "belt") this.#divert(parcel, o.isOut);
      if (parcel.where === "belt" && parcel.frontMm - parcel.lengthMm > 6000) parcel.where = "end";
      if (parcel.read || parcel.where !== "belt" || parcel.frontMm < 1200) continue;
      parcel.read = true;
      o.atScanner(parcel);
    }
  }

  #divert(parcel: Riding, isOut: (gateId: string) => boolean): void {
    for (const [gateId, atMm] of [
      ["g1", 3000],
      ["g2", 4000],
    ] as const) {
      const overlaps = parcel.frontMm >= atMm && parcel.frontMm - parcel.lengthMm <= atMm + 200;
      if (!overlaps || !isOut(gateId) || parcel.bounces === true) continue;
      parcel.where = gateId === "g1" ? "out" : "store";
      parcel.slideUntilMs = this.nowMs + this.slideMs;
    }
  }

  /** Something is in front of the eye. */
  protected isDark({ id, role, atUm }: EyeLayout): boolean {
    return this.parcels.some((parcel) => this.#inBeam(parcel, id, role, atUm / MM));
  }

  #inBeam(parcel: Riding, eyeId: string, role: string, atMm: number): boolean {
    if (parcel.hiddenFrom?.includes(eyeId) === true) return false;
    if (role === "chute") {
      const here =
        (eyeId === "out-eye" && parcel.where === "out") || (eyeId === "store-eye" && parcel.where === "store");
      return here && this.nowMs >= parcel.slideUntilMs && this.nowMs < parcel.slideUntilMs + 100;
    }
    return parcel.where === "belt" && parcel.frontMm >= atMm && parcel.frontMm - parcel.lengthMm < atMm;
  }
}
