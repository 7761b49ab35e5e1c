// All drivers by name: one line each, with the schema of its part of the configuration. Nothing here opens a device.
import { z } from "zod";
import { MAX_REGISTERS, planBitReads, planReads, type Span } from "./buses/poll-plan.ts";
import { echoWatchdogSchema, modbusTcpDeviceSchema } from "./buses/schema.ts";
import { reportRegisters, TELEGRAM_REGISTERS, TRACKER_STATUS_REGISTERS } from "./gates/destination.ts";
import { STATUS_REGISTERS } from "./gates/mailbox.ts";
import { gateDriveSchema } from "./gates/schema.ts";
import type { ScannerClock } from "./scanners/clock.ts";
import type { ScannerDriver, ScannerLook, ScannerPort } from "./scanners/port.ts";
import { isUnstableName } from "./scanners/port-name.ts";
import { PROFILE_NAMES, scannerProfiles } from "./scanners/profiles/all.ts";
import { withProfile } from "./scanners/schema.ts";
import { wireNs } from "./scanners/serial-line.ts";
import { serialScannerSchema } from "./scanners/serial-schema.ts";
import { tcpScannerSchema } from "./scanners/tcp-schema.ts";

/** What only the proof asks of a watchdog: some devices go on obeying after it has tripped (ICP DAS ET-7000 manual). */
const watchdogSchema = echoWatchdogSchema.extend({
  whenTripped: z
    .enum(["refusesWrites", "obeys"])
    .default("obeys")
    .describe(
      "What the tripped device does with commands: refuses them until it is armed again, or obeys them. " +
        "The manual says which; a late command to a plain coil is bounded only if they are refused.",
    ),
});

const modbusTcpSchema = modbusTcpDeviceSchema.extend({
  watchdog: watchdogSchema
    .optional()
    .describe("The device's own watchdog. Left out: it has none, and nothing is ever armed on it."),
});

/** An entry of `devices` in line.yaml; `driver` tells which. */
export const deviceSchema = z.discriminatedUnion("driver", [modbusTcpSchema]);

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

/** `drive` of a gate in line.yaml; `kind` tells which. */
export const driveSchema = gateDriveSchema;

/** Registers of a device that tracks: holding registers of the telegram, input registers of status and reports. */
export const TRACKER_SPAN = {
  telegram: TELEGRAM_REGISTERS,
  status: TRACKER_STATUS_REGISTERS,
  reports: reportRegisters,
} as const;
/** Input registers that the edges of a latched eye take. */
export { LATCH_REGISTERS } from "./inputs/latch.ts";

/** Registers that a mailbox gate takes from its first on: holding registers of the command, input registers of the answer. */
export const MAILBOX_SPAN = { command: 12, status: STATUS_REGISTERS } as const;

/** Requests that bring all inputs of a device once, planned as its driver plans them (gaps of up to 16 are read over). */
export const requestsPerPoll = (o: { registers: readonly Span[]; inputs: readonly number[] }): number =>
  planReads(o.registers, { maxGap: 16, maxCount: MAX_REGISTERS }).length + planBitReads(o.inputs).length;

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

/** The profiles as a scanner of nothing but the name has them, for the reference page. */
export const profilesFilledIn = () =>
  PROFILE_NAMES.map((name) => ({
    name,
    profile: scannerProfiles[name],
    settings: withProfile({ profile: name, framing: {}, trigger: {} }),
  }));
