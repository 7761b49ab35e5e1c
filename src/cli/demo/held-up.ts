// Whose belt the machine held up: where no encoder counts, the line goes on by the clock while the simulated belt stands.
import type { Site } from "../../config/load.ts";
import type { RunEvidence } from "./evidence.ts";

/** At 2 m/s a centimetre: as much as the sample of an eye leaves open anyway. */
const LONGEST_NS = 5e6;

/** Parcels that rode on a belt without encoder when the simulated line stood for longer than 5 ms. */
export function heldUpParcels({ truth, records }: RunEvidence, { line }: Pick<Site, "line">): ReadonlySet<string> {
  const byClock = new Set(line.belts.flatMap(({ id, encoder }) => (encoder === undefined ? [id] : [])));
  const pauses = records.pauses.map(({ untilNs, totalNs }, at) => ({
    atNs: untilNs - totalNs,
    ns: totalNs - (records.pauses[at - 1]?.totalNs ?? 0),
  }));
  const long = pauses.filter(({ ns }) => ns > LONGEST_NS);
  const rode = truth.parcels.filter(({ beltId, fedNs, end }) => {
    const leftNs = end.kind === "chute" ? end.passedNs : Number.POSITIVE_INFINITY;
    return byClock.has(beltId) && long.some(({ atNs }) => atNs >= fedNs && atNs <= leftNs);
  });
  return new Set(rode.map(({ id }) => id));
}
