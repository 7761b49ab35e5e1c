// Law 4: outbound chutes and supervised storage hold parcels of their own stream and direction only.
import { type Evidence, type Finding, inChutes, isTest, zoneOf } from "./evidence.ts";

export function mixedStreams({ truth }: Evidence): Finding[] {
  // Whose hands a test parcel comes into is another checker's matter.
  const customs = inChutes(truth).filter((parcel) => !isTest(parcel));
  return customs.flatMap(({ id, stream, direction, end }) => {
    const zone = zoneOf(truth, end.chuteId);
    if (zone.kind !== "outbound" && zone.kind !== "storage" && zone.kind !== "buffer") return [];
    if (zone.stream === stream && zone.direction === direction) return [];
    const detail = `${stream} ${direction} in ${end.chuteId}, which is for ${zone.stream} ${zone.direction}`;
    return [{ rule: "mixed-streams", clause: 4, parcelId: id, detail }];
  });
}
