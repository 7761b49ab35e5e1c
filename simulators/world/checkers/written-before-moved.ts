// Law 7: behind every command at a gate stands a permit entry of its own, which was on the disk before the command came.
import type { Evidence, Finding } from "./evidence.ts";
import { memoryOf } from "./memory.ts";

export function writtenBeforeMoved(evidence: Evidence, { carriedOut: used } = memoryOf(evidence)): Finding[] {
  const { commands, journal } = evidence;
  return commands.flatMap(({ gateId, sequence, atNs }) => {
    if (sequence === null) return []; // A plain coil does not say; `wrongChute` asks for the permit of what it took.
    const wrong = whyNot();
    used.add(sequence);
    return wrong === null ? [] : [{ rule: "written-before-moved", clause: 7, parcelId: null, detail: wrong }];

    function whyNot(): string | null {
      const permit = journal.permits.get(sequence as number);
      const what = `command ${sequence} at gate ${gateId}`;
      if (permit === undefined) return `${what} has no permit entry`;
      if (permit.gateId !== gateId) return `${what} has a permit for gate ${permit.gateId}`;
      if (used.has(permit.n)) return `${what} was carried out twice`;
      if (permit.durableNs !== null && permit.durableNs > atNs) {
        return `${what} came ${permit.durableNs - atNs} ns before its entry was durable`;
      }
      return null;
    }
  });
}
