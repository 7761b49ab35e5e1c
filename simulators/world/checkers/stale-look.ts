// Law 7: the last look is of the turn in which the command is written: whatever came between would not have been seen.
import type { Evidence, Finding } from "./evidence.ts";

export function staleLook({ commands }: Evidence): Finding[] {
  return commands.flatMap(({ gateId, sequence, permit = sequence, sentNs, lookNs }) => {
    if (sentNs === undefined || lookNs === sentNs) return [];
    const what = `command ${permit ?? "of nobody"} at gate ${gateId}`;
    const detail =
      lookNs === null
        ? `${what} was written without a last look`
        : `${what} was written ${sentNs - lookNs} ns after its last look`;
    return [{ rule: "stale-look", clause: 7, parcelId: null, detail }];
  });
}
