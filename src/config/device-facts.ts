// The timing of a device, its polls and watchdog as the proof reckons with them.
import { LATCH_REGISTERS, MAILBOX_SPAN, requestsPerPoll, TRACKER_SPAN } from "../../drivers/registry.ts";
import type { DeviceFacts } from "../proof/facts.ts";
import type { ChutesConfig } from "./chutes-schema.ts";
import type { BeltConfig, DeviceConfig, GateConfig, LineConfig } from "./line-schema.ts";

export const ms = (value: number): number => Math.round(value * 1e6);
export const um = (valueMm: number): number => Math.round(valueMm * 1000);

export const deviceFacts = (device: DeviceConfig, line: LineConfig, chutes: ChutesConfig): DeviceFacts => ({
  deviceId: device.id,
  pollNs: ms(device.pollMs),
  replyNs: ms(device.replyFloorMs),
  requestsPerPoll: requestsPerPoll({
    registers: registersOf(device, line),
    inputs: device.packedInputs === undefined ? inputsOf(device.id, line, chutes) : [],
  }),
  hasCoils: hasCoils(device.id, line),
  ...(device.tracker === undefined
    ? {}
    : {
        tracker: {
          slots: device.tracker.slots,
          cycleNs: ms(device.tracker.cycleMs),
          timeoutNs: ms(device.timeoutMs),
        },
      }),
  watchdog:
    device.watchdog === undefined
      ? null
      : {
          timeoutNs: ms(device.watchdog.timeoutMs),
          refusesWhenTripped: device.watchdog.whenTripped === "refusesWrites",
        },
});

/**
 * The longest time between two samples of an eye as the driver stamps them. A command may go before the poll. With the
 * encoder in the same request the count is of the same instant; in another request only the count of the poll before
 * is certainly not later; without an encoder the time of the requests is in it.
 */
export function sampleNs(device: DeviceConfig, facts: DeviceFacts, eye: { encoderDevice: string | undefined }): number {
  const oneCommand = facts.replyNs;
  if (eye.encoderDevice !== device.id) return facts.pollNs + oneCommand + facts.requestsPerPoll * facts.replyNs;
  return (device.packedInputs === undefined ? 2 : 1) * facts.pollNs + oneCommand;
}

interface Span {
  address: number;
  count: number;
}

function registersOf(device: DeviceConfig, line: LineConfig): Span[] {
  const { watchdog, packedInputs } = device;
  return [
    ...(watchdog === undefined ? [] : [{ address: watchdog.counterRegister, count: 1 }]),
    ...(packedInputs === undefined ? [] : [{ address: packedInputs.register, count: packedInputs.words }]),
    ...line.belts.flatMap(({ encoder }) =>
      encoder?.device === device.id ? [{ address: encoder.register, count: encoder.bits / 16 }] : [],
    ),
    ...(device.tracker === undefined
      ? []
      : [
          { address: device.tracker.status, count: TRACKER_SPAN.status },
          { address: device.tracker.reports, count: TRACKER_SPAN.reports(device.tracker.slots) },
        ]),
    ...line.belts.flatMap(({ eyes }) =>
      eyes.flatMap(({ device: of, latch }) =>
        of === device.id && latch !== undefined ? [{ address: latch.register, count: LATCH_REGISTERS }] : [],
      ),
    ),
    ...gatesOf(device.id, line).flatMap(({ drive }) =>
      drive.kind === "mailbox" ? [{ address: drive.status, count: MAILBOX_SPAN.status }] : [],
    ),
  ];
}

function inputsOf(deviceId: string, line: LineConfig, { chutes }: ChutesConfig): number[] {
  const eyes = line.belts.filter(isOwn).flatMap((belt) => belt.eyes.filter((eye) => eye.device === deviceId));
  const runs = line.belts.flatMap(({ runPermit }) => (runPermit.device === deviceId ? [runPermit.feedback] : []));
  const signals = line.belts.flatMap((belt) => Object.values(belt.signals).filter((each) => each?.device === deviceId));
  const drives = gatesOf(deviceId, line).flatMap(({ drive }) =>
    drive.kind === "coil" ? [drive.homeInput, drive.outInput] : [],
  );
  const mouths = chutes.flatMap(({ eye, fullInput }) => [eye, fullInput]).filter((each) => each?.device === deviceId);
  return [
    ...eyes.map(({ input }) => input),
    ...runs,
    ...signals.map((each) => each?.input),
    ...drives,
    ...mouths.map((each) => each?.input),
  ].filter((input) => input !== undefined);
}

const hasCoils = (deviceId: string, line: LineConfig): boolean =>
  gatesOf(deviceId, line).some(({ drive }) => drive.kind === "coil") ||
  line.belts.some(({ runPermit, infeedPermit }) => runPermit.device === deviceId || infeedPermit.device === deviceId);

/** Coline follows its parcels by itself, and reads its eyes. */
export const isOwn = ({ tracking }: BeltConfig): boolean => tracking === "controller";

const gatesOf = (deviceId: string, line: LineConfig): GateConfig[] =>
  line.belts.flatMap((belt) => belt.gates).filter((gate) => gate.device === deviceId);
