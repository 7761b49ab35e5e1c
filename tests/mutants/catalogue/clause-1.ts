// Law 1, nothing leaves unreleased: what is pending, stale or named twice goes out after all.
import type { Mutant } from "../mutant.ts";

export const clause1: readonly Mutant[] = [
  {
    name: "only-the-unknown-is-kept",
    clause: 1,
    does: "the law refuses what has no record, and leaves pending, inspected and returned parcels to the chute map",
    edits: [
      {
        file: "src/line/law/clause-1-released.ts",
        from: `(q.disposition !== "released" || q.record?.status !== "released")`,
        to: `(q.disposition === "unknown" || q.record === null)`,
      },
    ],
    hunt: "careless-map",
    isInSlice: true,
  },
  {
    name: "stale-counts-as-fresh",
    clause: 1,
    does: "a feed that was heard once on this boot is fresh for ever",
    edits: [
      {
        file: "src/line/disposition.ts",
        from: "if (hit.feedAgeNs === null || hit.feedAgeNs > question.freshnessMaxAgeNs)",
        to: "if (hit.feedAgeNs === null)",
      },
    ],
    hunt: "silent-feed",
  },
  {
    name: "first-code-wins",
    clause: 1,
    does: "of two waybills on one parcel the first that was read names it",
    edits: [
      {
        file: "src/line/barcode.ts",
        from: `if (waybills.length > 1) return { kind: "conflict", waybills };`,
        to: "",
      },
    ],
    hunt: "mixed-traffic",
  },
  {
    name: "ranks-settle-two-parcels",
    clause: 1,
    does: "of two parcels that share one telegram the stronger label names both, though customs knows the weaker one too",
    edits: [
      {
        file: "src/line/decide.ts",
        from: `must(belts.get(item.beltId), "belt", item.beltId)) ? besides : [];`,
        to: `must(belts.get(item.beltId), "belt", item.beltId)) ? [] : [];`,
      },
    ],
    hunt: "one-trigger",
  },
  {
    name: "pending-is-as-good",
    clause: 1,
    does: "a declaration that customs has not decided on counts as released, in the decision and in the law",
    edits: [
      {
        file: "src/line/disposition.ts",
        from: `if (record.status !== "released")`,
        to: `if (record.status !== "released" && record.status !== "pending")`,
      },
      {
        file: "src/line/law/clause-1-released.ts",
        from: `q.record?.status !== "released"`,
        to: `q.record === null`,
      },
    ],
    hunt: "mixed-traffic",
  },
];
