// What the site's configuration says is wired to each device: the one place that turns configuration into driver terms.
import type { EyeWiring, PermitOutput, PlcWiring } from "../../drivers/registry.ts";
import type { ChutesConfig } from "./chutes-schema.ts";
import { beltSignalId, chuteEyeId, chuteFullInputId, faultInputId } from "./input-names.ts";
import type { BeltConfig, LineConfig } from "./line-schema.ts";

/** Names of the line permits' outputs, as plant and driver call them. */
export const runPermitId = (beltId: string): string => `${beltId}.runPermit`;
export const infeedPermitId = (beltId: string): string => `${beltId}.infeedPermit`;

export function wiringOf(site: { line: LineConfig; chutes: ChutesConfig }, deviceId: string): PlcWiring {
  const { belts } = site.line;
  return {
    encoders: belts.flatMap(({ encoder }) =>
      encoder === undefined || encoder.device !== deviceId
        ? []
        : [{ id: encoder.id, register: encoder.register, bits: encoder.bits, from: encoder.from }],
    ),
    eyes: [...beltEyes(belts, deviceId), ...chuteEyes(site.chutes, deviceId)],
    signals: signals(site, deviceId),
    drives: belts.flatMap(({ id, encoder, runPermit }) =>
      encoder === undefined && runPermit.device === deviceId && runPermit.feedback !== undefined
        ? [{ beltId: id, input: runPermit.feedback }]
        : [],
    ),
    gates: belts.flatMap(({ gates }) =>
      gates.filter((gate) => gate.device === deviceId).map(({ id, drive }) => ({ id, drive })),
    ),
    ...trackerOf(belts, site.line.devices, deviceId),
    linePermits: belts.flatMap(({ id, runPermit, infeedPermit }) => [
      ...(runPermit.device === deviceId ? [{ id: runPermitId(id), ...outputOf(runPermit) }] : []),
      ...(infeedPermit.device === deviceId ? [{ id: infeedPermitId(id), ...outputOf(infeedPermit) }] : []),
    ]),
  };
}

/** The schema has made sure that there is one of the two. */
const outputOf = ({ coil, register }: BeltConfig["runPermit"] | BeltConfig["infeedPermit"]): PermitOutput =>
  register === undefined ? { coil: coil ?? 0 } : { register: register.address, on: register.on, off: register.off };

function signals({ line, chutes }: { line: LineConfig; chutes: ChutesConfig }, deviceId: string): PlcWiring["signals"] {
  return [
    ...line.belts.flatMap(({ id, signals: named }) =>
      Object.entries(named).flatMap(([name, signal]) =>
        signal?.device === deviceId ? [{ id: beltSignalId(id, name), input: signal.input }] : [],
      ),
    ),
    ...chutes.chutes.flatMap(({ id, fullInput }) =>
      fullInput?.device === deviceId ? [{ id: chuteFullInputId(id), input: fullInput.input }] : [],
    ),
    ...line.faultInputs
      .filter((fault) => fault.device === deviceId)
      .map(({ id, input }) => ({ id: faultInputId(id), input })),
  ];
}

/** Coline follows its parcels by itself, and reads its eyes. */
export const isOwn = ({ tracking }: BeltConfig): boolean => tracking === "controller";

/** What a device says of its own tracking; only over Modbus is a PLC told destinations. */
export const trackerIn = (device: LineConfig["devices"][number] | undefined) =>
  device !== undefined && "tracker" in device ? device.tracker : undefined;

function trackerOf(
  belts: readonly BeltConfig[],
  devices: LineConfig["devices"],
  deviceId: string,
): Pick<PlcWiring, "tracker"> {
  const tracker = trackerIn(devices.find(({ id }) => id === deviceId));
  const belt = belts.find((each) => !isOwn(each) && each.encoder?.device === deviceId);
  if (tracker === undefined || belt === undefined) return {};
  const { register, status, reports, slots } = tracker;
  const codes = Object.fromEntries(
    belt.gates.flatMap(({ drive }) => (drive.kind === "destination" ? Object.entries(drive.codes) : [])),
  );
  return { tracker: { beltId: belt.id, register, status, reports, slots, codes, safeEndChuteId: belt.safeEnd.chute } };
}

/** The eyes of a belt that its PLC tracks are the PLC's own: nobody else listens to them. */
function beltEyes(belts: readonly BeltConfig[], deviceId: string): EyeWiring[] {
  return belts.filter(isOwn).flatMap(({ eyes, encoder }) =>
    eyes
      .filter((eye) => eye.device === deviceId)
      .map(({ id, input, latch }) => ({
        id,
        input,
        encoderId: encoder?.device === deviceId ? encoder.id : null,
        ...(latch === undefined ? {} : { latch }),
      })),
  );
}

function chuteEyes({ chutes }: ChutesConfig, deviceId: string): EyeWiring[] {
  return chutes.flatMap(({ id, eye }) =>
    eye?.device === deviceId ? [{ id: chuteEyeId(id), input: eye.input, encoderId: null, isMouth: true }] : [],
  );
}
