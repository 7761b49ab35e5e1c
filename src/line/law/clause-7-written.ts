// Law 7: written before moved.
import { type Clause, refuse } from "./question.ts";

export const writtenBeforeMoved: Clause = (q) => {
  if (q.storage === "full") return refuse(q, 7, "LAW_STORAGE_FULL");
  return q.phase === "lastLook" && !q.entryDurable ? refuse(q, 7, "LAW_NOT_WRITTEN") : null;
};
