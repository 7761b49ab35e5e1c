// A chute's eye and an eye behind its gate that speak of one parcel: it is in one place only, and the next eye tells where.
import { raise } from "./alarms.ts";
import { partsOf } from "./belt-parts.ts";
import { breach } from "./breach.ts";
import { frontUm } from "./item-position.ts";
import type { BeltLayout, ChuteLayout } from "./layout.ts";
import { doubtPassage } from "./passages.ts";
import type { Item } from "./state.ts";
import { activeSite, beltState, count, journal, type Turn, touch } from "./turn.ts";
import { markUnknown } from "./unknown-stretch.ts";

/** Nothing was let go into the chute, and something has entered it: into an outbound one that is a breach. */
export function enteredUnasked(turn: Turn, chute: ChuteLayout, itemId: number): void {
  count(turn, "unexpectedArrivals");
  journal(turn, {
    kind: "stray",
    eyeId: chute.eyeId ?? chute.id,
    detail: `chute ${chute.id}: nothing was sent there`,
  });
  raise(turn, { code: "CHUTE_UNEXPECTED_ITEM", source: chute.id });
  if (chute.zone.kind === "outbound") breach(turn, { chute, itemId, detail: "a parcel entered without a permit" });
}

/**
 * The item was let go into this chute, an eye behind the gate has seen it ride on, and in its own time the chute's eye sees
 * something too. A label that flaps or an arm in the beam behind the gate is likelier than a stranger at just that moment:
 * no breach yet, and the line runs. What the eye behind the gate saw may be anything.
 */
export function contest(turn: Turn, o: { item: Item; belt: BeltLayout; chute: ChuteLayout }): void {
  const { item, belt, chute } = o;
  const state = beltState(turn, belt.id);
  const frontNowUm = frontUm(item, state.positionUm);
  item.alsoIn = chute.id;
  touch(turn, item);
  const eyeId = partsOf(belt).eyesBehind.get(chute.gateId ?? "");
  if (eyeId !== undefined) doubtPassage(turn, item, eyeId);
  count(turn, "contested");
  journal(turn, {
    kind: "stray",
    eyeId: chute.eyeId ?? chute.id,
    detail: `chute ${chute.id}: item ${item.id}, or another one in its place: the next eye on its way tells`,
  });
  markUnknown(state, {
    positionUm: state.positionUm,
    fromPlaceUm: frontNowUm - belt.maxItemUm,
    toPlaceUm: frontNowUm,
    why: "STRAY",
  });
}

/** One more eye has seen it ride on, or none will any more: what entered the chute is taken for another one. */
export function wasAnother(turn: Turn, item: Item): void {
  const chute = activeSite(turn).chutes.get(item.alsoIn ?? "");
  item.alsoIn = null;
  if (chute !== undefined) enteredUnasked(turn, chute, 0);
}
