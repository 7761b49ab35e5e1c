// Customs' word in the world: what is said of which parcel and when, ahead of it or while it rides.
import type { ParcelPlan, ParcelSource, Saying, StatementPlan } from "./parcel.ts";
import type { Ledger, Statement } from "./truth.ts";

/** Customs speaks of so many parcels of a belt before they are fed. */
const AHEAD = 200;

interface Announced {
  statements: Statement[];
  /** To be said while it rides. */
  later: StatementPlan[];
}

export class CustomsWord {
  readonly #ledger: Ledger;
  readonly #sources: ReadonlyMap<string, ParcelSource>;
  readonly #queues = new Map<string, ParcelPlan[]>();
  readonly #announced = new Map<string, Announced>();
  #unsent: Statement[] = [];

  constructor(ledger: Ledger, sources: ReadonlyMap<string, ParcelSource>) {
    this.#ledger = ledger;
    this.#sources = sources;
    for (const beltId of sources.keys()) this.#announce(beltId, 0);
  }

  /** The next parcel of a belt, of which everything that comes ahead was said. */
  next(beltId: string, atNs: number): ParcelPlan | null {
    const parcel = this.#queues.get(beltId)?.shift() ?? null;
    this.#announce(beltId, atNs);
    return parcel;
  }

  /** Hands over what was said of a parcel; from now on its own list is the ledger's. */
  statementsOf(parcelId: string): Statement[] {
    return this.#announced.get(parcelId)?.statements ?? [];
  }

  /** @returns what is said now that the front has reached a place */
  reached(parcelId: string, reaches: (atUm: number) => boolean, atNs: number): Statement[] {
    const announced = this.#announced.get(parcelId);
    if (announced === undefined || announced.later.length === 0) return [];
    const due = announced.later.filter(({ frontUm }) => frontUm !== null && reaches(frontUm));
    announced.later = announced.later.filter((statement) => !due.includes(statement));
    return due.map(({ says }) => this.say(says, atNs));
  }

  /** The next place beyond `beyondUm` at which something is said of it; Infinity: none. */
  nextPlaceUm(parcelId: string, beyondUm: number): number {
    let nextUm = Number.POSITIVE_INFINITY;
    for (const { frontUm } of this.#announced.get(parcelId)?.later ?? [])
      if (frontUm !== null && frontUm > beyondUm) nextUm = Math.min(nextUm, frontUm);
    return nextUm;
  }

  say(says: Saying, atNs: number): Statement {
    const statement = this.#ledger.statement(says, atNs);
    this.#unsent.push(statement);
    return statement;
  }

  /** The parcel has left the belt: what was not said by now stays unsaid. */
  forget(parcelId: string): void {
    this.#announced.delete(parcelId);
  }

  /** Everything said since the last call, in order. */
  take(): Statement[] {
    const said = this.#unsent;
    this.#unsent = [];
    return said;
  }

  #announce(beltId: string, atNs: number): void {
    const queue = this.#queues.get(beltId) ?? [];
    this.#queues.set(beltId, queue);
    while (queue.length < AHEAD) {
      const parcel = this.#sources.get(beltId)?.next() ?? null;
      if (parcel === null) return;
      queue.push(parcel);
      const ahead = parcel.statements.filter(({ frontUm }) => frontUm === null);
      this.#announced.set(parcel.id, {
        statements: ahead.map(({ says }) => this.say(says, atNs)),
        later: parcel.statements.filter(({ frontUm }) => frontUm !== null),
      });
    }
  }
}
