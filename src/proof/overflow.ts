// Whether a full chute sends its parcels on to an equal or a stricter place, and a buffer only takes what waits for customs.
import type { ChuteLayout, LineLayout, RouteRule, Zone } from "../line/layout.ts";
import type { ProofFinding } from "./facts.ts";

/** How much a place keeps a parcel from leaving; null: it comes back and is decided anew, neither looser nor stricter. */
const STRICTNESS: Readonly<Record<Zone["kind"], number | null>> = {
  outbound: 0,
  buffer: 1,
  storage: 2,
  inspection: 3,
  abnormal: 3,
  recirculation: null,
};

export const overflowFindings = (layout: LineLayout): ProofFinding[] =>
  layout.routes.flatMap((rule) => {
    const chutes = rule.to.flatMap((id) => layout.chutes.find((chute) => chute.id === id) ?? []);
    return [...looserOverflow(rule, chutes), ...wrongBuffer(rule, chutes)];
  });

/** Balanced, any of them may be the next: then all have to be of one strictness. */
function looserOverflow(rule: RouteRule, chutes: readonly ChuteLayout[]): ProofFinding[] {
  let before: { chute: ChuteLayout; strictness: number } | null = null;
  for (const chute of chutes) {
    const strictness = STRICTNESS[chute.zone.kind];
    if (strictness === null) continue;
    const isWrong =
      before !== null &&
      (rule.balance === "ordered" ? strictness < before.strictness : strictness !== before.strictness);
    if (isWrong && before !== null)
      return [
        {
          ...{ severity: "error", code: "CONFIG_OVERFLOW_LOOSER", kind: "route", id: rule.id, key: "to" },
          what:
            rule.balance === "ordered"
              ? `what "${before.chute.id}" (${before.chute.zone.kind}) cannot take would go to "${chute.id}" (${chute.zone.kind}), which is less strict`
              : `parcels would go to "${before.chute.id}" (${before.chute.zone.kind}) and "${chute.id}" (${chute.zone.kind}) in turn`,
          right: rule.balance === "ordered" ? "the stricter one last" : "chutes of one kind, or `balance: ordered`",
        },
      ];
    before = { chute, strictness };
  }
  return [];
}

function wrongBuffer(rule: RouteRule, chutes: readonly ChuteLayout[]): ProofFinding[] {
  const buffer = chutes.find(({ zone }) => zone.kind === "buffer");
  if (buffer === undefined || rule.disposition === "pending") return [];
  return [
    {
      ...{ severity: "error", code: "CONFIG_BUFFER_PENDING", kind: "route", id: rule.id, key: "to" },
      what: `"${buffer.id}" is a buffer, and the rule sends ${rule.disposition ?? "parcels of every disposition"} there`,
      right: "`disposition: pending` in `when`, or another chute",
    },
  ];
}
