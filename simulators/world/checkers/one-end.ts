// Law 9: every item of the journal has exactly one end, and there are as many items as parcels.
import type { Evidence, Finding } from "./evidence.ts";
import { memoryOf } from "./memory.ts";

export function oneEnd(evidence: Evidence, memory = memoryOf(evidence)): Finding[] {
  const { truth, journal, isComplete, goesOn = false } = evidence;
  const findings: Finding[] = [];
  const add = (detail: string) => findings.push({ rule: "one-end", clause: 9, parcelId: null, detail });
  const several = new Set<number>();
  for (const { itemId } of journal.ends) {
    const ends = (memory.ends.get(itemId) ?? 0) + 1;
    memory.ends.set(itemId, ends);
    if (ends > 1) several.add(itemId);
  }
  for (const itemId of several) add(`item ${itemId} has ${memory.ends.get(itemId)} ends`);
  memory.parcels += truth.parcels.length;
  if (goesOn) return findings;
  for (const itemId of journal.items.keys()) {
    if (isComplete && !memory.ends.has(itemId)) add(`item ${itemId} has no end, though nothing rides any more`);
  }
  const extra = journal.items.size + journal.itemsForgotten - memory.parcels;
  if (extra > 0) add(`${extra} more items than parcels: one parcel was taken for two`);
  return findings;
}
