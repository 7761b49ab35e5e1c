// An eye contradicts the line about one parcel: then it may have taken a stranger for the one right before or behind it.
import { spoil } from "./doubt.ts";
import type { EyeLayout } from "./layout.ts";
import type { Item } from "./state.ts";
import type { Turn } from "./turn.ts";

/** In doubt as one that may be another from then on. */
const WHY = "ITEM_NEIGHBOUR_ASTRAY";

/**
 * What holds one up on a moving belt holds up those behind it too, and in that moment a hand may lay a stranger down where
 * the line takes one of them to be: it comes in that one's name, at that one's length perhaps. Who comes right behind a
 * missing one is in doubt. A parcel that was let into a chute is expected to be missing; behind it only what comes beyond its
 * error is.
 * @param o.item just seen at the eye by `passEye`, named or not: who is not named yet gets its name from its own label
 * @param o.beyondUm how much further off it came than its error explains; not above 0: it did not
 */
export function doubtBehindMissing(turn: Turn, o: { item: Item; eye: EyeLayout; beyondUm: number }): void {
  const { item, eye, beyondUm } = o;
  if (item.unless === null || item.unless.tailLeftUm !== eye.atUm || !isNamed(item)) return;
  if (beyondUm > 0 || item.unless.missingIds.some((id) => isAstray(turn, id))) spoil(turn, item, WHY);
}

/**
 * The first that was held up may be the one whose place the stranger has: then it is the next one that is missing, or the
 * first itself comes, late, as one that nobody expects.
 * @param lastId who came to that eye last before; null or undefined: nobody knows
 */
export function doubtBeforeOdd(turn: Turn, lastId: number | null | undefined): void {
  const item = turn.state.items.get(lastId ?? -1);
  if (item === undefined || !isNamed(item) || !rides(item)) return;
  spoil(turn, item, WHY);
}

const isNamed = ({ identity, codes }: Item): boolean => identity !== null || codes.length > 0;

/** As far as anybody knows: no gate was moved for it, or it did not take it. */
const rides = ({ atGateNs, missedGate }: Item): boolean => atGateNs === null || missedGate;

function isAstray(turn: Turn, id: number): boolean {
  const item = turn.state.items.get(id);
  return item !== undefined && rides(item);
}
