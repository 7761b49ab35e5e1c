// Which waybills the store may forget: only those whose forgetting no line of the feed can turn into a release any more.
import { horizonMs } from "./admission.ts";
import { standingHolds } from "./judge.ts";
import { asCorrected, numberLifetimeMs } from "./ledger.ts";
import { type Plan, type Put, readable } from "./plan.ts";
import { readDeclarations, readHolds, readLedger, type Tables } from "./tables.ts";

/** Clocks are set and zones are mistaken by hours, not by a day. */
const marginMs = 24 * 3600 * 1000;
/**
 * No validity is longer than the life of a number, so that one which is good now began within that life: it cannot
 * overlap a window that ended before, and what was spent on that window counts for nothing any more.
 */
export const keepAfterEndMs = numberLifetimeMs + marginMs;
/**
 * A declaration may be the revoke of a release with a later end. Past the horizon that release would no longer be taken,
 * however often its line is sent again.
 */
export const keepAfterWordMs = horizonMs + marginMs;

/** Waybills looked at in one batch, about 5 ms, and forgotten in it: one short transaction. */
export const maxPruneSeen = 500;
export const maxPruned = 100;

/** Where a sweep over the store goes on; null: at its beginning. */
export interface PrunePlace {
  table: "declarations" | "ledger";
  after: string;
}

export interface Pruned {
  /** Waybills forgotten. */
  pruned: number;
  /** Null: the sweep has seen all. */
  next: PrunePlace | null;
}

/** One batch of a sweep. Holds are never among what it removes, lifted ones neither: a lift may come before its hold. */
export function planPrune(tables: Tables, o: { from: PrunePlace | null; atMs: number }): Plan<Pruned> {
  const { table, after } = o.from ?? { table: "declarations" as const, after: "" };
  const puts: Put[] = [];
  let [seen, pruned, last] = [0, 0, after];
  for (const key of tables[table].getKeys(after === "" ? {} : { start: after, exclusiveStart: true })) {
    seen += 1;
    last = key;
    if (isOver(tables, key, o.atMs)) {
      pruned += 1;
      puts.push({ table: "declarations", key, value: null }, { table: "ledger", key, value: null });
    }
    if (seen >= maxPruneSeen || pruned >= maxPruned) return { puts, result: { pruned, next: { table, after: last } } };
  }
  const next = table === "declarations" ? ({ table: "ledger", after: "" } as const) : null;
  return { puts, result: { pruned, next } };
}

/** A waybill goes as a whole or not at all. What is damaged, lost or no longer counted stays the error that it is. */
function isOver(tables: Tables, key: string, atMs: number): boolean {
  const declared = readable(() => readDeclarations(tables, key));
  const held = readable(() => readHolds(tables, key));
  const ledger = readable(() => readLedger(tables, key));
  if (declared === null || held === null || ledger === null) return false;
  if (declared.value === "saturated" || held.value === "saturated") return false;
  const spent = asCorrected(ledger.value, declared.value);
  if (spent === "saturated") return false;
  const hasLost = declared.holdsVersion !== held.version || declared.ledgerVersion !== ledger.version;
  if (declared.version !== 0 && hasLost) return false;
  if (standingHolds(held.value).length > 0) return false;
  const isPast = (validToMs: number): boolean => validToMs < atMs - keepAfterEndMs;
  return (
    declared.value.every((d) => isPast(d.validToMs) && d.eventAtMs < atMs - keepAfterWordMs) &&
    spent.every((line) => isPast(line.validToMs))
  );
}
