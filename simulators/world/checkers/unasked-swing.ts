// Law 5 and 6: a gate swings towards an outbound chute only when a command has reached its device, once for each.
import { type Evidence, type Finding, zoneOf } from "./evidence.ts";
import { memoryOf } from "./memory.ts";

export function unaskedSwing(evidence: Evidence, { gates } = memoryOf(evidence)): Finding[] {
  const { truth, commands } = evidence;
  const findings: Finding[] = [];
  for (const { gateId, chuteId, fromNs } of truth.swings) {
    if (zoneOf(truth, chuteId).kind !== "outbound") continue;
    const before = gates.get(gateId) ?? { asked: 0, swung: 0 };
    const now = commands.filter((command) => command.gateId === gateId && command.atNs <= fromNs).length;
    const asked = before.asked + now;
    const swings = before.swung + 1;
    // One swing too many is one finding, not one for each that follows.
    gates.set(gateId, { asked: before.asked, swung: Math.min(swings, asked) });
    if (swings <= asked) continue;
    const detail = `gate ${gateId} swung towards ${chuteId} at ${fromNs} ns, for which no command had come`;
    findings.push({ rule: "unasked-swing", clause: 5, parcelId: null, detail });
  }
  for (const { gateId } of commands) {
    const { asked, swung } = gates.get(gateId) ?? { asked: 0, swung: 0 };
    gates.set(gateId, { asked: asked + 1, swung });
  }
  return findings;
}
