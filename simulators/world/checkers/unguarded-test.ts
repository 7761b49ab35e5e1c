// Law 1: a test parcel is let out only into the hands of a person who stood at that chute for it, one parcel each time.
import { type Evidence, type Finding, type GuardFact, type InChute, inOutbound, isTest } from "./evidence.ts";
import { memoryOf } from "./memory.ts";

export function unguardedTest(evidence: Evidence, { guardsUsed } = memoryOf(evidence)): Finding[] {
  const tests = inOutbound(evidence.truth)
    .filter(isTest)
    .sort((a, b) => a.end.passedNs - b.end.passedNs);
  return tests.flatMap((parcel) => {
    const guard = guardBehind(evidence, parcel, guardsUsed);
    if (guard !== null) {
      guardsUsed.add(guard.n);
      return [];
    }
    const detail = `a test parcel (${parcel.waybill}) in ${parcel.end.chuteId}, where nobody stood for it`;
    return [{ rule: "unguarded-test", clause: 1, parcelId: parcel.id, detail }];
  });
}

/** Given before the permit, for this chute and code, not over at the last look, and for no other parcel. */
function guardBehind({ journal }: Evidence, parcel: InChute, used: ReadonlySet<number>): GuardFact | null {
  for (const { n, chuteId, itemId, letGoNs = null } of journal.permits.values()) {
    const isItsOwn = chuteId === parcel.end.chuteId && journal.items.get(itemId)?.has(parcel.waybill) === true;
    if (!isItsOwn || letGoNs === null) continue;
    const guard = journal.guards?.findLast((each) => each.n < n);
    if (guard === undefined || guard.chuteId !== chuteId || guard.code !== parcel.waybill || used.has(guard.n))
      continue;
    if (letGoNs >= guard.atNs && letGoNs <= guard.untilNs) return guard;
  }
  return null;
}
