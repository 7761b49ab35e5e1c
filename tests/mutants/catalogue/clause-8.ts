// Law 8, known position or none: gaps that are not measured, zones that are not free, doubts that do not count.
import type { Mutant } from "../mutant.ts";
import { BLUR_IS_IGNORED } from "./blur-is-ignored.ts";
import { FOLLOWERS_ARE_NOT_ASKED } from "./followers-are-not-asked.ts";
import { ZONE_FREE_UNSEEN } from "./zone-free-unseen.ts";

/** A gate that is out is withdrawn before what nobody knows comes to it: that alone would hide a wrong idea of its zone. */
const CLOSING_IN_WITHOUT_STRETCHES = {
  file: "src/line/closing-in.ts",
  from: "    line.stretches.some(",
  to: "    line.stretches.slice(line.stretches.length).some(",
};

/** Who comes right before a stranger is in doubt: that alone would hide what a stranger's stretch is for. */
const STRANGERS_DOUBT_NOBODY = {
  file: "src/line/eyes.ts",
  from: "  doubtBeforeOdd(turn, lastId);\n",
  to: "",
};

export const clause8: readonly Mutant[] = [
  {
    name: "its-own-tail-is-not-asked",
    clause: 8,
    does: "a parcel is let go though the last eye before its gate has not shown its tail: something may touch it",
    edits: [
      {
        file: "src/line/passages.ts",
        from: "if (before !== undefined && item.leftEyeUm < before.atUm)",
        to: "if (before !== undefined && item.leftEyeUm < -1)",
      },
    ],
    hunt: "hands-before-a-near-eye",
  },
  {
    name: "its-follower-is-not-asked",
    clause: 8,
    does: "a parcel is let go though the last eye before its gate has not shown yet how close the next one is",
    edits: [FOLLOWERS_ARE_NOT_ASKED, BLUR_IS_IGNORED],
    hunt: "hands-close-behind-a-near-eye",
  },
  {
    name: "a-blurred-length-is-its-own",
    clause: 8,
    does: "behind a slow PLC a parcel's length is believed, though another one could touch it within its error",
    edits: [BLUR_IS_IGNORED],
    hunt: "hands-and-slow-plc",
  },
  {
    name: "a-tail-without-a-front-is-nobodys",
    clause: 8,
    does: "what covered an eye while nobody looked, and leaves it afterwards, is in nobody's way",
    edits: [
      {
        file: "src/line/eyes.ts",
        from: `else if (eye.role === "track" && !isBeamKnown(turn, belt, eye))`,
        to: `else if (eye.role === "width" && !isBeamKnown(turn, belt, eye))`,
      },
    ],
    hunt: "hands-close-behind-and-cuts",
  },
  {
    name: "an-outage-is-trusted",
    clause: 8,
    does: "what an eye sees after an outage says nothing about the counter that went on meanwhile",
    edits: [
      {
        file: "src/line/carried.ts",
        from: `losePosition(turn, belt, "disagreed with an eye");`,
        to: `if (oldest < 0) losePosition(turn, belt, "disagreed with an eye");`,
      },
    ],
    hunt: "jumps-behind-a-cut",
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
      STRANGERS_DOUBT_NOBODY,
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
      STRANGERS_DOUBT_NOBODY,
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
      STRANGERS_DOUBT_NOBODY,
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
    hunt: "close-copies",
    isInSlice: true,
  },
  {
    name: "what-its-eye-missed-has-left",
    clause: 8,
    does: "a parcel that its chute's eye should have seen long ago is in that chute, and its gate comes out for the next one",
    edits: [
      {
        file: "src/line/ends.ts",
        from: `end.end === "divertedUnseen" && end.mayStand !== true;`,
        to: `end.end === "divertedUnseen";`,
      },
    ],
    hunt: "stuck-in-gates",
  },
];
