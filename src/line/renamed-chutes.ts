// The chutes of another map: what is known of a chute stays with its name, and what has none any more may go by a new one.
import { chuteFact, isFull } from "./chute-room.ts";
import { emptyChute } from "./empty-chute.ts";
import type { ChuteLayout, LineLayout } from "./layout.ts";
import type { ChuteState } from "./plant-state.ts";
import { activeSite, journal, type Turn } from "./turn.ts";
import { isSameZone } from "./zone-now.ts";

type Served = NonNullable<ChuteState["serves"]>;

export function adoptChutes(turn: Turn, layout: LineLayout): void {
  const { chutes } = turn.state;
  const names = new Set(layout.chutes.map(({ id }) => id));
  const gone = [...chutes.values()].filter(({ id }) => !names.has(id));
  for (const chute of layout.chutes) {
    const known = chutes.get(chute.id);
    const state = known ?? emptyChute(chute.id);
    chutes.set(chute.id, state);
    if (!chute.alsoFor.some((other) => isSame(other, state.serves))) state.serves = null;
    state.full = isFull(chute, state);
    const formerly = gone.filter((other) => known === undefined || tookItsPlace(other, known));
    if (formerly.length > 0) takeOver(turn, chute, { state, formerly });
  }
}

/** The name comes back, and the one that had come for it is gone: once, not at each start from then on. */
const tookItsPlace = (other: ChuteState, known: ChuteState): boolean =>
  other.mayBe.includes(known.id) && !known.mayBe.includes(other.id);

/**
 * Which of the names that are gone it was, if any, nobody can say: it keeps the lock of each (law 2), and the container of any
 * that was filled for others (law 4), until people have looked.
 */
function takeOver(turn: Turn, chute: ChuteLayout, o: { state: ChuteState; formerly: readonly ChuteState[] }): void {
  const { state, formerly } = o;
  state.mayBe = [...state.mayBe, ...formerly.map(({ id }) => id)];
  for (const other of formerly) other.mayBe = other.mayBe.filter((id) => id !== chute.id);
  state.locked ||= formerly.some(({ locked }) => locked);
  const others = formerly.find(({ holds }) => holds !== null && !isSameZone(holds, chute.zone));
  if (others !== undefined) state.holds = others.holds;
  journal(turn, { ...chuteFact(state, "CHUTE_RENAMED"), mayBe: state.mayBe, holds: state.holds });
}

/** The chutes that a name may stand for now: its own, or those that have come since the map has it no more. */
export function chutesNamed(turn: Turn, id: string): ChuteState[] {
  const { chutes } = turn.state;
  const known = chutes.get(id) ?? emptyChute(id);
  chutes.set(id, known);
  if (activeSite(turn).chutes.has(id)) return [known];
  return [known, ...[...chutes.values()].filter((other) => other.mayBe.includes(id))];
}

const isSame = (a: Served, b: Served | null | undefined): boolean =>
  a.stream === b?.stream && a.direction === b.direction;
