// Law 2: any hold beats any release.
import { type Clause, refuse } from "./question.ts";

export const anyHoldBeatsAnyRelease: Clause = (q) => {
  const [hold] = q.holds;
  return q.zone.kind === "outbound" && hold !== undefined
    ? refuse(q, 2, "LAW_HELD", `${hold.authority} ${hold.kind} ${hold.reference}`)
    : null;
};
