// How many parcels a chute takes within a minute: those that were let go, and those that a permit has spoken for.
import type { ChuteLayout } from "./layout.ts";
import type { Item } from "./state.ts";
import { activeSite, chuteState, type Turn } from "./turn.ts";

const MINUTE_NS = 60_000_000_000;

/** @param o.phase planned, a permit that waits counts as sent; at the last look only what was let go does */
export function isTooMany(turn: Turn, o: { chute: ChuteLayout; item: Item; phase: "plan" | "lastLook" }): boolean {
  const { chute, item, phase } = o;
  // A layout in an older version's journal knows no limit.
  const most = chute.maxPerMinute ?? null;
  if (most === null) return false;
  const sent = chuteState(turn, chute.id).sentNs.filter((atNs) => atNs > turn.nowNs - MINUTE_NS).length;
  return sent + (phase === "plan" ? waiting(turn, chute.id, item.id) : 0) >= most;
}

function waiting(turn: Turn, chuteId: string, itemId: number): number {
  let found = 0;
  for (const permit of turn.state.permits.values())
    if (permit.chuteId === chuteId && permit.itemId !== itemId && ["reserved", "queued"].includes(permit.state))
      found += 1;
  return found;
}

/** A last look has let a parcel go. The list never outgrows the limit: past it no last look lets anybody go. */
export function noteSent(turn: Turn, chuteId: string): void {
  if (activeSite(turn).chutes.get(chuteId)?.maxPerMinute == null) return;
  const state = chuteState(turn, chuteId);
  state.sentNs = [...state.sentNs.filter((atNs) => atNs > turn.nowNs - MINUTE_NS), turn.nowNs];
}
