// Law 3: a release is spent once, piece by piece.
import { type Clause, refuse } from "./question.ts";

export const aReleaseIsSpentOnce: Clause = (q) => {
  if (q.zone.kind !== "outbound" || q.isGuardedTest) return null;
  if (q.ledgerFull) return refuse(q, 3, "LAW_LEDGER_FULL");
  return q.piecesLeft < 1 ? refuse(q, 3, "LAW_SPENT", `${q.piecesLeft} pieces left`) : null;
};
