// Law 1: nothing leaves unreleased. A test parcel leaves nowhere: it is let into the hands of who stands at its chute.
import { type Clause, refuse } from "./question.ts";

export const nothingLeavesUnreleased: Clause = (q) =>
  q.zone.kind === "outbound" && !q.isGuardedTest && (q.disposition !== "released" || q.record?.status !== "released")
    ? refuse(q, 1, "LAW_UNRELEASED", `disposition ${q.disposition}`)
    : null;
