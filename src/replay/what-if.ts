// Follows a replay with another chute map: where each parcel would have been sent, and why it is another place.
import { emptyChute } from "../line/empty-chute.ts";
import type { LineEntry, Refusal } from "../line/entry.ts";
import type { LineLayout } from "../line/layout.ts";
import type { LineState } from "../line/state.ts";
import { chosenUnder, type DecisionEntry, type OtherMap } from "../line/what-if.ts";
import type { PlayedStep } from "./played-run.ts";
import { isSamePlant } from "./same-plant.ts";

/** Where a map sends a parcel; `chuteId` is the belt's safe end where it sends it nowhere. */
export interface Sent {
  chuteId: string;
  ruleId: string | null;
  refusals: readonly Refusal[];
}

export interface DifferentParcel {
  run: number;
  itemId: number;
  waybill: string | null;
  disposition: string;
  before: Sent;
  after: Sent;
  /** Where it ended; null: the journal ends before. */
  ended: { end: string; chuteId: string | null } | null;
}

export interface ChuteCounts {
  before: number;
  after: number;
  /** Parcels that ended there in the journal. */
  ended: number;
  /** Parcels whose candidate it was under the new map, and that found it full. */
  overflow: number;
}

export interface WhatIf {
  parcels: number;
  chutes: ReadonlyMap<string, ChuteCounts>;
  different: readonly DifferentParcel[];
  /** Runs on another plant than the map was made for. */
  otherPlants: readonly number[];
  /** Chutes of the new map of which the journal cannot say how full they were. */
  unknownFullness: readonly string[];
  /** Parcels that were gone before their decision could be asked again. */
  unasked: number;
}

export interface WhatIfFollower {
  step(step: PlayedStep): void;
  result(): WhatIf;
}

/** @param layout the new map, on the plant of today */
export function whatIf(layout: LineLayout): WhatIfFollower {
  return new Follower(layout);
}

interface Riding {
  decision: DecisionEntry;
  before: Sent;
  after: Sent;
}

class Follower implements WhatIfFollower {
  readonly #layout: LineLayout;
  readonly #chutes = new Map<string, ChuteCounts>();
  readonly #different: DifferentParcel[] = [];
  readonly #otherPlants = new Set<number>();
  readonly #unknownFullness = new Set<string>();
  readonly #riding = new Map<number, Riding>();
  readonly #other: OtherMap;
  #run = 0;
  #parcels = 0;
  #unasked = 0;

  constructor(layout: LineLayout) {
    this.#layout = layout;
    this.#other = { layout, chutes: new Map(), roundRobin: new Map(), indexes: new Map() };
  }

