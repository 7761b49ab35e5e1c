// Law 2: a hold that came after the last look is told, so that the parcel can be fetched back from its container.
import { commandBehind, type Evidence, type Finding, type InChute, inOutbound } from "./evidence.ts";
import { type Departed, memoryOf } from "./memory.ts";

/** So long the line has for it: it may have been about to start, and its entry on the way to the disk. */
const TOLD_WITHIN_NS = 5_000_000_000;
/** A controller that died so soon may have heard of it and forgotten: its entry was not on the disk. The next one is told again. */
const DEAD_NS = 2_000_000_000;

/** Holds that come later than that after a parcel has left are nobody's business here. */
const WATCHED_NS = 60_000_000_000;

export function untoldLateHold(evidence: Evidence, { customs, departed } = memoryOf(evidence)): Finding[] {
  const { truth, journal, goesOn = false } = evidence;
  for (const parcel of inOutbound(truth)) departed.set(parcel.id, departure(evidence, parcel));
  const findings: Finding[] = [];
  for (const [id, parcel] of departed) {
    const { waybill, leftNs, lookNs } = parcel;
    const isOver = !goesOn || truth.atNs - leftNs > WATCHED_NS;
    const hintedNs = customs.hintedHoldNs(parcel, { afterNs: lookNs });
    if (hintedNs !== null && truth.atNs - toldLastNs(hintedNs, journal.startsNs) >= TOLD_WITHIN_NS) {
      if (!journal.lateHeld.has(waybill)) {
        const detail = `held ${hintedNs - lookNs} ns after its last look, and nobody was told`;
        findings.push({ rule: "untold-late-hold", clause: 2, parcelId: id, detail });
      }
      departed.delete(id);
    } else if (isOver) departed.delete(id);
  }
  return findings;
}

/** The last start in a row of controllers of which each may have died with what it had just been told. */
function toldLastNs(hintedNs: number, startsNs: readonly number[]): number {
  let lastNs = hintedNs;
  for (const atNs of startsNs) if (atNs > lastNs && atNs - lastNs < DEAD_NS) lastNs = atNs;
  return lastNs;
}

function departure(evidence: Evidence, parcel: InChute): Departed {
  const { company, waybill, end } = parcel;
  return { company, waybill, leftNs: end.passedNs, lookNs: commandBehind(evidence, parcel)?.lookNs ?? end.passedNs };
}
