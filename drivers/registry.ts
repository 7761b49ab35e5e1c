// All drivers by name: one line each, with the schema of its part of the configuration. Nothing here opens a device.
import { z } from "zod";
import { type PollRead, planPoll } from "./buses/poll-plan.ts";
import type { BusRequest } from "./buses/request.ts";
import { rtuTiming } from "./buses/rtu/timing.ts";
import { type ModbusDevice, modbusRtuDeviceSchema, modbusTcpDeviceSchema } from "./buses/schema.ts";
import { profileOf } from "./buses/watchdogs/profiles.ts";
import { watchedBy } from "./buses/watchdogs/watchdog-of.ts";
import type { DeviceLook } from "./device-look.ts";
import { reportRegisters, TELEGRAM_REGISTERS, TRACKER_STATUS_REGISTERS } from "./gates/destination.ts";
import { mailboxRegisters, mailboxSpans } from "./gates/mailbox.ts";
import { gateDriveSchema } from "./gates/schema.ts";
import { inputAreasOf } from "./inputs/input-area.ts";
import type { PlcWiring } from "./inputs/wiring.ts";
import { planImage } from "./opcua/image-plan.ts";
import { READ_ACROSS } from "./opcua/machine-device.ts";
import { type OpcUaDevice, opcUaDeviceSchema } from "./opcua/schema.ts";
import type { ScannerClock } from "./scanners/clock.ts";
import type { ScannerDriver, ScannerLook, ScannerPort } from "./scanners/port.ts";
import { isUnstableName } from "./scanners/port-name.ts";
import { PROFILE_NAMES, scannerProfiles } from "./scanners/profiles/all.ts";
import { withProfile } from "./scanners/schema.ts";
import { wireNs } from "./scanners/serial-line.ts";
import { serialScannerSchema } from "./scanners/serial-schema.ts";
import { tcpScannerSchema } from "./scanners/tcp-schema.ts";

export type { DeviceLook } from "./device-look.ts";
export { pointsOf } from "./gates/drive-points.ts";
export { judgesLateness, seesHome, seesOut } from "./gates/schema.ts";
export { inputAreasOf, placeOf } from "./inputs/input-area.ts";
export { latchRegisters } from "./inputs/latch.ts";
export type { EyeWiring, PermitOutput, PlcWiring } from "./inputs/wiring.ts";
export { wordsOf as widthOf } from "./opcua/node-table.ts";

/** An entry of `devices` in line.yaml; `driver` tells which. */
export const deviceSchema = z.discriminatedUnion("driver", [
  modbusTcpDeviceSchema,
  modbusRtuDeviceSchema,
  opcUaDeviceSchema,
]);

type Device = ModbusDevice | OpcUaDevice;

/** An entry of `scanners` in line.yaml; `driver` tells which. */
export const scannerSchema = z.discriminatedUnion("driver", [serialScannerSchema, tcpScannerSchema]);

export type ScannerConfig = z.output<typeof scannerSchema>;
type Driver = ScannerConfig["driver"];

/** The code of each driver; loaded when a site has one. */
const scannerDrivers: { [D in Driver]: () => Promise<ScannerDriver<Extract<ScannerConfig, { driver: D }>>> } = {
  serial: async () => (await import("./scanners/serial-scanner.ts")).serialDriver,
  "serial-tcp": async () => (await import("./scanners/tcp-scanner.ts")).tcpDriver,
};

const driverOf = async ({ driver }: ScannerConfig): Promise<ScannerDriver<ScannerConfig>> =>
  (await scannerDrivers[driver]()) as ScannerDriver<ScannerConfig>;

/** Not opened yet. */
export const scannerOf = async (config: ScannerConfig, clock: ScannerClock): Promise<ScannerPort> =>
  (await driverOf(config)).make({ config, clock });

/** Opens its port for a moment. */
export const lookAtScanner = async (config: ScannerConfig): Promise<ScannerLook> =>
  (await driverOf(config)).look(config);

/** Connects for a moment. @param folder the site's, absolute @returns null: nothing can be told of it by a look */
export const lookAtDevice = async (device: Device, folder: string): Promise<DeviceLook | null> =>
  device.driver === "opcua" ? (await import("./opcua/look.ts")).lookAtServer(device, folder) : null;

/** `drive` of a gate in line.yaml; `kind` tells which. */
export const driveSchema = gateDriveSchema;

/** Registers of a device that tracks: holding registers of the telegram, input registers of status and reports. */
export const TRACKER_SPAN = {
  telegram: TELEGRAM_REGISTERS,
  status: TRACKER_STATUS_REGISTERS,
  reports: reportRegisters,
} as const;