  step(step: PlayedStep): void {
    this.#run = step.run;
    if (step.input.kind === "run" || step.input.kind === "layout") this.#lookAtPlant(step);
    if (step.entries.length === 0 || this.#otherPlants.has(step.run)) return;
    if (this.#other.chutes.size === 0) this.#other.roundRobin = new Map(step.state.roundRobin);
    this.#seePlant(step.state);
    for (const entry of step.entries) this.#entry(entry, step);
  }

  result(): WhatIf {
    for (const itemId of [...this.#riding.keys()]) this.#settle(itemId, null);
    return {
      parcels: this.#parcels,
      chutes: this.#chutes,
      different: this.#different,
      otherPlants: [...this.#otherPlants],
      unknownFullness: [...this.#unknownFullness].sort(),
      unasked: this.#unasked,
    };
  }

  #lookAtPlant({ run, state }: PlayedStep): void {
    if (state.layout !== null && !isSamePlant(state.layout, this.#layout)) this.#otherPlants.add(run);
  }

  /** Locks, switches and sensors are facts of the plant; how full a chute is that fills otherwise is not. */
  #seePlant(state: LineState): void {
    for (const chute of this.#layout.chutes) {
      const known = state.chutes.get(chute.id);
      const own = this.#other.chutes.get(chute.id) ?? { ...emptyChute(chute.id), sinceChange: known?.sinceChange ?? 0 };
      const isSensed = chute.fullInputId !== null;
      const wasThere =
        known !== undefined && state.layout?.chutes.find(({ id }) => id === chute.id)?.fullInputId != null;
      if (isSensed && !wasThere) this.#unknownFullness.add(chute.id);
      const isCounted = chute.capacityItems !== null && own.sinceChange >= chute.capacityItems;
      own.full = isCounted || (isSensed && wasThere && known.sensedFull !== false);
      own.isBlocked = known?.isBlocked ?? false;
      own.unseen = known?.unseen ?? 0;
      own.sentNs = known?.sentNs ?? [];
      own.locked = known?.locked ?? false;
      own.enabled = known?.enabled ?? true;
      own.serves = known?.serves ?? null;
      this.#other.chutes.set(chute.id, own);
    }
  }

  #entry(entry: LineEntry, step: PlayedStep): void {
    if (entry.kind === "decision") this.#decided(entry, step.state);
    else if (entry.kind === "lastLook" && !entry.go) this.#withheld(entry, step.state);
    else if (entry.kind === "end") this.#settle(entry.itemId, entry);
    else if (entry.kind === "operator" && entry.accepted && entry.command === "containerChanged") {
      const chute = this.#other.chutes.get(entry.target);
      if (chute !== undefined) Object.assign(chute, { sinceChange: 0, full: false, isEmpty: true });
    }
  }

  #decided(decision: DecisionEntry, state: LineState): void {
    const safeEnd = safeEndOf(this.#layout, state, decision.itemId);
    const chosen = chosenUnder(this.#other, state, decision);
    if (chosen === null || safeEnd === null) {
      this.#unasked += 1;
      return;
    }
    for (const { code, chuteId } of chosen.refusals) if (code === "CHUTE_FULL") this.#counts(chuteId).overflow += 1;
    const { ruleId, refusals } = decision;
    this.#riding.set(decision.itemId, {
      decision,
      before: { chuteId: decision.chuteId ?? safeEnd, ruleId, refusals },
      after: { chuteId: chosen.chuteId ?? safeEnd, ruleId: chosen.ruleId, refusals: chosen.refusals },
    });
  }

  /** The same gate's last look would have refused the same chute; of another one nobody knows. */
  #withheld(look: Extract<LineEntry, { kind: "lastLook" }>, state: LineState): void {
    for (const [itemId, riding] of this.#riding) {
      const item = state.items.get(itemId);
      if (item === undefined || item.decision?.refusals !== look.refusals) continue;
      const safeEnd = safeEndOf(this.#layout, state, itemId) ?? riding.before.chuteId;
      const isSame = riding.after.chuteId === riding.before.chuteId;
      riding.before = { ...riding.before, chuteId: safeEnd, refusals: look.refusals };
      if (isSame) riding.after = { ...riding.after, chuteId: safeEnd, refusals: look.refusals };
    }
  }

  #settle(itemId: number, end: Extract<LineEntry, { kind: "end" }> | null): void {
    const riding = this.#riding.get(itemId);
    if (end?.chuteId != null) this.#counts(end.chuteId).ended += 1;
    if (riding === undefined) return;
    this.#riding.delete(itemId);
    const { decision, before, after } = riding;
    this.#parcels += 1;
    this.#counts(before.chuteId).before += 1;
    this.#counts(after.chuteId).after += 1;
    const isSame = before.chuteId === after.chuteId;
    // What was physically so stays so where the same chute was chosen; else the parcel is taken to arrive where it was sent.
    const arrivedAt = isSame ? (end?.chuteId ?? null) : after.chuteId;
    const chute = arrivedAt === null ? undefined : this.#other.chutes.get(arrivedAt);
    if (chute !== undefined && end !== null)
      Object.assign(chute, { sinceChange: chute.sinceChange + 1, isEmpty: false });
    if (isSame) return;
    const { identity, disposition } = decision;
    const waybill = identity.kind === "code" ? identity.waybill : null;
    const ended = end === null ? null : { end: end.end, chuteId: end.chuteId };
    this.#different.push({ run: this.#run, itemId, waybill, disposition, before, after, ended });
  }

  #counts(chuteId: string): ChuteCounts {
    let counts = this.#chutes.get(chuteId);
    if (counts === undefined) {
      counts = { before: 0, after: 0, ended: 0, overflow: 0 };
      this.#chutes.set(chuteId, counts);
    }
    return counts;
  }
}

function safeEndOf(layout: LineLayout, state: LineState, itemId: number): string | null {
  const beltId = state.items.get(itemId)?.beltId;
  return layout.belts.find(({ id }) => id === beltId)?.safeEnd.chuteId ?? null;
}
