// The people at a virtual line: an officer who fetches a late hold back, an operator who changes containers and clears.
import type { LineCommand } from "../../src/line/command.ts";
import type { LineEntry } from "../../src/line/entry.ts";
import type { LineInput } from "../../src/line/step.ts";
import type { VirtualClock } from "./clock.ts";

export interface Staff {
  /** A locked chute is unlocked again this long after it was locked, its parcel fetched; ns. */
  unlocksAfterNs: number;
  /** A full container is changed this long after the chute's sensor said so; ns. */
  changesAfterNs: number;
  /** A blocked safe end is cleared this long after the belt was stopped for it; ns. */
  clearsAfterNs: number;
}

const ASKED_AGAIN_NS = 5_000_000_000;
const DEADLINE_NS = 10_000_000_000;

export function virtualStaff(
  o: Staff & {
    clock: VirtualClock;
    feed: (input: LineInput) => void;
    nowNs: () => number;
    changeContainer: (chuteId: string) => void;
    clearSafeEnd: (beltId: string) => void;
  },
): { see(entry: LineEntry): void } {
  const { clock } = o;
  const locked = new Set<string>();
  const full = new Set<string>();
  const blocked = new Set<string>();
  const jammed = new Set<string>();
  let commands = 0;
  const command = (what: LineCommand): void => {
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
  };
  /** A controller that is down hears nothing: it is asked again until its journal says that it was done. */
  const askUntilDone = (chuteId: string, open: Set<string>, what: () => void, afterNs: number): void => {
    clock.after(afterNs, () => {
      if (!open.has(chuteId)) return;
      what();
      askUntilDone(chuteId, open, what, ASKED_AGAIN_NS);
    });
  };
  const follow = (chuteId: string, o2: { is: boolean; open: Set<string>; what: () => void; afterNs: number }): void => {
    if (!o2.is) o2.open.delete(chuteId);
    if (!o2.is || o2.open.has(chuteId)) return;
    o2.open.add(chuteId);
    askUntilDone(chuteId, o2.open, o2.what, o2.afterNs);
  };
  return {
    see(entry) {
      if (entry.kind === "linePermit" && entry.permit === "run") {
        const { beltId, allowed, why } = entry;
        const clear = (): void => o.clearSafeEnd(beltId);
        const is = !allowed && why.startsWith("SAFE_END_BLOCKED");
        follow(beltId, { is, open: blocked, what: clear, afterNs: o.clearsAfterNs });
      }
      if (entry.kind !== "chute") return;
      const { chuteId } = entry;
      const unlock = (): void => command({ command: "unlockChute", chuteId });
      const change = (): void => {
        o.changeContainer(chuteId);
        command({ command: "containerChanged", chuteId });
      };
      // A person who looks into a jammed chute finds nothing in it, or clears it, and says that it may go on.
      const look = (): void => command({ command: "enableChute", chuteId });
      if (entry.jammed !== undefined)
        follow(chuteId, { is: entry.jammed, open: jammed, what: look, afterNs: o.unlocksAfterNs });
      follow(chuteId, { is: entry.locked, open: locked, what: unlock, afterNs: o.unlocksAfterNs });
      follow(chuteId, { is: entry.full, open: full, what: change, afterNs: o.changesAfterNs });
    },
  };
}
