// Moves spending from the journal into the release store: a permit spends a piece, a give-back returns it, once each; and what
// officers have held, should the gateway that was to write it have ended before.
import type { LineEntry } from "../line/entry.ts";
import type { HoldEvent } from "../releases/event.ts";
import type { Applied, Carry, ReleaseStore } from "../releases/store.ts";
import type { Stretch } from "./journal-feed.ts";
import { officersHoldOf } from "./officers-hold.ts";

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

export interface CarryOverEvents {
  /** More came back than was ever spent: the journal and the store disagree, a person should look. */
  overdrawn(releases: readonly string[]): void;
  /** What officers have held was not in the store yet, and is now. */
  held(holds: readonly HoldEvent[], applied: Applied): void;
}

export function carryOver(store: Pick<ReleaseStore, "carry" | "apply">, events: CarryOverEvents): CarryOver {
  return {
    async take(stretch) {
      // Mostly they are there already; in whatever order and however often they come, they end alike.
      const holds = stretch.entries.flatMap(({ entry }) => officersHoldOf(entry) ?? []);
      const applied = holds.length === 0 ? null : await store.apply(holds);
      if (applied !== null && applied.changed.length > 0) events.held(holds, applied);
      const { overdrawn } = await store.carry(carryOf(stretch));
      if (overdrawn.length > 0) events.overdrawn(overdrawn);
    },
  };
}
