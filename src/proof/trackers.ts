// Whether a PLC that tracks decides early enough, can be stopped when it does not listen, and keeps its reports long enough.
import type { BeltLayout, GateLayout } from "../line/layout.ts";
import { leadsOutbound } from "./demanded-gap.ts";
import { type DeviceFacts, inMm, type ProofFinding, type SiteFacts, travelUm } from "./facts.ts";

/** A parcel came, its tail passed, it ended. */
const REPORTS_PER_PARCEL = 3;

export function trackerFindings(facts: SiteFacts): ProofFinding[] {
  return facts.layout.belts.flatMap((belt) => {
    const device = facts.devices.find(({ deviceId }) => deviceId === belt.tracker?.deviceId);
    if (belt.tracker === undefined || device?.tracker === undefined) return [];
    return [
      ...belt.gates.flatMap((gate) => lastWordFindings(belt, gate, device)),
      ...stopFindings(facts, belt),
      ...slotFindings(facts, belt, device),
    ];
  });
}

/** The gate has to be out when the parcel is there: from the last word on that is the PLC's own time. */
function lastWordFindings(belt: BeltLayout, gate: GateLayout, { tracker }: DeviceFacts): ProofFinding[] {
  const neededUm = travelUm(belt.speedUmPerS, gate.travelNs + (tracker?.cycleNs ?? 0));
  if ((gate.finalUm ?? 0) >= neededUm) return [];
  return [
    {
      severity: "error",
      code: "CONFIG_LAST_WORD_TOO_LATE",
      kind: "gate",
      id: gate.id,
      key: "drive.finalMm",
      what: `the PLC decides ${inMm(gate.finalUm ?? 0)} before gate "${gate.id}", which moves for ${inMm(neededUm)} of belt travel`,
      right: `at least ${Math.ceil(neededUm / 1000)}, where the PLC's program does so`,
    },
  ];
}

/** A recall that is not acknowledged stops the belt (law 5): by another device than the one that does not listen. */
function stopFindings(facts: SiteFacts, belt: BeltLayout): ProofFinding[] {
  const runDeviceId = facts.belts.find(({ beltId }) => beltId === belt.id)?.runDeviceId;
  const outbound = belt.gates.some((gate) => leadsOutbound(facts.layout, gate));
  if (!outbound || runDeviceId !== belt.tracker?.deviceId) return [];
  return [
    {
      severity: "error",
      code: "CONFIG_RECALL_NOT_STOPPED",
      kind: "belt",
      id: belt.id,
      key: "runPermit.device",
      what: `"${runDeviceId}" tracks belt "${belt.id}" and holds its run permit: one that ignores a recall would not stop either`,
      right: "a run permit on another device with a watchdog",
    },
  ];
}

/** While a reply stays out, two deadlines and a poll, the PLC goes on reporting. */
function slotFindings(
  facts: SiteFacts,
  belt: BeltLayout,
  { deviceId, tracker, pollNs, timeoutNs }: DeviceFacts,
): ProofFinding[] {
  if (tracker === undefined) return [];
  const gapUm = facts.belts.find(({ beltId }) => beltId === belt.id)?.guaranteedGapUm ?? 0;
  const silentNs = 2 * timeoutNs + pollNs;
  const parcels = Math.ceil(travelUm(belt.speedUmPerS, silentNs) / (belt.minItemUm + gapUm)) + 1;
  const needed = REPORTS_PER_PARCEL * parcels;
  if (tracker.slots >= needed) return [];
  return [
    {
      severity: "warning",
      code: "CONFIG_REPORTS_TOO_FEW",
      kind: "device",
      id: deviceId,
      key: "tracker.slots",
      what: `"${deviceId}" keeps ${tracker.slots} reports; ${needed} may come while a reply stays out`,
      right: `${needed}`,
    },
  ];
}
