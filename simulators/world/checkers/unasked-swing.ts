// Law 5 and 6: a gate swings towards an outbound chute only when a command has reached its device, once for each.
import { type Evidence, type Finding, zoneOf } from "./evidence.ts";

export function unaskedSwing({ truth, commands }: Evidence): Finding[] {
  const used = new Map<string, number>();
  const findings: Finding[] = [];
  for (const { gateId, chuteId, fromNs } of truth.swings) {
    if (zoneOf(truth, chuteId).kind !== "outbound") continue;
    const asked = commands.filter((command) => command.gateId === gateId && command.atNs <= fromNs).length;
    const swings = (used.get(gateId) ?? 0) + 1;
    used.set(gateId, Math.min(swings, asked)); // One swing too many is one finding, not one for each that follows.
    if (swings <= asked) continue;
    const detail = `gate ${gateId} swung towards ${chuteId} at ${fromNs} ns, for which no command had come`;
    findings.push({ rule: "unasked-swing", clause: 5, parcelId: null, detail });
  }
  return findings;
}
