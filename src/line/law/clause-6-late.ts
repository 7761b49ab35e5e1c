// Law 6: late is never; a gate in doubt is not moved.
import { type Clause, refuse } from "./question.ts";

export const lateIsNever: Clause = (q) => {
  if (q.gateInDoubt) return refuse(q, 6, "LAW_GATE_IN_DOUBT");
  if (q.positionUm > q.untilUm) return refuse(q, 6, "LAW_LATE", `${q.positionUm - q.untilUm} µm late`);
  return null;
};
