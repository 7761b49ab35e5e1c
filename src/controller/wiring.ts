// What the site's configuration says is wired to each device: the one place that turns configuration into driver terms.
import type { EyeWiring, PlcWiring } from "../../drivers/inputs/wiring.ts";
import { isOwn } from "../config/device-facts.ts";
import { beltSignalId, chuteEyeId, chuteFullInputId } from "../config/input-names.ts";
import type { Site } from "../config/load.ts";

/** Names of the line permits' coils, as plant and driver call them. */
export const runPermitId = (beltId: string): string => `${beltId}.runPermit`;
export const infeedPermitId = (beltId: string): string => `${beltId}.infeedPermit`;

export function wiringOf(site: Site, deviceId: string): PlcWiring {
  const { belts } = site.line;
  return {
    encoders: belts.flatMap(({ encoder }) =>
      encoder === undefined || encoder.device !== deviceId
        ? []
        : [{ id: encoder.id, register: encoder.register, bits: encoder.bits }],
    ),
    eyes: [...beltEyes(site, deviceId), ...chuteEyes(site, deviceId)],
    signals: [
      ...belts.flatMap(({ id, signals }) =>
        Object.entries(signals).flatMap(([name, signal]) =>
          signal?.device === deviceId ? [{ id: beltSignalId(id, name), input: signal.input }] : [],
        ),
      ),
      ...site.chutes.chutes.flatMap(({ id, fullInput }) =>
        fullInput?.device === deviceId ? [{ id: chuteFullInputId(id), input: fullInput.input }] : [],
      ),
    ],
    drives: belts.flatMap(({ id, encoder, runPermit }) =>
      encoder === undefined && runPermit.device === deviceId && runPermit.feedback !== undefined
        ? [{ beltId: id, input: runPermit.feedback }]
        : [],
    ),
    gates: belts.flatMap(({ gates }) =>
      gates.filter((gate) => gate.device === deviceId).map(({ id, drive }) => ({ id, drive })),
    ),
    ...trackerOf(site, deviceId),
    linePermits: belts.flatMap(({ id, runPermit, infeedPermit }) => [
      ...(runPermit.device === deviceId ? [{ id: runPermitId(id), coil: runPermit.coil }] : []),
      ...(infeedPermit.device === deviceId ? [{ id: infeedPermitId(id), coil: infeedPermit.coil }] : []),
    ]),
  };
}

/** The eyes of a belt that its PLC tracks are the PLC's own: nobody else listens to them. */
function trackerOf({ line }: Site, deviceId: string): Pick<PlcWiring, "tracker"> {
  const { tracker } = line.devices.find(({ id }) => id === deviceId) ?? {};
  const belt = line.belts.find(({ tracking, encoder }) => tracking === "plc" && encoder?.device === deviceId);
  if (tracker === undefined || belt === undefined) return {};
  const { register, status, reports, slots } = tracker;
  const codes = Object.fromEntries(
    belt.gates.flatMap(({ drive }) => (drive.kind === "destination" ? Object.entries(drive.codes) : [])),
  );
  return { tracker: { beltId: belt.id, register, status, reports, slots, codes, safeEndChuteId: belt.safeEnd.chute } };
}

function beltEyes(site: Site, deviceId: string): EyeWiring[] {
  return site.line.belts.filter(isOwn).flatMap(({ eyes, encoder }) =>
    eyes
      .filter((eye) => eye.device === deviceId)
      .map(({ id, input, latch }) => ({
        ...{ id, input, encoderId: encoder?.device === deviceId ? encoder.id : null },
        ...(latch === undefined ? {} : { latch: latch.register }),
      })),
  );
}

function chuteEyes(site: Site, deviceId: string): EyeWiring[] {
  return site.chutes.chutes.flatMap(({ id, eye }) =>
    eye?.device === deviceId ? [{ id: chuteEyeId(id), input: eye.input, encoderId: null }] : [],
  );
}
