// The truth of a run as plain data: what each parcel was, what customs said of it and when, and where it physically went.
import type { ParcelPlan, Saying } from "./parcel.ts";
import type { WorldPlan, ZonePlan } from "./plan.ts";

/** All times are ns of the world's clock; it starts at 0. */
export interface Truth {
  seed: number;
  atNs: number;
  chutes: readonly ChuteTruth[];
  parcels: readonly ParcelTruth[];
  /** Of one slice of a run: what rides on, so that all is known that customs has said by now. Left out: nothing. */
  riding?: readonly ParcelTruth[];
  swings: readonly Swing[];
  /** Parcels and swings dropped because the ledger was full (the oldest first). */
  forgotten: number;
}

export interface ChuteTruth {
  id: string;
  zone: ZonePlan;
  /** Belts that lead to it, by a gate or at their end; left out: all. */
  beltIds?: readonly string[];
}

export interface ParcelTruth extends Omit<ParcelPlan, "statements" | "pitchUm"> {
  fedNs: number;
  reads: readonly { scannerId: string; atNs: number; codes: readonly string[] }[];
  statements: readonly Statement[];
  /** A gate took it and let it go again. */
  bounces: readonly { gateId: string; atNs: number }[];
  end: PhysicalEnd;
}

export interface Statement {
  id: number;
  says: Saying;
  /** When customs said it. */
  saidNs: number;
  /** When it left for the gateway first; null: not yet. */
  sentNs: number | null;
  /** When the gateway's acknowledgement was there: committed by then; null: not acknowledged. */
  acknowledgedNs: number | null;
  /** When the line was told that something had changed; null or left out: it was not, or nobody knows. */
  hintedNs?: number | null;
}

/** When the feed sent a statement and when it was acknowledged; null: it was not. */
export type FeedReport = Pick<Statement, "id" | "acknowledgedNs"> & { sentNs: number };

export type PhysicalEnd =
  | { kind: "onBelt"; frontUm: number }
  /**
   * `passedNs`: its tail left the belt, nothing could stop it any more; `atNs`: its front was at the chute's mouth.
   * `caughtUm`: the gate came out when the front was already so far beyond it, at `caughtNs`; left out: the gate was there
   * before.
   */
  | {
      kind: "chute";
      chuteId: string;
      gateId: string | null;
      passedNs: number;
      atNs: number | null;
      caughtUm?: number;
      caughtNs?: number;
    }
  | { kind: "removed"; atNs: number; frontUm: number };

/** A gate was more than half out. */
export interface Swing {
  gateId: string;
  chuteId: string;
  fromNs: number;
  untilNs: number | null;
}

/** Parcels, and swings, that the ledger keeps unless it is told otherwise. */
const KEPT = 200_000;

/** Keeps the truth while the world runs; bounded, the oldest is forgotten and counted. */
export class Ledger {
  readonly #plan: WorldPlan;
  readonly #parcels = new Map<string, Writable<ParcelTruth>>();
  /** Of parcels that are kept, and those of forgotten ones that the feed has not reported as acknowledged yet. */
  readonly #statements = new Map<number, Writable<Statement>>();
  readonly #ownerless = new Set<number>();
  readonly #swings = new Set<Writable<Swing>>();
  /** By gate: those that are not over. */
  readonly #open = new Map<string, Writable<Swing>>();
  readonly #kept: number;
  #forgotten = 0;
  #lastStatement = 0;

  /** @param kept parcels and swings that it keeps at most; each parcel on the belts must be among them */
  constructor(plan: WorldPlan, kept = KEPT) {
    this.#plan = plan;
    this.#kept = kept;
  }

