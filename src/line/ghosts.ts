// Parcels that have their end and may still come into the chute of their command: expected there as nobody's.
import type { BeltLayout, LineLayout } from "./layout.ts";
import { mayBeThere } from "./plc-tracked/destination.ts";
import type { Ghost, Item, LineState, Permit } from "./state.ts";
import { activeSite, beltState, count, journal, type Turn } from "./turn.ts";

/** Belt lengths for which an arrival is still put down to the run before. */
const LAST_BELT_LENGTHS = 1.5;
/** How long after its time a parcel that nobody saw may still show up, as belt travel at nominal speed, ns. */
const LATE_NS = 3_000_000_000;

/** Where the belt is when a parcel that should have been seen by now is not waited for any more. */
export const untilLateUm = (belt: BeltLayout, positionUm: number): number =>
  positionUm + Math.round((belt.speedUmPerS * LATE_NS) / 1e9);

/**
 * @param o.untilUm until the belt is there, something that arrives in the chute is put down to it and is no breach
 * @param o.sinceNs when it had its end
 */
export function expectGhost(
  state: LineState,
  o: { chuteId: string; itemId: number; zone: Permit["zone"] | null; untilUm: number; sinceNs: number },
): void {
  const { chuteId, ...ghost } = o;
  state.ghosts.set(chuteId, [...(state.ghosts.get(chuteId) ?? []), { ...ghost, waitedNs: 0 }]);
}

/** The item is given up. @returns whether it may come into its chute all the same, and is waited for there */
export function expectGivenUp(turn: Turn, o: { item: Item; permit: Permit | undefined; untilUm: number }): boolean {
  const { item, permit, untilUm } = o;
  if (permit === undefined || item.alsoIn !== null || !mayBeThere(item, permit)) return false;
  const { chuteId, zone } = permit;
  expectGhost(turn.state, { chuteId, itemId: item.id, zone, untilUm, sinceNs: turn.nowNs });
  return true;
}

/** What has come into the chute is put down to the one that has been expected there longest; false: none is. */
export function takeGhost(turn: Turn, chuteId: string): boolean {
  const [ghost] = turn.state.ghosts.get(chuteId) ?? [];
  if (ghost === undefined) return false;
  const { itemId } = ghost;
  ghostCame(turn.state, { chuteId, itemId });
  count(turn, "ghostArrivals");
  journal(turn, { kind: "lateArrival", itemId, chuteId, came: true });
  return true;
}

/** It lies in the container that stands there now, which may have been changed since it was let go (law 4). */
export function ghostCame(state: LineState, o: { chuteId: string; itemId: number }): void {
  const ghost = state.ghosts.get(o.chuteId)?.find(({ itemId }) => itemId === o.itemId);
  const chute = state.chutes.get(o.chuteId);
  if (chute !== undefined) chute.holds ??= ghost?.zone ?? null;
  removeGhost(state, o);
}

/** It is not expected any more. */
export function removeGhost(state: LineState, { chuteId, itemId }: { chuteId: string; itemId: number }): void {
  keepGhosts(state, chuteId, (ghost) => ghost.itemId !== itemId);
}

/** Only these of the chute go on being expected. */
export function keepGhosts(state: LineState, chuteId: string, isWanted: (ghost: Ghost) => boolean): void {
  const left = (state.ghosts.get(chuteId) ?? []).filter(isWanted);
  if (left.length === 0) state.ghosts.delete(chuteId);
  else state.ghosts.set(chuteId, left);
}

/** A chute of the belt that has ghosts: those whose time is over go. */
export function forgetGhosts(turn: Turn, beltId: string): void {
  if (turn.state.ghosts.size === 0) return;
  const { positionUm } = beltState(turn, beltId);
  for (const [chuteId, ghosts] of [...turn.state.ghosts]) {
    const chute = activeSite(turn).chutes.get(chuteId);
    if (chute?.beltId !== beltId) continue;
    // Where nothing sees what comes, nobody is told of it, and its end did not speak of it.
    const isSeen = chute.eyeId !== null || activeSite(turn).belts.get(beltId)?.tracker !== undefined;
    for (const { itemId, untilUm } of ghosts) {
      if (positionUm < untilUm) continue;
      removeGhost(turn.state, { chuteId, itemId });
      if (isSeen) journal(turn, { kind: "lateArrival", itemId, chuteId, came: false });
    }
  }
}

/** A run's positions start at 0; once the belt has cleared, nothing of the runs before can arrive any more. */
export function renewGhosts(state: LineState, layout: LineLayout): void {
  for (const [chuteId, ghosts] of state.ghosts) {
    const beltId = layout.chutes.find(({ id }) => id === chuteId)?.beltId;
    const lengthUm = layout.belts.find(({ id }) => id === beltId)?.lengthUm ?? 0;
    for (const ghost of ghosts) ghost.untilUm = lengthUm * LAST_BELT_LENGTHS;
  }
}
