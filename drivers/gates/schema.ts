// The configuration of a gate's drive: how a Modbus device is told to move it and says where it is.
import { z } from "zod";
import { modbusAddressSchema } from "../inputs/input-area.ts";

const registerTable = (fallback: "inputRegisters" | "holdingRegisters") =>
  z.enum(["inputRegisters", "holdingRegisters"]).default(fallback).describe("Table in which the register stands.");

const bits = (fallback: 16 | 32, what: string) =>
  z
    .union([z.literal(16), z.literal(32)])
    .default(fallback)
    .describe(what);

const inputNumber = z.int().min(0).max(65_535);

const code = z.int().min(0).max(0xffff_ffff);

const positionsOf = (what: string) => z.record(z.string().min(1), code).describe(what);

const codeFeedbackSchema = z.strictObject({
  kind: z.literal("code").describe("A register holds the position that the gate is in, as a code."),
  register: modbusAddressSchema.describe("Register of the code, 16 bits."),
  from: registerTable("inputRegisters"),
  home: code.describe("Code of home."),
  between: z
    .array(code)
    .max(16)
    .default([])
    .describe("Codes of a gate on its way. What is neither home nor one of these is out."),
  unknown: z.array(code).max(16).default([]).describe("Codes that say a fault or no position."),
});

const counterFeedbackSchema = z.strictObject({
  kind: z.literal("counter").describe("A register counts the gate's finished strokes, as some pushers do."),
  register: modbusAddressSchema.describe("First register of the count."),
  from: registerTable("inputRegisters"),
  bits: bits(16, "Width of the count in bits."),
});

/** How the device says where the gate is; each part may be left out. */
const seen = {
  homeInput: inputNumber
    .optional()
    .describe("Discrete input of the switch that says home. Left out: home is not seen, withdrawals rest on replies."),
  outInput: inputNumber.optional().describe("Discrete input of the switch that says out."),
  faultInput: inputNumber
    .optional()
    .describe("Discrete input that is on while the gate has a fault: its position then counts as unknown."),
  feedback: z
    .discriminatedUnion("kind", [codeFeedbackSchema, counterFeedbackSchema])
    .optional()
    .describe("Where the gate is, where registers say it."),
};

const pulse = z
  .strictObject({
    ms: z.int().min(5).max(5000).describe("How long the output is on, in ms."),
    endedBy: z
      .enum(["controller", "device"])
      .default("device")
      .describe("Who switches it off: the device by itself, or Coline, with the first poll after the time."),
  })
  .optional()
  .describe(
    "The output is a pulse: the gate does its whole stroke by itself and comes home. Left out: it is out while on.",
  );

export const mailboxDriveSchema = z.strictObject({
  kind: z
    .literal("mailbox")
    .describe("The device judges each command by its sequence and its belt window (docs/reference/modbus.md)."),
  register: modbusAddressSchema.describe(
    "First of the holding registers of the gate's mailbox: 12 of them, or 7 with 16 bits.",
  ),
  status: modbusAddressSchema.describe(
    "First of the registers in which the device answers for this gate: 4 of them, or 3 with 16 bits.",
  ),
  statusFrom: registerTable("inputRegisters"),
  bits: bits(32, "Width of sequences and belt counts, in bits."),
  positions: z
    .record(z.string().min(1), z.int().min(1).max(65535))
    .describe("For each chute of the gate, the position code that sends a parcel there, 1..65535."),
  encoder: z
    .string()
    .min(1)
    .optional()
    .describe("Encoder by which the device judges the window. Left out: the only one on the device."),
});

export const coilDriveSchema = z.strictObject({
  kind: z
    .literal("coil")
    .describe("A plain output: on is out, off is home. It judges nothing, so that the proof must bound its lateness."),
  coil: modbusAddressSchema.describe("Coil that drives the gate; off must be its home position (spring return)."),
  pulse,
  ...seen,
});

export const coilsDriveSchema = z.strictObject({
  kind: z
    .literal("coils")
    .describe("One plain output for each chute, at addresses that follow each other; all off is home."),
  positions: z
    .record(z.string().min(1), modbusAddressSchema)
    .describe("For each chute of the gate, the coil that sends a parcel there."),
  pulse,
  ...seen,
});

