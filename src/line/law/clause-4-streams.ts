// Law 4: streams stay apart, outbound and in supervised storage; without a record no stream is known.
import { isOwned } from "../layout.ts";
import { type Clause, refuse } from "./question.ts";

export const streamsStayApart: Clause = (q) => {
  if (!isOwned(q.zone) || q.isGuardedTest) return null;
  if (q.record === null) return refuse(q, 4, "LAW_STREAM_UNKNOWN");
  const same = q.record.stream === q.zone.stream && q.record.direction === q.zone.direction;
  return same ? null : refuse(q, 4, "LAW_STREAM", `${q.record.stream} ${q.record.direction}`);
};
