// Which entries of the journal belong to one waybill: those of every item that bore its code, over restarts too.
import type { LineEntry } from "../line/entry.ts";

/** Codes are compared trimmed and in capitals. */
export const comparable = (code: string): string => code.trim().toUpperCase();

/** The items that bore the code, each by its id, which no other item ever has. */
export function itemsOf(entries: Iterable<LineEntry>, code: string): Set<number> {
  const wanted = comparable(code);
  const items = new Set<number>();
  for (const entry of entries) {
    if (!codesIn(entry).some((found) => comparable(found) === wanted)) continue;
    for (const item of itemsIn(entry)) items.add(item);
  }
  return items;
}

/**
 * Decides entry by entry, in the journal's order, whether it tells of one of the items: their own entries, those of
 * their permits, and the withdrawals that called a gate home while it was theirs.
 */
export function parcelFilter(items: ReadonlySet<number>): (entry: LineEntry) => boolean {
  const orders = new Set<number>();
  /** Gates that are out for one of the items, each with its permit. */
  const gates = new Map<string, { permit: number; item: number }>();
  return (entry) => {
    if (itemsIn(entry).some((item) => items.has(item))) {
      if (entry.kind === "permit") {
        orders.add(entry.n);
        gates.set(entry.gateId, { permit: entry.n, item: entry.itemId });
      } else if (entry.kind === "end") {
        for (const [gateId, { item }] of gates) if (item === entry.itemId) gates.delete(gateId);
      }
      return true;
    }
    switch (entry.kind) {
      case "permit":
        gates.delete(entry.gateId);
        return false;
      case "withdraw": {
        if (entry.trackingId !== undefined) {
          if (!orders.has(entry.voidUpTo)) return false;
          orders.add(entry.id);
          return true;
        }
        const isTheirs = (gates.get(entry.gateId)?.permit ?? Number.POSITIVE_INFINITY) <= entry.voidUpTo;
        if (isTheirs) orders.add(entry.id);
        return isTheirs;
      }
      default:
        return orders.has(orderOf(entry) ?? 0);
    }
  };
}

/** The permit or the withdrawal that the entry speaks of, by its number; the two are numbered as one. */
export function orderOf(entry: LineEntry): number | null {
  switch (entry.kind) {
    case "lastLook":
    case "command":
    case "giveBack":
      return entry.permit;
    case "withdrawal":
      return entry.id;
    default:
      return null;
  }
}

export function itemsIn(entry: LineEntry): readonly number[] {
  if (entry.kind === "telegram") return entry.itemId === null ? entry.spoiled : [entry.itemId, ...entry.spoiled];
  return "itemId" in entry && entry.itemId !== null ? [entry.itemId] : [];
}

export function codesIn(entry: LineEntry): readonly string[] {
  switch (entry.kind) {
    case "telegram":
      return entry.codes;
    case "decision":
      if (entry.identity.kind === "code") return [entry.identity.waybill];
      if (entry.identity.kind === "test") return [entry.identity.code];
      return entry.identity.kind === "conflict" ? entry.identity.waybills : [];
    case "end":
      return entry.waybill === null ? [] : [entry.waybill];
    case "lateHold":
      return [entry.waybill];
    default:
      return [];
  }
}