export const registerDriveSchema = z.strictObject({
  kind: z.literal("register").describe("A holding register takes the position as a code. It judges nothing."),
  register: modbusAddressSchema.describe("Holding register of the code, or the first of two."),
  bits: bits(16, "Width of the code in bits."),
  positions: positionsOf("For each chute of the gate, the code that sends a parcel there."),
  home: code.default(0).describe("Code of home. What the device falls to by itself must be this one."),
  pulse,
  ...seen,
});

const strobeSchema = z.union([
  z.strictObject({ coil: modbusAddressSchema.describe("Coil that is switched on when the command is to be taken.") }),
  z.strictObject({
    register: modbusAddressSchema.describe("Holding register that is set when the command is to be taken."),
    on: code.default(1).describe("Value that says: take it."),
    off: code.default(0).describe("Value that says: nothing to take."),
  }),
]);

export const commandDriveSchema = z.strictObject({
  kind: z
    .literal("command")
    .describe(
      "Registers take a parcel number, and a code where there is one; a strobe says that they are to be taken. Several " +
        "gates may share them. The device judges no lateness.",
    ),
  number: modbusAddressSchema.describe("Holding register of the parcel number, or the first of two."),
  bits: bits(16, "Width of the parcel number in bits; the low bits of the permit's number are written."),
  code: modbusAddressSchema.optional().describe("Holding register of the position code. Left out: there is none."),
  positions: positionsOf("For each chute of the gate, the code that sends a parcel there; 0 where no code is written."),
  strobe: strobeSchema.describe("The output that lets the device take the command: a coil, or a register."),
  pulse: z
    .strictObject({
      ms: z.int().min(5).max(5000).describe("How long the strobe stands, in ms."),
      endedBy: z.enum(["controller", "device"]).default("controller").describe("Who takes the strobe back."),
    })
    .describe("How the strobe ends."),
  taken: z
    .strictObject({
      register: modbusAddressSchema.describe("Register, or the first of two, in which the device repeats the number."),
      from: registerTable("inputRegisters"),
    })
    .optional()
    .describe("Where the device shows the number that it has taken. Left out: its reply to the strobe has to do."),
  ...seen,
});

export const destinationDriveSchema = z.strictObject({
  kind: z
    .literal("destination")
    .describe("The PLC tracks the parcels, is told where each goes, and moves the gate itself (`tracking: plc`)."),
  codes: z
    .record(z.string().min(1), z.int().min(1).max(65534))
    .describe("For each chute of the gate, its code in the PLC, 1..65534. The safe end always is 0."),
  finalMm: z
    .number()
    .min(1)
    .max(10_000)
    .describe(
      "How far before the gate a parcel's front is, in mm, when the PLC decides and nothing changes its destination any more.",
    ),
});

export const gateDriveSchema = z.discriminatedUnion("kind", [
  mailboxDriveSchema,
  coilDriveSchema,
  coilsDriveSchema,
  registerDriveSchema,
  commandDriveSchema,
  destinationDriveSchema,
]);

export type MailboxDrive = z.output<typeof mailboxDriveSchema>;
export type CoilDrive = z.output<typeof coilDriveSchema>;
export type CoilsDrive = z.output<typeof coilsDriveSchema>;
export type RegisterDrive = z.output<typeof registerDriveSchema>;
export type CommandDrive = z.output<typeof commandDriveSchema>;
export type GateDrive = z.output<typeof gateDriveSchema>;
export type DestinationDrive = z.output<typeof destinationDriveSchema>;
/** A drive that judges nothing. */
export type OutputDrive = Exclude<GateDrive, MailboxDrive | DestinationDrive>;

/** What a proof must know of a drive, whichever kind it is. */
export const judgesLateness = ({ kind }: { kind?: GateDrive["kind"] | undefined }): boolean =>
  kind === "mailbox" || kind === "destination";

export const seesHome = (drive: GateDrive): boolean =>
  drive.kind === "mailbox" ||
  (drive.kind !== "destination" && (drive.homeInput !== undefined || drive.feedback?.kind === "code"));

export const seesOut = (drive: GateDrive): boolean =>
  drive.kind === "mailbox" ||
  (drive.kind !== "destination" && (drive.outInput !== undefined || drive.feedback !== undefined));
