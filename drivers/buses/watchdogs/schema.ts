// The configuration of a device's watchdog: the own PLC's echo, a known coupler, or any device by its registers.
import { z } from "zod";
import { modbusAddressSchema } from "../../inputs/input-area.ts";

const whenTripped = z
  .enum(["refusesWrites", "obeys"])
  .default("obeys")
  .describe(
    "What the tripped device does with commands: refuses them until it is armed again, or obeys them. " +
      "The manual says which; a late command to a plain coil is bounded only if they are refused.",
  );

const timeout = (o: { min: number; max: number; why: string }) => z.int().min(o.min).max(o.max).describe(o.why);

const WRITTEN = "Coline writes it into the device before it arms it.";

export const echoSchema = z.strictObject({
  kind: z
    .literal("echo")
    .describe("The device counts, and Coline writes its count back while its own loop lives: a PLC of your own."),
  counterRegister: modbusAddressSchema.describe(
    "Input register in which the device counts its own cycles, 16 bits, wrapping.",
  ),
  echoRegister: modbusAddressSchema.describe("Holding register into which Coline writes the count it has read."),
  timeoutMs: timeout({
    min: 20,
    max: 60_000,
    why:
      "How long the device lets the echo stand still before it sends its gates home and drops its relays, in ms. " +
      "State the value that the device really has: Coline cannot set it, and the proof reckons with it.",
  }),
  outputsFallMs: z
    .int()
    .min(1)
    .max(10_000)
    .default(150)
    .describe(
      "How long the outputs stay as they are when the program itself stands, in ms: the watchdog of output modules or " +
        "fieldbus, or the controller's own limit of a cycle, whichever is first. A gate that is out stays out so much longer.",
    ),
  whenTripped,
});

const wagoSchema = z.strictObject({
  kind: z
    .literal("wago-750")
    .describe("WAGO 750 couplers: registers 0x1000 to 0x1009, fed by each change of the trigger register 0x1003."),
  timeoutMs: timeout({ min: 100, max: 60_000, why: `Time without a trigger, in ms, in steps of 100. ${WRITTEN}` }),
  whenTripped,
});

const beckhoffSchema = z.strictObject({
  kind: z
    .literal("beckhoff-bk")
    .describe("Beckhoff BK couplers: registers 0x1120 to 0x1122, fed by each telegram while Coline's loop lives."),
  timeoutMs: timeout({ min: 20, max: 60_000, why: `Time without a telegram, in ms. ${WRITTEN}` }),
  whenTripped,
});

const icpSchema = z.strictObject({
  kind: z
    .literal("icp-das-et7000")
    .describe("ICP DAS ET-7000: host watchdog in a register, whole seconds; it goes on obeying when it has tripped."),
  timeoutRegister: modbusAddressSchema
    .default(557)
    .describe("Holding register of the host watchdog's time in s; it differs between models, see the manual."),
  eventsRegister: modbusAddressSchema
    .default(558)
    .describe("Holding register that counts how often the watchdog has tripped."),
  timeoutMs: timeout({ min: 5000, max: 60_000, why: `Time without a request, in ms, in steps of 1000. ${WRITTEN}` }),
  whenTripped,
});

const toolSchema = (kind: "advantech-adam" | "configured", what: string) =>
  z.strictObject({
    kind: z.literal(kind).describe(what),
    timeoutMs: timeout({
      min: 20,
      max: 60_000,
      why: "Time without a request, in ms, as it was set with the vendor's tool. Coline cannot set or read it.",
    }),
    whenTripped,
  });

const adlinkSchema = z.strictObject({
  kind: z
    .literal("adlink-nd")
    .describe(
      "ADLINK ND: its host watchdog is set and fed by ASCII commands, which Modbus cannot carry. Nothing is armed on it.",
    ),
  timeoutMs: timeout({ min: 100, max: 25_500, why: "Time as set in the module, in ms." }),
  whenTripped,
});

const writeSchema = z.strictObject({
  register: modbusAddressSchema.describe("Holding register that is written."),
  value: z.int().min(0).max(65_535).describe("Value that is written."),
});

const registersSchema = z.strictObject({
  kind: z.literal("registers").describe("Any other device, by its registers."),
  timeoutMs: timeout({ min: 20, max: 60_000, why: "Time without being fed, in ms; the proof reckons with it." }),
  arm: z.array(writeSchema).max(16).default([]).describe("Writes that start the watchdog, in order."),
  fedBy: z
    .enum(["requests", "writes", "changes"])
    .describe(
      "What feeds it: each request, each write, or each change of feedRegister. Coline feeds only while its loop lives.",
    ),
  feedRegister: modbusAddressSchema
    .optional()
    .describe("Holding register that Coline writes, a new value each time. Needed unless each request feeds."),
  state: z
    .strictObject({
      register: modbusAddressSchema.describe("Register that tells the watchdog's state."),
      from: z.enum(["inputRegisters", "holdingRegisters"]).default("holdingRegisters").describe("Its table."),
      running: z.array(z.int().min(0).max(65_535)).max(16).describe("Values that say it runs; empty: not told."),
      expired: z.array(z.int().min(0).max(65_535)).max(16).describe("Values that say it has tripped."),
    })
    .optional()
    .describe("Where the device tells its watchdog's state. Left out: only a refused write tells of a trip."),
  recover: z.array(writeSchema).max(16).default([]).describe("Writes that end a trip, in order, before it is armed."),
  whenTripped,
});

export const watchdogSchema = z.discriminatedUnion("kind", [
  echoSchema,
  wagoSchema,
  beckhoffSchema,
  icpSchema,
  toolSchema("advantech-adam", "Advantech ADAM: the communication watchdog is set with the vendor's tool."),
  toolSchema("configured", "Any device whose watchdog was set with its vendor's tool and is fed by each request."),
  adlinkSchema,
  registersSchema,
]);

export type WatchdogConfig = z.output<typeof watchdogSchema>;
export type EchoConfig = Extract<WatchdogConfig, { kind: "echo" }>;