/** Registers that a mailbox gate takes from its first on: holding registers of the command, registers of the answer. */
export const mailboxSpan = (drive: { bits: 16 | 32 }): { command: number; status: number } => ({
  command: mailboxRegisters(drive),
  status: mailboxSpans(drive).status,
});

/** The watchdog of a device can be armed over its bus; else why not. */
export function whyNeverArmed({ watchdog }: Device): string | null {
  return watchdog === undefined || watchdog.kind === "echo" ? null : profileOf(watchdog).whyNever;
}

/** What one poll of all inputs takes, as the driver plans it. */
export interface PollCost {
  requests: number;
  /** The whole poll, ns. */
  takesNs: number;
  /** Its longest request, ns. */
  longestNs: number;
  /** Reading the outputs back besides, ns. */
  outputsNs: number;
  /** Discrete inputs and belt counts come with one request, of one instant. */
  isOneRequest: boolean;
}

export function pollCost(device: Device, wiring: PlcWiring): PollCost {
  const reads = pollOf(device, wiring);
  const each = reads.map(({ kind, span, isEveryPoll }) => ({
    isEveryPoll,
    ns: requestNs(device, { kind, address: span.address, count: span.count }),
  }));
  const sum = (isEveryPoll: boolean): number =>
    each.filter((read) => read.isEveryPoll === isEveryPoll).reduce((total, { ns }) => total + ns, 0);
  return {
    requests: each.filter((read) => read.isEveryPoll).length,
    takesNs: sum(true),
    longestNs: Math.max(0, ...each.map(({ ns }) => ns)),
    outputsNs: sum(false),
    isOneRequest: reads.every(({ hasInputs, hasCounts }) => !hasInputs || hasCounts),
  };
}

/** @throws RangeError when the tables of an OPC UA device lack what is wired to it: the configuration's rules exclude it */
function pollOf(device: Device, wiring: PlcWiring): PollRead[] {
  if (device.driver !== "opcua") {
    const watched = watchedBy(device.watchdog);
    return planPoll({ areas: inputAreasOf(device), watched, readAcross: device.readAcross }, wiring);
  }
  const image = planImage(device, wiring);
  return planPoll({ areas: image.areas, watched: watchedBy(image.watchdog), readAcross: READ_ACROSS }, image.wiring);
}

/** Time that one request keeps the bus, reply and silence included, as planned, ns. */
export function requestNs(device: Device, request: BusRequest): number {
  const floorNs = Math.round(device.replyFloorMs * 1e6);
  return device.driver === "modbus-rtu" ? rtuTiming(device).exchangeNs(request) + floorNs : floorNs;
}

/** A gate's command at its longest, ns: of single outputs, or a mailbox. */
export const commandNs = (device: Device, registers: number): number =>
  requestNs(
    device,
    registers <= 1
      ? { kind: "writeCoil", address: 0, on: true }
      : { kind: "writeRegisters", address: 0, values: new Array<number>(registers).fill(0) },
  );

/** Devices that share a wire; null: the device has one of its own. */
export const lineOf = (device: Device): string | null => (device.driver === "modbus-rtu" ? device.line : null);

/** A telegram of a scanner on its serial wire, ns. @param byteCount left out: the longest */
export const telegramWireNs = (scanner: ScannerConfig, byteCount: number = scanner.framing.maxBytes): number =>
  wireNs(scanner, byteCount);

/** What the proof has to know of a scanner's wire. */
export const scannerWire = (scanner: ScannerConfig) => ({
  /** How much later than on a serial port of this machine a telegram may be here, ns. */
  transitNs: scanner.driver === "serial-tcp" ? scanner.transitMs * 1e6 : 0,
  /** The path is given out anew at every plug; null: it stays. */
  unstablePath: scanner.driver === "serial" && isUnstableName(scanner.path) ? scanner.path : null,
});

/** A parcel without a telegram is then none that it has not read: its telegram is lost, or under way still. */
export const saysWhatItDoesNotRead = ({ framing }: ScannerConfig): boolean => {
  const { head, beforeCode, afterCode, tail } = framing.fields;
  const hasStatus = [...head, ...beforeCode, ...afterCode, ...tail].some(({ is }) => is === "status");
  return framing.noRead !== null || hasStatus;
};

/** The profiles as a scanner of nothing but the name has them, for the reference page. */
export const profilesFilledIn = () =>
  PROFILE_NAMES.map((name) => ({
    name,
    profile: scannerProfiles[name],
    settings: withProfile({ profile: name, framing: {}, trigger: {} }),
  }));
