// Law 10, only a proved line lets go: customs' parcels leave before, and test parcels where nobody stands for them.
import type { Mutant } from "../mutant.ts";

export const clause10: readonly Mutant[] = [
  {
    name: "nobody-has-to-prove",
    clause: 10,
    does: "a released parcel leaves whether its line is commissioned or not",
    edits: [
      {
        file: "src/line/law/clause-10-commissioned.ts",
        from: `&& !q.isCommissioned ?`,
        to: `&& !q.isCommissioned && q.gateAstray ?`,
      },
    ],
    hunt: "half-commissioned",
  },
  {
    name: "one-chute-speaks-for-all",
    clause: 10,
    does: "the line counts as proved with the first chute that has had its test parcel",
    edits: [
      {
        file: "src/line/commissioning.ts",
        from: "commissioning.isComplete = missing.length === 0;",
        to: "commissioning.isComplete = missing.length < layout.chutes.length;",
      },
    ],
    hunt: "half-commissioned",
  },
  {
    name: "guard-for-whoever-comes",
    clause: 10,
    does: "a person who stands at a chute stands there for every test parcel that comes until the time is over",
    edits: [
      {
        file: "src/line/test-parcel.ts",
        from: "if (guard !== null) guard.itemId = item.id;",
        to: "if (guard === null) return;",
      },
    ],
    hunt: "half-commissioned",
  },
];
