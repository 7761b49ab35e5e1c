// Law 5, doing nothing is safe: gates that stay out, go home late, or wait for something before they do.
import type { Mutant } from "../mutant.ts";
import { FOLLOWERS_ARE_NOT_ASKED } from "./followers-are-not-asked.ts";
import { ZONE_FREE_UNSEEN } from "./zone-free-unseen.ts";

export const clause5: readonly Mutant[] = [
  {
    name: "withdrawal-waits-for-the-journal",
    clause: 5,
    does: "a withdrawal is handed to the bus when the journal says that something is durable",
    edits: [
      {
        file: "src/controller/line-runner.ts",
        from: "  const waiting: LineInput[] = [];",
        to: `  const waiting: LineInput[] = [];
  const held: { id: number; gateId: string; voidUpTo: number }[] = [];`,
      },
      {
        file: "src/controller/line-runner.ts",
        from: "          actuators.withdraw(output);",
        to: "          held.push(output);",
      },
      {
        file: "src/controller/line-runner.ts",
        from: "        execute(core.handle(input, nowNs()));\n        for",
        to: `        if (input.kind === "durable") for (const one of held.splice(0)) actuators.withdraw(one);
        execute(core.handle(input, nowNs()));
        for`,
      },
    ],
    hunt: "coils-and-slow-disk",
  },
  {
    name: "home-a-gap-late",
    clause: 5,
    does: "a gate goes home when the gap behind its parcel has passed too, and nobody looks who comes",
    edits: [
      {
        file: "src/line/closing-in.ts",
        from: "  if (state.homeAtUm === null || state.withdrawing !== null || line.positionUm >= state.homeAtUm) return false;",
        to: "  if (belt.lengthUm > 0) return false;",
      },
      {
        file: "src/line/fire-window.ts",
        from: "    homeAtUm,\n",
        to: "    homeAtUm: homeAtUm + belt.provedGapUm,\n",
      },
      FOLLOWERS_ARE_NOT_ASKED,
    ],
    hunt: "mixed-traffic",
  },
  {
    name: "restart-finds-an-empty-belt",
    clause: 5,
    does: "after a restart the belt counts as empty, what rides on it is nobody, and no eye has to see it leave",
    edits: [
      {
        file: "src/line/run-start.ts",
        from: `      markAllUnknown(fresh, belt, "RESTART");`,
        to: "",
      },
      ZONE_FREE_UNSEEN,
    ],
    hunt: "kills-between-two",
  },
  {
    name: "stuck-gate-stops-nobody",
    clause: 5,
    does: "a gate that does not come home is told, and the belt brings the next parcel to it",
    edits: [
      {
        file: "src/line/withdrawals.ts",
        from: "if (isComing || mayCome) stop(",
        to: "if (isComing && mayCome && gate.sweptUm < 0) stop(",
      },
    ],
    hunt: "stuck-gates",
    isInSlice: true,
  },
];
