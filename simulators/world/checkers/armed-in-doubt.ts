// Law 6: a device is not armed while a command may still be carried out of which nobody knows what became.
import type { Evidence, Finding } from "./evidence.ts";

export function armedInDoubt({ commands, journal }: Evidence): Finding[] {
  return commands.flatMap(({ gateId, atNs, deviceId, sequence, permit = sequence }) => {
    const doubtedNs = permit === null ? undefined : journal.doubts.get(permit);
    if (doubtedNs === undefined || deviceId === undefined) return [];
    const armed = journal.armings.find(
      (each) => each.deviceId === deviceId && each.atNs > doubtedNs && each.atNs < atNs,
    );
    if (armed === undefined) return [];
    const detail = `gate ${gateId} carried out ${permit}, in doubt since ${doubtedNs} ns, after ${deviceId} was armed at ${armed.atNs} ns`;
    return [{ rule: "armed-in-doubt", clause: 6, parcelId: null, detail }];
  });
}
