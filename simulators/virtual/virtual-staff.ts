// The people at a virtual line: what they see is the journal and what keeps a belt down, what they say is an operator's command.
import type { LineEntry } from "../../src/line/entry.ts";
import type { LineInput } from "../../src/line/step.ts";
import { type Staff, staffAtWork } from "../scenarios/staff.ts";
import type { VirtualClock } from "./clock.ts";

const DEADLINE_NS = 10_000_000_000;
/** The journal names what took the run permit away, not what keeps it down besides: people look at the picture. */
const LOOK_NS = 1_000_000_000;

export function virtualStaff(
  o: Staff & {
    clock: VirtualClock;
    feed: (input: LineInput) => void;
    nowNs: () => number;
    changeContainer: (chuteId: string) => void;
    clearSafeEnd: (beltId: string) => void;
    canTest: (gateId: string) => boolean;
    /** What keeps the belt's run permit down now; empty: nothing, or nobody can say. */
    stops: (beltId: string) => readonly string[];
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
  const looking = new Set<string>();
  const lookAgain = (beltId: string): void => {
    if (looking.has(beltId)) return;
    looking.add(beltId);
    clock.after(LOOK_NS, () => {
      looking.delete(beltId);
      const stops = o.stops(beltId);
      staff.belt({ beltId, isBlocked: stops.some(isBlocked) });
      if (stops.length > 0) lookAgain(beltId);
    });
  };
  return {
    see(entry) {
      if (entry.kind === "linePermit" && entry.permit === "run") {
        staff.belt({ beltId: entry.beltId, isBlocked: !entry.allowed && isBlocked(entry.why) });
        if (!entry.allowed) lookAgain(entry.beltId);
      }
      if (entry.kind === "alarm" && entry.code === "GATE_IN_DOUBT")
        staff.gate({ gateId: entry.source, isInDoubt: entry.active });
      if (entry.kind === "chute") staff.chute(entry);
    },
  };
}

const isBlocked = (why: string): boolean => why.startsWith("SAFE_END_BLOCKED");
