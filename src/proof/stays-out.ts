// Gates that stay out when the program of their PLC stands: what judges and limits the time out stands with it.
import type { BeltLayout, GateLayout } from "../line/layout.ts";
import { gapReadingUm, leadsOutbound, stoodSweepUm } from "./demanded-gap.ts";
import { type DeviceFacts, inMm, type ProofFinding, type SiteFacts } from "./facts.ts";

interface StaysOut {
  belt: BeltLayout;
  gate: GateLayout;
  sweptUm: number;
  guaranteedUm: number;
  /** Of the guaranteed gap, when it is measured. */
  certainUm: number;
}

/** One finding for each device: the gate that leaves its outputs the least time. */
export const staysOutFindings = (facts: SiteFacts): ProofFinding[] =>
  facts.devices.flatMap((device) => {
    const tooLong = gatesOf(device, facts).filter(({ sweptUm, certainUm }) => sweptUm >= certainUm);
    const isOutbound = ({ gate }: StaysOut): boolean => leadsOutbound(facts.layout, gate);
    const worst = tooLong.sort((a, b) => fallsWithinMs(a) - fallsWithinMs(b))[0];
    return worst === undefined ? [] : [findingOf(device, worst, tooLong.some(isOutbound) ? "error" : "warning")];
  });

function gatesOf(device: DeviceFacts, { layout, belts }: SiteFacts): StaysOut[] {
  return layout.belts.flatMap((belt) => {
    const guaranteedUm = belts.find(({ beltId }) => beltId === belt.id)?.guaranteedGapUm ?? 0;
    return belt.gates.flatMap((gate): StaysOut[] => {
      const sweptUm = gate.deviceId === device.deviceId ? stoodSweepUm(belt, gate, device) : null;
      if (sweptUm === null) return [];
      return [{ belt, gate, sweptUm, guaranteedUm, certainUm: guaranteedUm - gapReadingUm(belt, gate) }];
    });
  });
}

const findingOf = ({ deviceId }: DeviceFacts, worst: StaysOut, severity: ProofFinding["severity"]): ProofFinding => ({
  severity,
  code: "CONFIG_GATE_STAYS_OUT",
  kind: "device",
  id: deviceId,
  key: "watchdog.outputsFallMs",
  what:
    `when the program of "${deviceId}" stands while gate "${worst.gate.id}" is out, the gate sweeps ` +
    `${inMm(worst.sweptUm)} on, v × (F + R); of the gap of ${inMm(worst.guaranteedUm)} ${inMm(worst.certainUm)} are ` +
    "certain when it is measured",
  right: `outputs that fall within ${fallsWithinMs(worst)} ms by their own watchdog, a faster gate or a wider gap`,
});

const fallsWithinMs = ({ belt, gate, certainUm }: StaysOut): number =>
  Math.max(0, Math.floor((((certainUm - 1) / belt.speedUmPerS) * 1e9 - gate.travelNs) / 1e6));
