// All drivers by name: one line each, with the schema of its part of the configuration. Nothing here opens a device.
import { z } from "zod";
import { MAX_REGISTERS, planBitReads, planReads, type Span } from "./buses/poll-plan.ts";
import { echoWatchdogSchema, modbusTcpDeviceSchema } from "./buses/schema.ts";
import { reportRegisters, TELEGRAM_REGISTERS, TRACKER_STATUS_REGISTERS } from "./gates/destination.ts";
import { STATUS_REGISTERS } from "./gates/mailbox.ts";
import { gateDriveSchema } from "./gates/schema.ts";
import { bitsPerCharacter, type SerialScannerConfig, serialScannerSchema } from "./scanners/schema.ts";

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
export const scannerSchema = z.discriminatedUnion("driver", [serialScannerSchema]);

/** `drive` of a gate in line.yaml; `kind` tells which. */
export const driveSchema = gateDriveSchema;

/** Registers of a device that tracks: holding registers of the telegram, input registers of status and reports. */
export const TRACKER_SPAN = {
  telegram: TELEGRAM_REGISTERS,
  status: TRACKER_STATUS_REGISTERS,
  reports: reportRegisters,
} as const;

/** Registers that a mailbox gate takes from its first on: holding registers of the command, input registers of the answer. */
export const MAILBOX_SPAN = { command: 12, status: STATUS_REGISTERS } as const;

/** Requests that bring all inputs of a device once, planned as its driver plans them (gaps of up to 16 are read over). */
export const requestsPerPoll = (o: { registers: readonly Span[]; inputs: readonly number[] }): number =>
  planReads(o.registers, { maxGap: 16, maxCount: MAX_REGISTERS }).length + planBitReads(o.inputs).length;

/** The longest telegram of a scanner on its wire, ns. */
export const telegramWireNs = (scanner: SerialScannerConfig): number =>
  Math.round((scanner.framing.maxBytes * bitsPerCharacter(scanner) * 1e9) / scanner.baud);
