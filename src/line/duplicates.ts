// One label on more parcels at once than its release has pieces left: one is a copy, nobody knows which, and none leaves.
import { raise } from "./alarms.ts";
import { itemsNamed } from "./due.ts";
import { isTakenOff, piecesLeft } from "./ledger.ts";
import type { Look, ReleaseRecord } from "./release.ts";
import type { Item } from "./state.ts";
import { count, type Turn } from "./turn.ts";

export const LABEL_DUPLICATED = "ITEM_LABEL_DUPLICATED";

/**
 * Puts every parcel in doubt that rides under such a label, on whatever belt, and returns those that were not before: each
 * of them has to be decided anew. The doubt stays, also when the others have come to their ends.
 */
export function markDuplicates(turn: Turn, item: Item, looks: readonly Look[]): Item[] {
  const fresh = looks.flatMap(({ record }) => (record === null ? [] : tooMany(turn, item, record)));
  if (fresh.length === 0) return fresh;
  for (const rider of fresh) rider.doubt = LABEL_DUPLICATED;
  count(turn, "labelsDuplicated", fresh.length);
  const waybill = item.identity?.kind === "code" ? item.identity.waybill : "?";
  raise(turn, { code: "LABEL_DUPLICATED", source: item.beltId, detail: `parcel ${waybill}` });
  return fresh;
}

/** Riders of this record that are not in doubt for it yet, when there are more of them than pieces. */
function tooMany(turn: Turn, item: Item, record: ReleaseRecord): Item[] {
  const riders = itemsNamed(turn, new Set([record.waybill])).filter((other) => bears(other, record));
  if (riders.length < 2 || !riders.includes(item)) return [];
  const reserved = riders.filter(({ permitId }) => {
    const permit = permitId === null ? undefined : turn.state.permits.get(permitId);
    return permit?.release != null && isTakenOff(turn.state, permit.release, record);
  });
  if (riders.length <= piecesLeft(turn.state, record, null) + reserved.length) return [];
  return riders.filter(({ doubt }) => doubt !== LABEL_DUPLICATED);
}

const bears = ({ identity }: Item, { company, waybill }: ReleaseRecord): boolean =>
  identity?.kind === "code" && identity.waybill === waybill && identity.companies.includes(company);
