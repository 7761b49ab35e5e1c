// Law 8: the zone that a gate sweeps is free of every other parcel; one that it touches and lets go again was in its way.
import type { Evidence, Finding } from "./evidence.ts";

/** A parcel that has, or had, a permit for the gate may bounce: it was called back in the last moment. */
export function touched({ truth, journal }: Evidence): Finding[] {
  return truth.parcels.flatMap(({ id, waybill, bounces }) =>
    bounces.flatMap(({ gateId, atNs }) => {
      for (const permit of journal.permits.values())
        if (permit.gateId === gateId && journal.items.get(permit.itemId)?.has(waybill)) return [];
      const detail = `gate ${gateId} touched it at ${atNs} ns, and never had a permit for it`;
      return [{ rule: "touched", clause: 8, parcelId: id, detail }];
    }),
  );
}
