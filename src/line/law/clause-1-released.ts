// Law 1: nothing leaves unreleased.
import { type Clause, refuse } from "./question.ts";

export const nothingLeavesUnreleased: Clause = (q) =>
  q.zone.kind === "outbound" && (q.disposition !== "released" || q.record?.status !== "released")
    ? refuse(q, 1, "LAW_UNRELEASED", `disposition ${q.disposition}`)
    : null;
