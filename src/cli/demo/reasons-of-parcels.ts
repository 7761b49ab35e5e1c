// Why a parcel of the world is where it is, by the journal's ends: of the item that bore its name, or that lost it to another's.
import type { ParcelTruth } from "../../../simulators/world/truth.ts";
import type { LineEntry } from "../../line/entry.ts";
import type { RunEvidence } from "./evidence.ts";

/** A reading of it was in a telegram that named nobody: the item that it lies under had no name to end with. */
const GIVEN_TO_NOBODY = "SCANNER_STRAY_TELEGRAM";

/**
 * Reasons of the ends that may be a parcel's. An end bears its waybill where one parcel alone bore the name. That of a conflict
 * bears none: it is that of each parcel whose telegram named the item, or spoiled it.
 * @param entries of the whole run
 * @returns reasons of a parcel, each once; empty: the journal knows nothing of it
 */
export function reasonsOfParcels(
  entries: readonly LineEntry[],
): (parcel: Pick<ParcelTruth, "waybill" | "reads">) => readonly string[] {
  const byName = new Map<string, Set<string>>();
  const nameless = new Map<number, string>();
  const readAs = new Map<string, Set<number>>();
  for (const entry of entries) {
    if (entry.kind === "telegram") {
      const itemIds = entry.itemId === null ? entry.spoiled : [entry.itemId];
      for (const code of entry.codes) {
        const items = setOf(readAs, code);
        for (const itemId of itemIds) items.add(itemId);
      }
    }
    if (entry.kind !== "end") continue;
    if (entry.waybill === null) nameless.set(entry.itemId, entry.reason);
    else setOf(byName, entry.waybill).add(entry.reason);
  }
  return ({ waybill, reads }) => {
    const named = byName.get(waybill);
    if (named !== undefined) return [...named];
    const codes = new Set([waybill, ...reads.flatMap((read) => read.codes)]);
    const read = [...codes].flatMap((code) => readAs.get(code) ?? []);
    if (read.length > 0 && read.every(({ size }) => size === 0)) return [GIVEN_TO_NOBODY];
    return [...new Set(read.flatMap((itemIds) => [...itemIds].flatMap((itemId) => nameless.get(itemId) ?? [])))];
  };
}

/** The same by a parcel's id in the truth. */
export function reasonsByParcel({
  entries,
  truth,
}: Pick<RunEvidence, "entries" | "truth">): (id: string) => readonly string[] {
  const reasonsOf = reasonsOfParcels(entries);
  const parcels = new Map(truth.parcels.map((parcel) => [parcel.id, parcel]));
  return (id) => {
    const parcel = parcels.get(id);
    return parcel === undefined ? [] : reasonsOf(parcel);
  };
}

function setOf<K, V>(sets: Map<K, Set<V>>, key: K): Set<V> {
  const known = sets.get(key) ?? new Set<V>();
  sets.set(key, known);
  return known;
}
