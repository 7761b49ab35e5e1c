// Law 4, streams stay apart: import beside export, anything in storage, and what nobody knows the stream of.
import type { Mutant } from "../mutant.ts";

export const clause4: readonly Mutant[] = [
  {
    name: "directions-are-mixed",
    clause: 4,
    does: "only the stream is compared, not the direction",
    edits: [
      {
        file: "src/line/law/clause-4-streams.ts",
        from: "q.record.stream === q.zone.stream && q.record.direction === q.zone.direction",
        to: "q.record.stream === q.zone.stream",
      },
    ],
    hunt: "careless-map",
    isInSlice: true,
  },
  {
    name: "storage-is-shared",
    clause: 4,
    does: "streams are kept apart outbound, and meet in supervised storage",
    edits: [
      {
        file: "src/line/law/clause-4-streams.ts",
        from: "if (!isOwned(q.zone) || q.isGuardedTest) return null;",
        to: `if (q.zone.kind !== "outbound" || q.isGuardedTest) return null;`,
      },
    ],
    hunt: "careless-map",
  },
  {
    name: "unknown-fits-any-stream",
    clause: 4,
    does: "a parcel without a record is put into any storage",
    edits: [
      {
        file: "src/line/law/clause-4-streams.ts",
        from: `if (q.record === null) return refuse(q, 4, "LAW_STREAM_UNKNOWN");`,
        to: "if (q.record === null) return null;",
      },
    ],
    hunt: "careless-map",
  },
];
