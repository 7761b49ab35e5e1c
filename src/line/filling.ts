// Which chute of a rule has taken the fewest parcels since its container was changed.
import type { Filling } from "./agenda.ts";
import { Bounds } from "./bounds.ts";
import type { RouteRule } from "./layout.ts";
import type { ChuteState } from "./state.ts";
import type { Turn } from "./turn.ts";

/** The rule's chutes, the emptiest first; among equals as the rule names them. */
export function* leastFilledFirst(turn: Turn, rule: RouteRule): Iterable<string> {
  let given = 0;
  if (!turn.agendas.looksAtAll) {
    const { first } = fillingOf(turn, rule).bounds;
    if (first !== null) {
      given = 1;
      yield rule.to[first] as string;
    }
  }
  const filled = (id: string): number => turn.state.chutes.get(id)?.sinceChange ?? 0;
  yield* [...rule.to].sort((a, b) => filled(a) - filled(b)).slice(given);
}

/** Called by whatever changes how many parcels a chute has taken. */
export function noteFilling(turn: Turn, { id, sinceChange }: ChuteState): void {
  for (const [{ to }, { bounds, placesOf }] of turn.agendas.fillings)
    for (const place of placesOf.get(id) ?? []) bounds.set(place, sinceChange * to.length + place);
}

function fillingOf(turn: Turn, rule: RouteRule): Filling {
  const known = turn.agendas.fillings.get(rule);
  if (known !== undefined) return known;
  const bounds = new Bounds();
  const placesOf = new Map<string, number[]>();
  for (const [place, id] of rule.to.entries()) {
    placesOf.set(id, [...(placesOf.get(id) ?? []), place]);
    bounds.set(place, (turn.state.chutes.get(id)?.sinceChange ?? 0) * rule.to.length + place);
  }
  const filling = { bounds, placesOf };
  turn.agendas.fillings.set(rule, filling);
  return filling;
}
