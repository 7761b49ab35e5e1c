// Law 9: every item of the journal has exactly one end, and there are as many items as parcels.
import type { Evidence, Finding } from "./evidence.ts";

export function oneEnd({ truth, journal, isComplete }: Evidence): Finding[] {
  const counts = new Map<number, number>([...journal.items.keys()].map((itemId) => [itemId, 0]));
  for (const { itemId } of journal.ends) counts.set(itemId, (counts.get(itemId) ?? 0) + 1);
  const findings: Finding[] = [];
  const add = (detail: string) => findings.push({ rule: "one-end", clause: 9, parcelId: null, detail });
  for (const [itemId, ends] of counts) {
    if (ends > 1) add(`item ${itemId} has ${ends} ends`);
    if (ends === 0 && isComplete) add(`item ${itemId} has no end, though nothing rides any more`);
  }
  const extra = counts.size - truth.parcels.length;
  if (extra > 0) add(`${extra} more items than parcels: one parcel was taken for two`);
  return findings;
}
