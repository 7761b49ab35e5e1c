// Parcels that have their end in the journal, and at a restart may still be on their way into the chute of their command.
import type { LineEntry } from "./entry.ts";
import { expectGhost, keepGhosts } from "./ghosts.ts";
import type { LineState, Permit } from "./state.ts";

/**
 * From its end to the last entry of the run that died, and so in each run that died since, ns: what takes longer into its chute, on a
 * belt that stands, is not put down to it any more. Within a run the belt's travel says how long.
 */
const SLIDES_NS = 10_000_000_000;

/** Its end says that it is waited for. @param permit the item's own */
export function mayStillSlide(state: LineState, entry: Extract<LineEntry, { kind: "end" }>, permit: Permit): void {
  if (entry.awaited !== true) return;
  const { itemId, atNs: sinceNs } = entry;
  const { chuteId, zone } = permit;
  expectGhost(state, { chuteId: entry.chuteId ?? chuteId, itemId, zone, untilUm: 0, sinceNs });
}

/** A run has ended and the next one begins: who has not been waited for too long goes on being expected. */
export function carryGhosts(state: LineState, { endedNs, beganNs }: { endedNs: number; beganNs: number }): void {
  for (const [chuteId, ghosts] of [...state.ghosts]) {
    const carried = ghosts.map((ghost) => ({
      ...ghost,
      waitedNs: ghost.waitedNs + Math.max(0, endedNs - ghost.sinceNs),
      sinceNs: beganNs,
    }));
    state.ghosts.set(chuteId, carried);
    keepGhosts(state, chuteId, ({ waitedNs }) => waitedNs <= SLIDES_NS);
  }
}
