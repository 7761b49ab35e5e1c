// What another chute map would have chosen for an item at this moment, the plant and customs' word being as they are.
import { emptyAgendas } from "./agenda.ts";
import { SLACKS } from "./core.ts";
import { type Choice, choose } from "./decide.ts";
import type { LineEntry } from "./entry.ts";
import type { LineLayout } from "./layout.ts";
import type { SiteIndex } from "./site-index.ts";
import type { ChuteState, LineState } from "./state.ts";

export type DecisionEntry = Extract<LineEntry, { kind: "decision" }>;

/** What goes another way under the other map: how full its chutes are, and whose turn it is. */
export interface OtherMap {
  /** The same plant as the state's, with other chutes and routes. */
  layout: LineLayout;
  chutes: Map<string, ChuteState>;
  roundRobin: Map<string, number>;
  indexes: Map<string, SiteIndex>;
}

/**
 * Asks chute map, plant and law as `decide` does, and changes nothing but `other.roundRobin`.
 * @returns null when the item is gone already, so that its place on the belt is not known any more
 */
export function chosenUnder(other: OtherMap, state: LineState, decision: DecisionEntry): Choice | null {
  const item = state.items.get(decision.itemId);
  if (item === undefined) return null;
  const records = decision.looks.flatMap(({ record }) => record ?? []);
  const verdict = {
    disposition: decision.disposition,
    why: decision.why,
    record: records.length === 1 ? (records[0] ?? null) : null,
    holds: decision.looks.flatMap(({ holds }) => holds),
  };
  const { layout, chutes, roundRobin, indexes } = other;
  const asked = commissionedAs(layout, state.layout);
  const shadow: LineState = { ...state, layout: asked, layouts: new Map([[layout.hash, asked]]), chutes, roundRobin };
  const permit = item.permitId === null ? null : (state.permits.get(item.permitId) ?? null);
  const turn = {
    state: shadow,
    releases: NEVER_ASKED,
    nowNs: decision.atNs,
    out: [],
    indexes,
    agendas: emptyAgendas(SLACKS, true),
  };
  return choose(turn, { ...item, layoutHash: layout.hash }, verdict, permit);
}

/** Another chute map is another configuration; here it is asked what it would do on the same plant, proved or not. */
function commissionedAs(layout: LineLayout, like: LineLayout | null): LineLayout {
  const { commissioning: _, ...rest } = layout;
  return like?.commissioning === undefined ? rest : { ...rest, commissioning: like.commissioning };
}

const NEVER_ASKED = {
  look(company: string, waybill: string): never {
    throw new Error(`a choice asks customs nothing, least of all for ${company}/${waybill}`);
  },
};
