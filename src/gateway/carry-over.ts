// Moves spending from the journal into the release store: a permit spends a piece, a give-back returns it, once each.
import type { LineEntry } from "../line/entry.ts";
import type { Carry, ReleaseStore } from "../releases/store.ts";
import type { Stretch } from "./journal-feed.ts";

/**
 * The journal entry is the spending, the store only its sum: spending and cursor move in one transaction, so that a
 * stretch is never counted twice or left out, wherever this process dies.
 */
export function carryOf(stretch: Stretch): Carry {
  const deltas: Record<string, number> = Object.create(null) as Record<string, number>;
  let journalId: string | null = null;
  for (const { entry } of stretch.entries) {
    if (entry.kind === "run") journalId = entry.journalId;
    const spent = spending(entry);
    if (spent !== null) deltas[spent.release] = (deltas[spent.release] ?? 0) + spent.pieces;
  }
  for (const [release, pieces] of Object.entries(deltas)) if (pieces === 0) delete deltas[release];
  return { journalId, upToEntry: stretch.upToEntry, upToSeq: stretch.upToSeq, deltas, cursor: stretch.cursor };
}

function spending(entry: LineEntry): { release: string; pieces: 1 | -1 } | null {
  if (entry.kind === "permit" && entry.release !== null) return { release: entry.release, pieces: 1 };
  if (entry.kind === "giveBack") return { release: entry.release, pieces: -1 };
  return null;
}

export interface CarryOver {
  take(stretch: Stretch): Promise<void>;
}

/** @param onOverdrawn more came back than was ever spent: the journal and the store disagree, a person should look */
export function carryOver(
  store: Pick<ReleaseStore, "carry">,
  onOverdrawn: (releases: readonly string[]) => void,
): CarryOver {
  return {
    async take(stretch) {
      const { overdrawn } = await store.carry(carryOf(stretch));
      if (overdrawn.length > 0) onOverdrawn(overdrawn);
    },
  };
}
