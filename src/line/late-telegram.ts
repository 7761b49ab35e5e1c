// Telegrams that are handed over later than one parcel's distance: whose the one in an item's window may be instead.
import { spoil } from "./doubt.ts";
import type { BeltLayout, StationLayout } from "./layout.ts";
import { indexOfId } from "./sorted-ids.ts";
import type { Item } from "./state.ts";
import { beltState, type Turn, touch } from "./turn.ts";

/**
 * So much later than it came a wire, an adapter or the kernel may hand a telegram over, ns. On a starved machine a kernel
 * took 270 ms.
 */
const LATEST_NS = 500_000_000;
/**
 * Parcels behind a silent one whose names are in doubt. What is handed over late comes together with all that came meanwhile,
 * so that each further one would need a hold-up of its own, again of just one distance.
 */
const MOST_IN_DOUBT = 2;

export const isHeardByAll = (item: Item, station: StationLayout): boolean =>
  station.scannerIds.every((id) => item.scannersHeard.includes(id));

/**
 * What rides ahead has passed without a telegram of each scanner, or with one that may be another's: this one may be its,
 * held back on the way, which no time of ours shows. The item's own telegram is then still to come, and the two are a
 * conflict: it is named only when it has left the window.
 */
export function mayBeOfTheOneAhead(turn: Turn, item: Item, station: StationLayout): boolean {
  const ahead = aheadOf(turn, item);
  const isUnheard = ahead !== undefined && (!isHeardByAll(ahead, station) || ahead.namesLate > 0);
  const isUnknownBetween = beltState(turn, item.beltId).stretches.some(
    ({ tailOriginUm }) => tailOriginUm < item.originUm && (ahead === undefined || tailOriginUm > ahead.originUm),
  );
  return isUnheard || isUnknownBetween;
}

/**
 * A telegram that may be of the one ahead. Where the scanner says so when it reads nothing, no telegram is one that is under
 * way: then so is the item's own perhaps, and the one behind it is spoken of in its place. Each scanner answers for its own
 * telegrams alone: what another one of the station owes says nothing of this one's.
 */
export function noteLateTelegram(
  turn: Turn,
  belt: BeltLayout,
  o: { item: Item; station: StationLayout; scannerId: string },
): void {
  const { item, station, scannerId } = o;
  const ahead = aheadOf(turn, item);
  if (ahead === undefined || station.saysNoRead?.includes(scannerId) !== true) return;
  const isHeard = ahead.scannersHeard.includes(scannerId);
  if (isHeard && (ahead.namesLate === 0 || ahead.namesLate >= MOST_IN_DOUBT)) return;
  const reachUm = (belt.speedUmPerS * LATEST_NS) / 1e9 + station.toUm - station.fromUm;
  if (item.originUm - ahead.originUm > reachUm) return;
  const late = isHeard ? ahead.namesLate + 1 : 1;
  item.namesLate = item.namesLate === 0 ? late : Math.min(item.namesLate, late);
  touch(turn, item);
}

/** The station's only scanner has said something else besides: that is the item's own telegram, and nothing is under way. */
export function noteOwnTelegram(turn: Turn, item: Item, station: StationLayout): void {
  if (item.namesLate === 0 || station.scannerIds.length > 1) return;
  item.namesLate = 0;
  touch(turn, item);
}

/** It leaves the window with nothing but codes that may be of the one ahead. */
export function doubtLateName(turn: Turn, item: Item): void {
  if (item.namesLate > 0 && item.codes.length > 0) spoil(turn, item, "ITEM_NAME_IN_DOUBT");
}

function aheadOf(turn: Turn, item: Item): Item | undefined {
  const { itemIds } = beltState(turn, item.beltId);
  return turn.state.items.get(itemIds[indexOfId(itemIds, item.id) - 1] ?? -1);
}