  /** A parcel's statements are known before it is on the belt. */
  statement(says: Saying, saidNs: number): Statement {
    this.#lastStatement += 1;
    const statement = { id: this.#lastStatement, says, saidNs, sentNs: null, acknowledgedNs: null };
    this.#statements.set(statement.id, statement);
    return statement;
  }

  /** What the customs feed reports back. @throws for a statement that was never made */
  feedReport(report: FeedReport): void {
    const statement = this.#statements.get(report.id);
    if (statement === undefined) throw new RangeError(`statement ${report.id} was never made`);
    statement.sentNs ??= report.sentNs;
    statement.acknowledgedNs ??= report.acknowledgedNs;
    if (statement.acknowledgedNs === null || !this.#ownerless.delete(report.id)) return;
    this.#statements.delete(report.id);
  }

  /** Of one that nobody asks for any more nothing is kept. */
  hinted(id: number, atNs: number): void {
    const statement = this.#statements.get(id);
    if (statement !== undefined) statement.hintedNs ??= atNs;
  }

  fed(plan: ParcelPlan, o: { fedNs: number; statements: readonly Statement[] }): Writable<ParcelTruth> {
    const { statements: _planned, pitchUm: _pitch, ...body } = plan;
    const end: PhysicalEnd = { kind: "onBelt", frontUm: 0 };
    const parcel: Writable<ParcelTruth> = {
      ...body,
      otherCodes: [...plan.otherCodes],
      fedNs: o.fedNs,
      reads: [],
      statements: [...o.statements],
      bounces: [],
      end,
    };
    this.#parcels.set(parcel.id, parcel);
    if (this.#parcels.size > this.#kept) {
      const [oldest] = this.#parcels.values();
      if (oldest !== undefined) this.#forget(oldest);
      this.#forgotten += 1;
    }
    return parcel;
  }

  /** @param o.chuteId where it sweeps into from now on; null: nowhere, it is half home */
  swung({ gateId, chuteId, atNs }: { gateId: string; chuteId: string | null; atNs: number }): void {
    const open = this.#open.get(gateId);
    if (open !== undefined) open.untilNs = atNs;
    this.#open.delete(gateId);
    if (chuteId === null) return;
    const kept = { gateId, chuteId, fromNs: atNs, untilNs: null };
    this.#open.set(gateId, kept);
    this.#swings.add(kept);
    if (this.#swings.size > this.#kept) {
      const [oldest] = this.#swings;
      if (oldest !== undefined) this.#swings.delete(oldest);
      this.#forgotten += 1;
    }
  }

  /** What was over by then, in order of its end; it is forgotten here. */
  take(untilNs: number): Truth {
    const parcels = [...this.#parcels.values()].filter(({ end }) => endedNs(end) <= untilNs);
    const swings = [...this.#swings].filter(({ fromNs }) => fromNs <= untilNs);
    for (const parcel of parcels) this.#forget(parcel);
    for (const swing of swings) this.#swings.delete(swing);
    return this.truth(untilNs, { parcels, swings, riding: [...this.#parcels.values()] });
  }

  #forget({ id, statements }: ParcelTruth): void {
    this.#parcels.delete(id);
    for (const statement of statements) {
      if (statement.acknowledgedNs === null) this.#ownerless.add(statement.id);
      else this.#statements.delete(statement.id);
    }
  }

  /** A copy: the world goes on without changing it. */
  truth(atNs: number, of: Pick<Truth, "parcels" | "swings" | "riding"> = this.#everything()): Truth {
    const { parcels, swings, riding } = of;
    return {
      seed: this.#plan.seed,
      atNs,
      chutes: this.#plan.chutes.map(({ id, zone }) => ({ id, zone, beltIds: beltsTo(id, this.#plan) })),
      parcels: parcels.map(copyOf),
      swings: swings.map((swing) => ({ ...swing })),
      ...(riding === undefined ? {} : { riding: riding.map(copyOf) }),
      forgotten: this.#forgotten,
    };
  }

  #everything(): Pick<Truth, "parcels" | "swings"> {
    return { parcels: [...this.#parcels.values()], swings: [...this.#swings] };
  }
}

/** Of what the world goes on to change; what it has once said or planned stays as it is. */
const copyOf = (parcel: ParcelTruth): ParcelTruth => ({
  ...parcel,
  reads: [...parcel.reads],
  statements: parcel.statements.map((statement) => ({ ...statement })),
  bounces: [...parcel.bounces],
  end: { ...parcel.end },
});

/** When nothing could change any more about where it is. */
function endedNs(end: PhysicalEnd): number {
  if (end.kind === "onBelt") return Number.POSITIVE_INFINITY;
  return end.kind === "chute" ? end.passedNs : end.atNs;
}

export type Writable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

const beltsTo = (chuteId: string, { belts }: WorldPlan): string[] =>
  belts
    .filter(
      ({ gates, safeEndChuteId }) =>
        safeEndChuteId === chuteId || gates.some((gate) => gate.chuteIds.includes(chuteId)),
    )
    .map(({ id }) => id);
