// Law 10: only a proved line lets go: a test parcel has come to each chute, for exactly this configuration.
import { type Clause, refuse } from "./question.ts";

export const onlyAProvedLineLetsGo: Clause = (q) =>
  q.zone.kind === "outbound" && !q.isGuardedTest && !q.isCommissioned ? refuse(q, 10, "LAW_NOT_COMMISSIONED") : null;
