// A person who commissions a line: stands at one chute after the other while a test parcel comes among the others.
import type { LineLayout } from "../../src/line/layout.ts";
import type { LineInput } from "../../src/line/step.ts";
import type { Incident } from "../world/incidents.ts";

export interface CommissioningDeeds {
  inputs: readonly { atNs: number; input: LineInput }[];
  incidents: readonly { atNs: number; incident: Incident }[];
}

const S = 1e9;
const CODE = "COLINE-TEST-01";
/** Of the time from one guard to the next: when a careless parcel comes, the first one is in a near chute already. */
const CARELESS_AFTER = 0.55;

/**
 * @param o.fromNs when the first guard is given
 * @param o.everyNs from one to the next: the parcel of the one before has come to its end by then
 * @param o.isCareless one more test parcel comes behind each, while the time of its guard runs: nobody stands for it
 */
export function commissioningDeeds(
  { chutes }: LineLayout,
  o: { fromNs: number; everyNs: number; isCareless?: boolean },
): CommissioningDeeds {
  const seconds = Math.max(10, Math.floor(o.everyNs / S) - 1);
  const inOrder = [...chutes].sort((a, b) => (a.gateId === null ? -1 : 0) - (b.gateId === null ? -1 : 0));
  const deeds = inOrder.map(({ id, beltId }, index) => {
    const atNs = o.fromNs + index * o.everyNs;
    const what = { command: "guardChute" as const, chuteId: id, code: CODE, seconds };
    const request = { id: `guard-${index}`, what, who: "commissioner", roles: ["operator" as const] };
    const input: LineInput = { kind: "operator", tag: index + 1, request: { ...request, untilNs: 1e15, eventAtMs: 0 } };
    const incident: Incident = { kind: "testLabel", beltId, code: CODE };
    const behindNs = atNs + Math.round(o.everyNs * CARELESS_AFTER);
    return {
      input: { atNs, input },
      tests: [{ atNs, incident }, ...(o.isCareless ? [{ atNs: behindNs, incident }] : [])],
    };
  });
  return { inputs: deeds.map(({ input }) => input), incidents: deeds.flatMap(({ tests }) => tests) };
}
