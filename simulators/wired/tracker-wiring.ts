// Wires the tracking of one device of a site: where its eyes and gates are, and which terminal each of them has.
import type { ChutesConfig } from "../../src/config/chutes-schema.ts";
import type { BeltConfig, DeviceConfig, GateConfig, LineConfig } from "../../src/config/line-schema.ts";
import { trackerIn } from "../../src/config/wiring.ts";
import type { Actuator } from "../world/plan.ts";
import { EARLY } from "./plc/tracker-parcel.ts";
import type { TrackerPlan } from "./terminals.ts";

const um = (mm: number): number => Math.round(mm * 1000);

/** null: the device tracks nothing. @throws RangeError for a belt without an induction or an end eye */
export function wireTracker(o: {
  device: DeviceConfig;
  site: { line: LineConfig; chutes: ChutesConfig };
  encoderIds: readonly string[];
  newOutput(drives: Actuator): number;
}): TrackerPlan | null {
  const { device, site } = o;
  const belt = site.line.belts.find(({ tracking, encoder }) => tracking === "plc" && encoder?.device === device.id);
  const tracker = trackerIn(device);
  if (tracker === undefined || belt?.encoder === undefined) return null;
  const { register, status, reports, slots } = tracker;
  return {
    ...{ register, status, reports, slots },
    encoder: Math.max(0, o.encoderIds.indexOf(belt.encoder.id)),
    umPerCount: um(belt.encoder.mmPerCount),
    induction: eyeOf(belt, "induction"),
    end: eyeOf(belt, "end"),
    gates: belt.gates.map((gate) => gateOf(gate, { ...o, belt })),
  };
}

function eyeOf(belt: BeltConfig, role: "induction" | "end"): TrackerPlan["end"] {
  const eye = belt.eyes.find((each) => each.role === role);
  if (eye === undefined) throw new RangeError(`belt ${belt.id}: a PLC that tracks needs an eye of role ${role}`);
  return { terminal: eye.input, atUm: um(eye.atMm) };
}

function gateOf(
  { id, atMm, sweptMm, travelMs, drive }: GateConfig,
  o: { belt: BeltConfig; site: { chutes: ChutesConfig }; newOutput(drives: Actuator): number },
): TrackerPlan["gates"][number] {
  const finalUm = drive.kind === "destination" ? um(drive.finalMm) : 0;
  const codes = drive.kind === "destination" ? Object.entries(drive.codes) : [];
  return {
    gateId: id,
    atUm: um(atMm),
    sweptUm: um(sweptMm),
    finalUm,
    moveUm: Math.min(finalUm, Math.ceil(EARLY * o.belt.speedMmPerS * travelMs)),
    chutes: codes.map(([chuteId, code]) => {
      const chute = o.site.chutes.chutes.find((each) => each.id === chuteId);
      return {
        code,
        terminal: o.newOutput({ kind: "gate", gateId: id, chuteId }),
        eyeTerminal: chute?.eye?.input ?? null,
        slideMinNs: (chute?.slideMs?.[0] ?? 0) * 1e6,
        slideMaxNs: (chute?.slideMs?.[1] ?? 2000) * 1e6,
      };
    }),
  };
}
