// The configuration of one Modbus device: where it is, how fast it is asked, how its map is laid out.
import { z } from "zod";
import { inputAreaSchema, modbusAddressSchema } from "../inputs/input-area.ts";
import { watchdogSchema } from "./watchdogs/schema.ts";

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

const id = z.string().min(1).describe("Name of the device; belts, eyes, gates and permits refer to it.");

/** What every Modbus device has, whatever carries its telegrams. */
const device = {
  packedInputs: packedInputsSchema
    .optional()
    .describe(
      "Where the device packs its discrete inputs into input registers, so that one request reads everything of one " +
        "instant. Left out, and no `inputs` either: they are read as discrete inputs at their own addresses.",
    ),
  inputs: z
    .array(inputAreaSchema)
    .min(1)
    .max(32)
    .optional()
    .describe("Where the device keeps its discrete inputs, when it is not in one of the two usual ways."),
  wordOrder: z
    .enum(["highFirst", "lowFirst"])
    .default("highFirst")
    .describe("Order of the two registers of a number of 32 bits. The protocol does not say; devices differ."),
  byteOrder: z
    .enum(["highFirst", "lowFirst"])
    .default("highFirst")
    .describe(
      "Order of the two bytes in the registers of numbers. The protocol says highFirst; some devices exchange them.",
    ),
  readAcross: z
    .int()
    .min(0)
    .max(124)
    .default(16)
    .describe(
      "So many registers that nobody asked for are read over for the sake of one request. A device that refuses such a " +
        "read (exception 02) is read in two from then on.",
    ),
  writes: z
    .enum(["any", "single", "multiple"])
    .default("any")
    .describe(
      "Function codes that the device takes for writes: single ones only (05, 06), multiple ones only (15, 16), or any. " +
        "With any, outputs that fall due together at neighbouring addresses are written in one request.",
    ),
  tracker: trackerSchema
    .optional()
    .describe("The device tracks the parcels of a belt itself (docs/reference/plc-tracked.md). Left out: it does not."),
  watchdog: watchdogSchema
    .optional()
    .describe("The device's own watchdog. Left out: it has none, and nothing is ever armed on it."),
};

const timing = (o: { timeoutMs: number; pollMs: number; replyFloorMs: number }) => ({
  timeoutMs: z
    .int()
    .min(5)
    .max(10_000)
    .default(o.timeoutMs)
    .describe("How long a reply may take, in ms; past it a write is in doubt and is read back, never repeated."),
  pollMs: z
    .int()
    .min(1)
    .max(10_000)
    .default(o.pollMs)
    .describe(
      "Time from one poll of all inputs to the next, in ms. Half of the belt's travel in it is an eye's error.",
    ),
  replyFloorMs: z
    .number()
    .min(0.1)
    .max(1000)
    .default(o.replyFloorMs)
    .describe(
      "The least reply time that is reckoned with before one is measured, in ms, without the time on a serial wire: " +
        "no poll is started that could not end before a gate command falls due.",
    ),
});

export const modbusTcpDeviceSchema = z.strictObject({
  id,
  driver: z.literal("modbus-tcp").describe("Modbus TCP (Modbus Messaging on TCP/IP Implementation Guide V1.0b)."),
  host: z.string().min(1).describe("IP address of the device; a host name costs a look-up at each reconnection."),
  port: z.int().min(1).max(65535).default(502).describe("TCP port; 502 is the registered one."),
  unit: z
    .int()
    .min(0)
    .max(255)
    .default(1)
    .describe("Unit identifier; 1 or 255 for most devices that are reached directly."),
  ...timing({ timeoutMs: 100, pollMs: 5, replyFloorMs: 2 }),
  ...device,
});

export const modbusRtuDeviceSchema = z.strictObject({
  id,
  driver: z.literal("modbus-rtu").describe("Modbus RTU on a serial line (Modbus over Serial Line V1.02)."),
  line: z
    .string()
    .min(1)
    .max(255)
    .describe(
      "Path of the serial port; devices with the same path share the line. One under /dev/serial/by-id stays the same.",
    ),
  baud: z.int().min(1200).max(1_000_000).default(19_200).describe("Line speed, bits per second; one for the line."),
  parity: z.enum(["none", "even", "odd"]).default("even").describe("Parity bit of a character; one for the line."),
  stopBits: z
    .union([z.literal(1), z.literal(2)])
    .default(1)
    .describe("Stop bits of a character; 2 where there is no parity, as the specification wants it."),
  unit: z.int().min(1).max(247).describe("Address of the device on its line."),
  ...timing({ timeoutMs: 100, pollMs: 50, replyFloorMs: 5 }),
  ...device,
});

export type ModbusTcpDevice = z.output<typeof modbusTcpDeviceSchema>;
export type ModbusRtuDevice = z.output<typeof modbusRtuDeviceSchema>;
/** A Modbus device, whatever carries its telegrams. */
export type ModbusDevice = ModbusTcpDevice | ModbusRtuDevice;

/** What a device's machine must know of it, whatever bus it is on. */
export type MachineDevice = Omit<ModbusTcpDevice, "driver" | "host" | "port" | "unit"> & {
  /** Longest attempt at a connection, ms; left out: as long as a TCP handshake may take. */
  connectMs?: number;
};
