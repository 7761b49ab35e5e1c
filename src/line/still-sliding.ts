// Parcels that have their end in the journal, and at a restart may still be on their way into the chute of their command.
import type { LineEntry } from "./entry.ts";
import { expectGhost } from "./ghosts.ts";
import type { LineState } from "./state.ts";

/**
 * From its end, ns of the journal, the time between two runs left out: what takes longer into its chute, on a belt that stands,
 * is not put down to it any more.
 */
const SLIDES_NS = 10_000_000_000;

export interface StillSliding {
  itemId: number;
  chuteId: string;
  /** How long in the runs before this one, and since when in this one. */
  slidNs: number;
  sinceNs: number;
}

/**
 * @param o.state as it was before the entry
 * @param o.lastNs when the entry before it was written
 * @returns what may still slide after it
 */
export function slidingAfter(
  entry: LineEntry,
  o: { state: LineState; before: readonly StillSliding[]; lastNs: number },
): readonly StillSliding[] {
  const { state, before, lastNs } = o;
  if (entry.kind === "run") return before.map((one) => ({ ...one, slidNs: slidNs(one, lastNs), sinceNs: entry.atNs }));
  if (entry.kind === "arrivedLate") return before.filter(({ itemId }) => itemId !== entry.itemId);
  if (entry.kind !== "end") return before;
  const chuteId = intoChute(state, entry);
  if (chuteId === null) return before;
  const sinceNs = entry.atNs;
  return [...before.filter((one) => isNear(one, sinceNs)), { itemId: entry.itemId, chuteId, slidNs: 0, sinceNs }];
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
  for (const one of sliding)
    if (isNear(one, nowNs)) expectGhost(state, { chuteId: one.chuteId, itemId: one.itemId, untilUm: 0 });
}

const isNear = (one: StillSliding, nowNs: number): boolean => slidNs(one, nowNs) <= SLIDES_NS;

const slidNs = (one: StillSliding, nowNs: number): number => one.slidNs + nowNs - one.sinceNs;
