// One call of the core: the state, the time, and the outputs as they come.
import type { Agendas } from "./agenda.ts";
import type { LineFact } from "./entry.ts";
import type { LineLayout } from "./layout.ts";
import type { ReleasePort } from "./release.ts";
import { indexSite, type SiteIndex } from "./site-index.ts";
import type { BeltState, ChuteState, GateState, Item, LineState } from "./state.ts";
import type { LineOutput } from "./step.ts";

export interface Turn {
  readonly state: LineState;
  readonly releases: ReleasePort;
  readonly nowNs: number;
  readonly out: LineOutput[];
  /** Indexes by layout hash; derived data, never part of a checkpoint. */
  readonly indexes: Map<string, SiteIndex>;
  /** Derived data, never part of a checkpoint. */
  readonly agendas: Agendas;
}

/** Writes a fact to the journal and returns its entry number. */
export function journal(turn: Turn, fact: LineFact): number {
  const n = turn.state.nextEntry++;
  turn.out.push({ kind: "journal", entry: { n, atNs: turn.nowNs, ...fact } });
  return n;
}

export function count(turn: Turn, name: string, by = 1): void {
  turn.state.counts[name] = (turn.state.counts[name] ?? 0) + by;
}

/** Called by whatever changes an item, or its permit, in what its bounds are made of; see `agenda-bounds.ts`. */
export function touch(turn: Turn, item: Pick<Item, "id" | "beltId">): void {
  turn.agendas.byBelt.get(item.beltId)?.touched.add(item.id);
}

/** As `touch`, for a gate. */
export function touchGate(turn: Turn, gateId: string): void {
  const belt = activeSite(turn).gates.get(gateId)?.belt;
  if (belt !== undefined) turn.agendas.byBelt.get(belt.id)?.touchedGates.add(gateId);
}

/** The index of a layout that the state still knows. */
export function siteOf(turn: Turn, layoutHash: string): SiteIndex {
  let index = turn.indexes.get(layoutHash);
  if (index === undefined) {
    index = indexSite(must(turn.state.layouts.get(layoutHash), "layout", layoutHash));
    turn.indexes.set(layoutHash, index);
  }
  return index;
}

/** The index of the active layout. */
export const activeSite = (turn: Turn): SiteIndex => siteOf(turn, activeLayout(turn).hash);

export const activeLayout = (turn: Turn): LineLayout => must(turn.state.layout, "layout", "active");
export const beltState = (turn: Turn, id: string): BeltState => must(turn.state.belts.get(id), "belt", id);
export const gateState = (turn: Turn, id: string): GateState => must(turn.state.gates.get(id), "gate", id);
export const chuteState = (turn: Turn, id: string): ChuteState => must(turn.state.chutes.get(id), "chute", id);
export const itemById = (turn: Turn, id: number): Item => must(turn.state.items.get(id), "item", String(id));

/** A broken invariant, not a plant condition: the process ends, and the devices' watchdogs take the safe path. */
export function must<T>(value: T | null | undefined, what: string, id: string): T {
  if (value === undefined || value === null) throw new Error(`line core: no ${what} ${id}`);
  return value;
}
