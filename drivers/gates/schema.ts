// The configuration of a gate's drive: how a Modbus device is told to move it and says where it is.
import { z } from "zod";
import { modbusAddressSchema } from "../buses/schema.ts";

export const mailboxDriveSchema = z.strictObject({
  kind: z
    .literal("mailbox")
    .describe("The device judges each command by its sequence and its belt window (docs/reference/modbus.md)."),
  register: modbusAddressSchema.describe("First of the 12 holding registers of the gate's mailbox."),
  status: modbusAddressSchema.describe("First of the 4 input registers in which the device answers for this gate."),
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
  homeInput: z
    .int()
    .min(0)
    .max(65535)
    .optional()
    .describe("Discrete input of the switch that says home. Left out: home is not seen, withdrawals rest on replies."),
  outInput: z.int().min(0).max(65535).optional().describe("Discrete input of the switch that says out."),
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
  destinationDriveSchema,
]);

export type MailboxDrive = z.output<typeof mailboxDriveSchema>;
export type CoilDrive = z.output<typeof coilDriveSchema>;
export type GateDrive = z.output<typeof gateDriveSchema>;
