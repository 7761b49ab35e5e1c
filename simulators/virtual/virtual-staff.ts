// The people at a virtual line: what they see is the journal, what they say is an operator's command.
import type { LineEntry } from "../../src/line/entry.ts";
import type { LineInput } from "../../src/line/step.ts";
import { type Staff, staffAtWork } from "../scenarios/staff.ts";
import type { VirtualClock } from "./clock.ts";

const DEADLINE_NS = 10_000_000_000;

export function virtualStaff(
  o: Staff & {
    clock: VirtualClock;
    feed: (input: LineInput) => void;
    nowNs: () => number;
    changeContainer: (chuteId: string) => void;
    clearSafeEnd: (beltId: string) => void;
    canTest: (gateId: string) => boolean;
  },
): { see(entry: LineEntry): void } {
  const { clock } = o;
  let commands = 0;
  const staff = staffAtWork({
    ...o,
    after: (delayNs, action) => clock.after(delayNs, action),
    give(what) {
      commands += 1;
      o.feed({
        kind: "operator",
        tag: commands,
        request: {
          id: `staff-${commands}`,
          what,
          who: "staff",
          roles: ["officer", "operator"],
          untilNs: o.nowNs() + DEADLINE_NS,
          eventAtMs: Math.floor(clock.nowNs() / 1e6),
        },
      });
    },
  });
  return {
    see(entry) {
      if (entry.kind === "linePermit" && entry.permit === "run")
        staff.belt({
          beltId: entry.beltId,
          isBlocked: !entry.allowed && entry.why.startsWith("SAFE_END_BLOCKED"),
        });
      if (entry.kind === "alarm" && entry.code === "GATE_IN_DOUBT")
        staff.gate({ gateId: entry.source, isInDoubt: entry.active });
      if (entry.kind === "chute") staff.chute(entry);
    },
  };
}
