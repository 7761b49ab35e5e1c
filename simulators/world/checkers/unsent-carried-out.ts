// Law 6: a write that timed out is neither done nor undone; what the line called unsent or refused was never carried out.
import type { Evidence, Finding } from "./evidence.ts";

export function unsentCarriedOut({ commands, journal }: Evidence): Finding[] {
  return commands.flatMap(({ gateId, sequence, permit = sequence }) => {
    if (permit === null || !journal.unsent.has(permit)) return [];
    const detail = `gate ${gateId} carried out ${permit}, of which the line said that it was never done`;
    return [{ rule: "unsent-carried-out", clause: 6, parcelId: null, detail }];
  });
}
