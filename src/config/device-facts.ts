// The timing of a device, its polls and watchdog as the proof reckons with them.
import { MAILBOX_SPAN } from "../../drivers/registry.ts";
import type { DeviceFacts } from "../proof/facts.ts";
import type { ChutesConfig } from "./chutes-schema.ts";
import type { DeviceConfig, LineConfig } from "./line-schema.ts";

export const ms = (value: number): number => Math.round(value * 1e6);
export const um = (valueMm: number): number => Math.round(valueMm * 1000);

/** Modbus reads at most 125 registers in one request (Modbus Application Protocol V1.1b3, 6.4). */
const REGISTERS_PER_READ = 125;

export const deviceFacts = (device: DeviceConfig, line: LineConfig, chutes: ChutesConfig): DeviceFacts => ({
  deviceId: device.id,
  pollNs: ms(device.pollMs),
  replyNs: ms(device.replyFloorMs),
  requestsPerPoll: requestsPerPoll(device, line, chutes),
  watchdog:
    device.watchdog === undefined
      ? null
      : {
          timeoutNs: ms(device.watchdog.timeoutMs),
          refusesWhenTripped: device.watchdog.whenTripped === "refusesWrites",
        },
});

function requestsPerPoll(device: DeviceConfig, line: LineConfig, chutes: ChutesConfig): number {
  const gates = line.belts.flatMap((belt) => belt.gates).filter((gate) => gate.device === device.id);
  const ends = [
    device.watchdog === undefined ? 0 : device.watchdog.counterRegister + 1,
    device.packedInputs === undefined ? 0 : device.packedInputs.register + device.packedInputs.words,
    ...line.belts.map(({ encoder }) => (encoder?.device === device.id ? encoder.register + encoder.bits / 16 : 0)),
    ...gates.map(({ drive }) => (drive.kind === "mailbox" ? drive.status + MAILBOX_SPAN.status : 0)),
  ];
  const registerReads = Math.ceil(Math.max(...ends) / REGISTERS_PER_READ);
  const discreteReads = device.packedInputs === undefined && readsDiscreteInputs(device.id, line, chutes) ? 1 : 0;
  return registerReads + discreteReads;
}

const readsDiscreteInputs = (deviceId: string, line: LineConfig, chutes: ChutesConfig): boolean =>
  line.belts.some(
    (belt) =>
      belt.eyes.some((eye) => eye.device === deviceId) ||
      (belt.runPermit.device === deviceId && belt.runPermit.feedback !== undefined) ||
      belt.gates.some(
        ({ device, drive }) => device === deviceId && drive.kind === "coil" && drive.homeInput !== undefined,
      ),
  ) || chutes.chutes.some((chute) => chute.eye?.device === deviceId || chute.fullInput?.device === deviceId);
