// Law 4: streams stay apart, outbound and in supervised storage; without a record no stream is known.
import { isOwned, type Zone } from "../layout.ts";
import { isSameZone } from "../zone-now.ts";
import { type Clause, refuse } from "./question.ts";

export const streamsStayApart: Clause = (q) => {
  if (!isOwned(q.zone) || q.isGuardedTest) return null;
  if (q.record === null) return refuse(q, 4, "LAW_STREAM_UNKNOWN");
  const same = q.record.stream === q.zone.stream && q.record.direction === q.zone.direction;
  if (!same) return refuse(q, 4, "LAW_STREAM", `${q.record.stream} ${q.record.direction}`);
  // The map may be another one than when the container was put there.
  return q.container === null || isSameZone(q.container, q.zone)
    ? null
    : refuse(q, 4, "LAW_CONTAINER", nameOf(q.container));
};

const nameOf = (zone: Zone): string => (isOwned(zone) ? `${zone.kind} ${zone.stream} ${zone.direction}` : zone.kind);
