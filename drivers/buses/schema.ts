// The configuration of one Modbus TCP device: where it is, how fast it is asked, and what makes it fall to safe.
import { z } from "zod";

/** A Modbus data address as in the protocol data unit: 0-based, without the 3xxxx/4xxxx prefix of the manuals. */
export const modbusAddressSchema = z.int().min(0).max(65535);

export const echoWatchdogSchema = z.strictObject({
  kind: z
    .literal("echo")
    .describe("How the watchdog is fed: the device counts, and Coline writes its count back while its own loop lives."),
  counterRegister: modbusAddressSchema.describe(
    "Input register in which the device counts its own cycles, 16 bits, wrapping.",
  ),
  echoRegister: modbusAddressSchema.describe("Holding register into which Coline writes the count it has read."),
  timeoutMs: z
    .int()
    .min(20)
    .max(60_000)
    .describe(
      "How long the device lets the echo stand still before it sends its gates home and drops its relays, in ms. " +
        "State the value that the device really has: Coline cannot set it, and the proof reckons with it.",
    ),
});

export const packedInputsSchema = z.strictObject({
  register: modbusAddressSchema.describe("First input register that holds discrete inputs, input 0 in bit 0."),
  words: z.int().min(1).max(16).describe("How many such registers there are; 16 inputs each."),
});

export const trackerSchema = z.strictObject({
  register: modbusAddressSchema.describe("First of the 7 holding registers of the destination telegram."),
  status: modbusAddressSchema.describe("First of the 14 input registers with session, bits and the last verdicts."),
  reports: modbusAddressSchema.describe("First of the input registers with the reports: 2, and 6 more for each slot."),
  slots: z.int().min(2).max(16).default(8).describe("How many reports the PLC keeps."),
  cycleMs: z
    .number()
    .min(0.1)
    .max(100)
    .default(10)
    .describe("The PLC's cycle, in ms, worst case; the belt's travel in it is the error of a parcel's reported place."),
  aheadMs: z
    .int()
    .min(50)
    .max(5000)
    .default(400)
    .describe(
      "How long before the PLC's last word on a parcel its destination is sent, in ms: time for repetitions of a telegram that " +
        "is not acknowledged. From then on only a recall, which the PLC must hear, keeps the parcel back.",
    ),
});

export const modbusTcpDeviceSchema = z.strictObject({
  id: z.string().min(1).describe("Name of the device; belts, eyes, gates and permits refer to it."),
  driver: z.literal("modbus-tcp").describe("Modbus TCP (Modbus Messaging on TCP/IP Implementation Guide V1.0b)."),
  host: z.string().min(1).describe("IP address of the device; a host name costs a look-up at each reconnection."),
  port: z.int().min(1).max(65535).default(502).describe("TCP port; 502 is the registered one."),
  unit: z
    .int()
    .min(0)
    .max(255)
    .default(1)
    .describe("Unit identifier; 1 or 255 for most devices that are reached directly."),
  timeoutMs: z
    .int()
    .min(5)
    .max(10_000)
    .default(100)
    .describe("How long a reply may take, in ms; past it a write is in doubt and is read back, never repeated."),
  pollMs: z
    .int()
    .min(1)
    .max(10_000)
    .default(5)
    .describe(
      "Time from one poll of all inputs to the next, in ms. Half of the belt's travel in it is an eye's error.",
    ),
  replyFloorMs: z
    .number()
    .min(0.1)
    .max(1000)
    .default(2)
    .describe(
      "The least reply time that is reckoned with before one is measured, in ms: " +
        "no poll is started that could not end before a gate command falls due.",
    ),
  packedInputs: packedInputsSchema
    .optional()
    .describe(
      "Where the device packs its discrete inputs into input registers, so that one request reads everything of one " +
        "instant. Left out: they are read as discrete inputs (function code 2), in a request of their own.",
    ),
  tracker: trackerSchema
    .optional()
    .describe("The device tracks the parcels of a belt itself (docs/reference/plc-tracked.md). Left out: it does not."),
  watchdog: echoWatchdogSchema
    .optional()
    .describe("The device's own watchdog. Left out: it has none, and the proof refuses outbound gates on it."),
});

export type ModbusTcpDevice = z.output<typeof modbusTcpDeviceSchema>;
