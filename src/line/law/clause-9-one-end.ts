// Law 9: every parcel has exactly one end, so it has at most one permit out.
import { type Clause, refuse } from "./question.ts";

export const exactlyOneEnd: Clause = (q) => (q.otherPermitOut ? refuse(q, 9, "LAW_OTHER_PERMIT") : null);
