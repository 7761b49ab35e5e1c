// Law 8, known position or none: gaps that are not measured, zones that are not free, doubts that do not count.
import type { Mutant } from "../mutant.ts";

/** A gate that is out is withdrawn before what nobody knows comes to it: that alone would hide a wrong idea of its zone. */
const CLOSING_IN_WITHOUT_STRETCHES = {
  file: "src/line/closing-in.ts",
  from: "    line.stretches.some(",
  to: "    line.stretches.slice(line.stretches.length).some(",
};

const ZONE_FREE_UNSEEN = {
  file: "src/line/law/clause-8-position.ts",
  from: `if (q.phase === "lastLook" && q.inTheWay !== null)`,
  to: `if (q.phase === "lastLook" && q.inTheWay !== null && q.positionUm < 0)`,
};

export const clause8: readonly Mutant[] = [
  {
    name: "swept-zone-not-kept-free",
    clause: 8,
    does: "a gate is moved an eighth of a second too early, whoever is still in its way",
    edits: [
      {
        file: "src/line/fire-window.ts",
        from: "const clearUm = o.near.aheadTailOriginUm + gate.atUm + gate.sweptUm + blurUm;",
        to: "const clearUm = Number.NEGATIVE_INFINITY;",
      },
      {
        file: "src/line/fire-window.ts",
        from: "const EARLIEST_NS = 150_000_000;",
        to: "const EARLIEST_NS = 250_000_000;",
      },
      {
        file: "src/line/fire-window.ts",
        from: "export const LOOP_RESERVE_NS = 25_000_000;",
        to: "export const LOOP_RESERVE_NS = 150_000_000;",
      },
    ],
    hunt: "mixed-traffic",
  },
  {
    name: "gap-behind-not-measured",
    clause: 8,
    does: "what comes close behind a parcel neither keeps its gate at home nor calls it back",
    edits: [
      {
        file: "src/line/law/clause-8-position.ts",
        from: "if (q.gapBehindUm < q.provedGapUm || q.errorUm * 2 >= q.gapBehindUm) {",
        to: "if (q.gapBehindUm < -1) {",
      },
      CLOSING_IN_WITHOUT_STRETCHES,
    ],
    hunt: "hands",
  },
  {
    name: "strays-are-ignored",
    clause: 8,
    does: "an edge that no known parcel explains is counted and forgotten, and leaves nothing unknown",
    edits: [
      {
        file: "src/line/eyes.ts",
        from: `    ...mayReach,\n    why: "STRAY",`,
        to: `    ...{ fromPlaceUm: belt.lengthUm, toPlaceUm: belt.lengthUm },\n    why: "STRAY",`,
      },
    ],
    hunt: "hands",
  },
  {
    name: "unknown-stretches-are-no-neighbours",
    clause: 8,
    does: "only known parcels keep a zone from being free and call a gate back, not what may lie beside them",
    edits: [
      {
        file: "src/line/neighbours.ts",
        from: "for (const stretch of state.stretches) {",
        to: "for (const stretch of state.stretches.slice(state.stretches.length)) {",
      },
      CLOSING_IN_WITHOUT_STRETCHES,
    ],
    hunt: "hands",
  },
  {
    name: "what-should-have-left-has-left",
    clause: 8,
    does: "what came before a parcel is out of the gate's zone when it should be, whether an eye has seen it leave or not",
    edits: [ZONE_FREE_UNSEEN],
    hunt: "short-jams",
  },
  {
    name: "doubt-is-no-reason",
    clause: 8,
    does: "a parcel whose place or oneness is in doubt is diverted like any other",
    edits: [
      {
        file: "src/line/law/clause-8-position.ts",
        from: `if (q.doubt !== null) return refuse(q, 8, "LAW_ITEM_IN_DOUBT", q.doubt);`,
        to: "",
      },
    ],
    hunt: "hands",
    isInSlice: true,
  },
];
