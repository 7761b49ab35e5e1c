// The integrator's chute map: the first rule that matches gives the candidate chutes in order.
import type { Disposition, LineLayout, RouteRule } from "./layout.ts";
import type { ReleaseRecord } from "./release.ts";

export interface Route {
  ruleId: string;
  /** Best first; found as they are asked for, since the first mostly is the one. */
  chuteIds: Iterable<string>;
}

export interface Balance {
  leastFilledFirst: (rule: RouteRule) => Iterable<string>;
  turnOf: (ruleId: string) => number;
}

export function route(
  layout: LineLayout,
  parcel: { disposition: Disposition; record: ReleaseRecord | null },
  balance: Balance,
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

function balanced(rule: RouteRule, balance: Balance): Iterable<string> {
  switch (rule.balance) {
    case "ordered":
      return rule.to;
    case "roundRobin":
      return turned(rule.to, balance.turnOf(rule.id) % rule.to.length);
    case "leastFilled":
      return balance.leastFilledFirst(rule);
    default:
      return rule.balance satisfies never;
  }
}

function* turned(ids: readonly string[], first: number): Iterable<string> {
  for (let i = 0; i < ids.length; i += 1) yield ids[(first + i) % ids.length] as string;
}
