// Law 9, every parcel has exactly one end: ends that are written twice, never, for another, or for what nobody saw.
import type { Mutant } from "../mutant.ts";

export const clause9: readonly Mutant[] = [
  {
    name: "the-lost-live-on",
    clause: 9,
    does: "a parcel that was lost is kept in mind, and is lost once more",
    edits: [
      {
        file: "src/line/ends.ts",
        from: "  turn.state.items.delete(item.id);",
        to: `  if (end.end !== "lost") turn.state.items.delete(item.id);`,
      },
      {
        file: "src/line/ends.ts",
        from: "  leave(turn, item, permit);",
        to: "  leave(turn, item, permit, end);",
      },
      {
        file: "src/line/ends.ts",
        from: "function leave(turn: Turn, item: Item, permit: Permit | undefined): void {",
        to: "function leave(turn: Turn, item: Item, permit: Permit | undefined, end: End): void {",
      },
    ],
    hunt: "taken-before-gates",
  },
  {
    name: "crash-ends-only-the-named",
    clause: 9,
    does: "a restart ends what had a name, and forgets what was not read yet",
    edits: [
      {
        file: "src/line/run-start.ts",
        from: "    const permit = item.permitId === null ? undefined : turn.state.permits.get(item.permitId);\n    journal(turn, {",
        to: `    const permit = item.permitId === null ? undefined : turn.state.permits.get(item.permitId);
    if (item.identity === null) continue;
    journal(turn, {`,
      },
    ],
    hunt: "kills",
  },
  {
    name: "unseen-counts-as-arrived",
    clause: 9,
    does: "a parcel that its chute's eye has not seen in time has arrived all the same",
    edits: [
      {
        file: "src/line/arrivals.ts",
        from: `endItem(turn, item, { end: "divertedUnseen", chuteId, mayStand: hasEye, isAwaited: hasEye });`,
        to: `endItem(turn, item, { end: "arrived", chuteId });`,
      },
    ],
    hunt: "taken-before-gates",
    isInSlice: true,
  },
  {
    name: "numbers-begin-anew",
    clause: 9,
    does: "after a restart the parcels' numbers go on from the checkpoint, and some are given twice",
    edits: [
      {
        file: "src/line/restore.ts",
        from: "      state.nextItem = Math.max(state.nextItem, entry.itemId + 1);\n",
        to: "",
      },
    ],
    hunt: "kills",
  },
];
