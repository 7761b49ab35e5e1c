// Figures of a run: how late commands were at the device, how long decisions took, how long parcels took from release to chute.
import type { LineEntry } from "../../line/entry.ts";
import { CARRIED_OUT, type RunEvidence } from "./evidence.ts";

export interface Quantiles {
  count: number;
  p50: number;
  p99: number;
  p999: number;
  max: number;
}

export interface RunFigures {
  /** Planned instant to the complete command at the gate's device, ms. */
  latencyMs: Quantiles;
  /** Last byte of the telegram to the decision's entry, ms. */
  decisionMs: Quantiles;
  /** The gateway's acknowledgement of a release (or the infeed, where that is later) to the chute, s. */
  releaseToChuteS: Quantiles;
  lateDropped: number;
  /** Chosen for a gate's chute: what late drops are counted against. */
  permits: number;
}

const LATE = new Set(["LAW_LATE", "LAW_NOT_WRITTEN"]);

export function figuresOf(evidence: RunEvidence): RunFigures {
  const { entries } = evidence;
  return {
    latencyMs: quantiles(fireErrorsMs(evidence)),
    decisionMs: quantiles(decisionTimesMs(entries)),
    releaseToChuteS: quantiles(releaseToChuteS(evidence)),
    lateDropped: entries.filter((entry) => entry.kind === "end" && LATE.has(entry.reason)).length,
    permits: entries.filter((entry) => entry.kind === "permit").length,
  };
}

/** Parcels whose end was a late drop: counted, and no fault of the sorting. */
export function lateParcels({ entries, truth }: RunEvidence): ReadonlySet<string> {
  const waybills = new Set(entries.flatMap((e) => (e.kind === "end" && LATE.has(e.reason) ? [e.waybill] : [])));
  return new Set(truth.parcels.flatMap(({ id, waybill }) => (waybills.has(waybill) ? [id] : [])));
}

/** A plain coil that is switched on does not say for which permit: for the last one that was let go at its gate, no longer ago. */
const COIL_WITHIN_NS = 500e6;

function fireErrorsMs({ entries, worldNs, records }: RunEvidence): number[] {
  const gates = new Map(
    entries.flatMap((entry) => (entry.kind === "permit" ? [[entry.n, entry.gateId] as const] : [])),
  );
  const looks = entries.flatMap((entry) =>
    entry.kind === "lastLook" && entry.go
      ? [{ permit: entry.permit, atNs: worldNs(entry), plannedNs: worldNs(entry) - entry.atNs + entry.plannedNs }]
      : [],
  );
  const byPermit = new Map(looks.map((look) => [look.permit, look]));
  return records.arrivals.flatMap(({ gateId, sequence, verdict, atNs }) => {
    const ofCoil = (look: (typeof looks)[number]): boolean =>
      gates.get(look.permit) === gateId && look.atNs <= atNs && atNs - look.atNs <= COIL_WITHIN_NS;
    if (sequence === null && verdict !== CARRIED_OUT) return [];
    const look = sequence === null ? looks.findLast(ofCoil) : byPermit.get(sequence);
    return look === undefined ? [] : [(atNs - look.plannedNs) / 1e6];
  });
}

function decisionTimesMs(entries: readonly LineEntry[]): number[] {
  const readNs = new Map<number, number>();
  const times: number[] = [];
  for (const entry of entries) {
    if (entry.kind === "telegram" && entry.itemId !== null && !readNs.has(entry.itemId)) {
      readNs.set(entry.itemId, entry.lastByteNs);
    }
    const from = entry.kind === "decision" && entry.version === 1 ? readNs.get(entry.itemId) : undefined;
    if (from !== undefined) times.push((entry.atNs - from) / 1e6);
  }
  return times;
}

function releaseToChuteS({ truth }: RunEvidence): number[] {
  const outbound = new Set(truth.chutes.flatMap(({ id, zone }) => (zone.kind === "outbound" ? [id] : [])));
  return truth.parcels.flatMap(({ end, statements, fedNs }) => {
    if (end.kind !== "chute" || end.atNs === null || !outbound.has(end.chuteId)) return [];
    const releases = statements.flatMap(({ says, acknowledgedNs }) =>
      says.kind === "release" && says.status === "released" && acknowledgedNs !== null ? [acknowledgedNs] : [],
    );
    const last = releases.at(-1);
    return last === undefined ? [] : [(end.atNs - Math.max(last, fedNs)) / 1e9];
  });
}

/** Nearest-rank quantiles; zeros where there is nothing. */
export function quantiles(values: readonly number[]): Quantiles {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), p999: at(0.999), max: sorted.at(-1) ?? 0 };
}
