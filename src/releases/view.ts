// All that the store knows of a waybill, for people and for the gateway: nothing judged, nothing left out.
import type { Hold } from "../line/release.ts";
import type { Stored } from "./encoding.ts";
import { standingHolds } from "./judge.ts";
import type { LedgerLine } from "./ledger.ts";
import { readDeclarations, readHolds, readLedger, type Tables, waybillKey } from "./tables.ts";
import type { Declaration, HoldMark } from "./waybill.ts";

export interface WaybillView {
  company: string;
  waybill: string;
  version: number;
  /** More was said of it than is counted: it is never released. The list concerned is empty here. */
  saturated: boolean;
  declarations: readonly Declaration[];
  /** Placed and lifted, those lifted before they were placed too. */
  holds: readonly HoldMark[];
  standing: readonly Hold[];
  spent: readonly LedgerLine[];
}

/** @throws DamagedValue */
export function viewOf(tables: Tables, company: string, waybill: string): WaybillView | null {
  const key = waybillKey(company, waybill);
  const declarations = readDeclarations(tables, key);
  const holds = readHolds(tables, key);
  const ledger = readLedger(tables, key);
  const version = Math.max(declarations.version, holds.version, ledger.version);
  if (version === 0) return null;
  return {
    company,
    waybill,
    version,
    saturated: [declarations, holds, ledger].some((stored) => stored.value === "saturated"),
    declarations: listOf(declarations),
    holds: listOf(holds),
    standing: standingHolds(listOf(holds)),
    spent: listOf(ledger),
  };
}

/** One view for each company that uses the number, by company. @throws DamagedValue */
export function findByWaybill(tables: Tables, waybill: string): readonly WaybillView[] {
  const range = { start: `${waybill}/`, end: `${waybill}0` }; // "0" comes right after "/" in ASCII
  const keys = new Set([...tables.declarations.getKeys(range), ...tables.holds.getKeys(range)]);
  const companies = [...keys].map((key) => key.slice(waybill.length + 1)).sort();
  return companies.flatMap((company) => viewOf(tables, company, waybill) ?? []);
}

const listOf = <T>(stored: Stored<readonly T[] | "saturated">): readonly T[] =>
  stored.value === "saturated" ? [] : stored.value;
