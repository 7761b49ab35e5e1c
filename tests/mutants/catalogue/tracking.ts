// Tracking: identities that shift, errors that do not grow, edges that are given to whoever comes next.
import type { Mutant } from "../mutant.ts";
import { ZONE_FREE_UNSEEN } from "./zone-free-unseen.ts";

export const tracking: readonly Mutant[] = [
  {
    name: "read-for-the-follower",
    clause: "tracking",
    does: "a telegram names the parcel behind the one that was read",
    edits: [
      {
        file: "src/line/reading.ts",
        from: "const one = spoils ? undefined : item;",
        to: "const one = spoils || item === undefined ? undefined : (turn.state.items.get(item.id + 1) ?? item);",
      },
    ],
    hunt: "mixed-traffic",
    isInSlice: true,
  },
  {
    name: "late-reading-for-the-follower",
    clause: "tracking",
    does: "a telegram that was held back on the way names the parcel that is in the window when it comes",
    edits: [
      {
        file: "src/line/reading.ts",
        from: "const isOfTheOneAhead = mayBeOfTheOneAhead(turn, item, station);",
        to: "const isOfTheOneAhead = mayBeOfTheOneAhead(turn, item, station) && item.codes.length < 0;",
      },
    ],
    hunt: "late-telegrams",
  },
  {
    name: "silence-owes-nothing",
    clause: "tracking",
    does: "behind a parcel of which the scanner has said nothing the next one has the name that it was read by, however late",
    edits: [
      {
        file: "src/line/late-telegram.ts",
        from: 'if (item.namesLate > 0 && item.codes.length > 0) spoil(turn, item, "ITEM_NAME_IN_DOUBT");',
        to: "item.namesLate = 0;",
      },
    ],
    hunt: "slow-hand-over",
  },
  {
    name: "who-comes-beside-a-missing-one",
    clause: "tracking",
    does: "who comes where a parcel is expected is that parcel, though the one ahead of it or behind it is missing",
    edits: [
      {
        file: "src/line/eyes.ts",
        from: "  doubtBehindMissing(turn, { item: only, eye, beyondUm });\n",
        to: "",
      },
      {
        file: "src/line/neighbour-astray.ts",
        from: "if (item === undefined || !isNamed(item) || !rides(item)) return;",
        to: "if (item === undefined || !isNamed(item) || rides(item)) return;",
      },
    ],
    hunt: "hands-at-jams",
  },
  {
    name: "next-edge-is-the-next-parcel",
    clause: "tracking",
    does: "an edge belongs to the next parcel that its eye expects, wherever that is: an extra one shifts all by one",
    edits: [
      {
        file: "src/line/eyes.ts",
        from: "const fits = near.filter(\n    (item) => item.eyesAhead[0] === eye.id && mayRideOn(turn, { item, belt, eye }) && fitsEdge(item, belt, eye, edge),\n  );",
        to: `const expected = beltState(turn, belt.id).itemIds.flatMap((id) => turn.state.items.get(id) ?? []);
  const fits = expected.filter((item) => item.eyesAhead[0] === eye.id && (near.length > -1 || fitsEdge(item, belt, eye, edge))).slice(0, 1);`,
      },
    ],
    hunt: "hands",
  },
  {
    name: "a-jump-is-travel",
    clause: "tracking",
    does: "a counter that jumps has moved the belt",
    edits: [
      ZONE_FREE_UNSEEN,
      {
        file: "src/line/belt-position.ts",
        from: "if (travelUm > limitUm || isAmbiguous(",
        to: "if (isAmbiguous(",
      },
    ],
    hunt: "encoder-jumps",
  },
  {
    name: "a-second-label-is-the-same-parcel",
    clause: "tracking",
    does: "a scanner that speaks again of an item speaks of the parcel that it has named already",
    edits: [
      {
        file: "src/line/two-as-one.ts",
        from: "if (!mayBeTwo(item, belt)) return false;",
        to: "if (!mayBeTwo(item, belt) || belt.minItemUm > 0) return false;",
      },
    ],
    hunt: "short-ones-that-touch",
  },
  {
    name: "a-telegram-for-nobody-is-nobodys",
    clause: "tracking",
    does: "a telegram in whose window no front can be says nothing of the item that lies over the window",
    edits: [
      {
        file: "src/line/reading.ts",
        from: "const over = isAlone ? itemsOverWindow(",
        to: "const over = isAlone && fits.length > 0 ? itemsOverWindow(",
      },
    ],
    hunt: "touching-and-read-late",
  },
];
