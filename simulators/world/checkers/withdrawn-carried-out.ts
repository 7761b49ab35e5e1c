// Law 6: what the line called withdrawn, and its device confirmed, is never carried out after that.
import type { Evidence, Finding } from "./evidence.ts";

export function withdrawnCarriedOut({ commands, journal }: Evidence): Finding[] {
  return commands.flatMap(({ gateId, sequence, atNs }) => {
    if (sequence === null) return []; // A plain coil does not say which command it was.
    const withdrawn = journal.withdrawals.find(
      (each) => each.gateId === gateId && each.voidUpTo >= sequence && each.doneNs !== null && each.doneNs < atNs,
    );
    if (withdrawn === undefined) return [];
    const detail = `gate ${gateId} carried out ${sequence} though everything up to ${withdrawn.voidUpTo} was withdrawn`;
    return [{ rule: "withdrawn-carried-out", clause: 6, parcelId: null, detail }];
  });
}
