// Law 3, a release is spent once: pieces that are not counted, counted too late, given back wrongly, or bear one label twice.
import type { Mutant } from "../mutant.ts";

export const clause3: readonly Mutant[] = [
  {
    name: "only-the-store-counts",
    clause: 3,
    does: "what this journal has spent and the store does not know yet is not counted",
    edits: [
      {
        file: "src/line/ledger.ts",
        from: "record.pieces - record.spent - (state.uncarried.get(key) ?? 0) + (own === key ? 1 : 0);",
        to: "record.pieces - record.spent;",
      },
    ],
    hunt: "late-copies",
  },
  {
    name: "crash-gives-back",
    clause: 3,
    does: "a restart does not count the permits of the run that died, so that their pieces are free again",
    edits: [
      {
        file: "src/line/restore.ts",
        from: "if (entry.release !== null) enterLedger(state, { n: entry.n, release: entry.release, delta: 1 });",
        to: "",
      },
    ],
    hunt: "copies-and-kills",
  },
  {
    name: "lost-gives-back",
    clause: 3,
    does: "a parcel that was lost gives its piece back, though it may have left",
    edits: [
      {
        file: "src/line/ends.ts",
        from: "if (permit !== undefined && atSafeEnd && isSurelyHere(item, permit)) giveBack",
        to: `if (permit !== undefined && ((atSafeEnd && isSurelyHere(item, permit)) || end.end === "lost")) giveBack`,
      },
    ],
    hunt: "copies-and-jumps",
  },
  {
    name: "duplicate-label-unnoticed",
    clause: 3,
    does: "two parcels under one label: the first to come to its gate leaves, whichever is the copy",
    edits: [
      {
        file: "src/line/duplicates.ts",
        from: "if (riders.length < 2 || !riders.includes(item)) return [];",
        to: "if (riders.length < 99 || !riders.includes(item)) return [];",
      },
    ],
    hunt: "close-copies",
    isInSlice: true,
  },
  {
    name: "pieces-counted-on-arrival",
    clause: 3,
    does: "a piece is counted when its parcel has arrived, not when its permit is written",
    edits: [
      {
        file: "src/line/permits.ts",
        from: "if (o.release !== null) enterLedger(turn.state, { n: id, release: o.release, delta: 1 });",
        to: "",
      },
      {
        file: "src/line/permits.ts",
        from: "  enterLedger(turn.state, { n, release: permit.release, delta: -1 });\n",
        to: "  void n;\n",
      },
      {
        file: "src/line/ends.ts",
        from: "  if (end.chuteId !== null) arrivedAt(turn, item, { chuteId: end.chuteId, permit });",
        to: `  if (end.chuteId !== null) arrivedAt(turn, item, { chuteId: end.chuteId, permit });
  if (permit !== undefined && permit.release !== null && end.end === "arrived")
    turn.state.uncarried.set(permit.release, (turn.state.uncarried.get(permit.release) ?? 0) + 1);`,
      },
    ],
    hunt: "copies-and-jumps",
  },
];
