// Parcels that have their end in the journal, and at a restart may still be on their way into the chute of their command.
import type { LineEntry } from "./entry.ts";
import type { LineState } from "./state.ts";

/** From its end, ns of the journal: what takes longer into its chute, on a belt that stands, is not put down to it any more. */
const SLIDES_NS = 10_000_000_000;

export interface StillSliding {
  itemId: number;
  chuteId: string;
  endedNs: number;
}

/** @param state as it was before the entry; @returns what may still slide after it, of the same run */
export function slidingAfter(
  state: LineState,
  entry: LineEntry,
  before: readonly StillSliding[],
): readonly StillSliding[] {
  if (entry.kind === "run") return [];
  if (entry.kind !== "end") return before;
  const chuteId = intoChute(state, entry);
  if (chuteId === null) return before;
  const endedNs = entry.atNs;
  return [...before.filter((one) => isNear(one, endedNs)), { itemId: entry.itemId, chuteId, endedNs }];
}

/**
 * Its chute's eye has not seen it: lost with the belt's position, or given up unseen. Those that a start has ended are
 * expected anyhow.
 */
function intoChute(state: LineState, entry: Extract<LineEntry, { kind: "end" }>): string | null {
  if (entry.reason === "CHUTE_EYE_SILENT") return entry.chuteId;
  if (entry.reason === "ITEM_RESTART") return null;
  const permitId = state.items.get(entry.itemId)?.permitId ?? null;
  const permit = permitId === null ? undefined : state.permits.get(permitId);
  return entry.chuteId === null && permit?.state === "fired" ? permit.chuteId : null;
}

/** They are expected as nobody's: what arrives there is put down to them, and is no breach. */
export function expectSliding(state: LineState, sliding: readonly StillSliding[], nowNs: number): void {
  for (const one of sliding) {
    if (!isNear(one, nowNs)) continue;
    const ghosts = state.ghosts.get(one.chuteId) ?? [];
    state.ghosts.set(one.chuteId, [...ghosts, { itemId: one.itemId, untilUm: 0 }]);
  }
}

const isNear = ({ endedNs }: StillSliding, nowNs: number): boolean => nowNs - endedNs <= SLIDES_NS;
