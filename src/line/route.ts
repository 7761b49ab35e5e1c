// The integrator's chute map: the first rule that matches gives the candidate chutes in order.
import type { Disposition, LineLayout, RouteRule } from "./layout.ts";
import type { ReleaseRecord } from "./release.ts";
import type { ChuteState } from "./state.ts";

export interface Route {
  ruleId: string;
  /** Best first. */
  chuteIds: readonly string[];
}

export function route(
  layout: LineLayout,
  parcel: { disposition: Disposition; record: ReleaseRecord | null },
  balance: {
    chutes: ReadonlyMap<string, ChuteState>;
    turnOf: (ruleId: string) => number;
  },
): Route | null {
  const rule = layout.routes.find((candidate) => matches(candidate, parcel));
  if (rule === undefined) return null;
  return { ruleId: rule.id, chuteIds: balanced(rule, balance) };
}

function matches(rule: RouteRule, parcel: { disposition: Disposition; record: ReleaseRecord | null }): boolean {
  if (rule.disposition !== undefined && rule.disposition !== parcel.disposition) return false;
  if (rule.stream !== undefined && rule.stream !== parcel.record?.stream) return false;
  return rule.direction === undefined || rule.direction === parcel.record?.direction;
}

function balanced(
  rule: RouteRule,
  balance: {
    chutes: ReadonlyMap<string, ChuteState>;
    turnOf: (ruleId: string) => number;
  },
): readonly string[] {
  switch (rule.balance) {
    case "ordered":
      return rule.to;
    case "roundRobin": {
      const first = balance.turnOf(rule.id) % rule.to.length;
      return [...rule.to.slice(first), ...rule.to.slice(0, first)];
    }
    case "leastFilled": {
      const filled = (id: string) => balance.chutes.get(id)?.sinceChange ?? 0;
      return [...rule.to].sort((a, b) => filled(a) - filled(b));
    }
    default:
      return rule.balance satisfies never;
  }
}
