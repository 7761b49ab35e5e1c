// What a gate's drive uses of its device: inputs, registers that are read with each poll, outputs that are read back.
import type { RegisterTable, Span } from "../inputs/wiring.ts";
import { mailboxSpans } from "./mailbox.ts";
import type { GateDrive, OutputDrive } from "./schema.ts";

export interface DrivePoints {
  /** Numbers of discrete inputs. */
  inputs: number[];
  registers: { from: RegisterTable; span: Span }[];
  coils: number[];
  /** Holding registers that are outputs. */
  outputRegisters: Span[];
}

export function pointsOf(drive: GateDrive): DrivePoints {
  const points: DrivePoints = { inputs: [], registers: [], coils: [], outputRegisters: [] };
  if (drive.kind === "mailbox") {
    const { status } = mailboxSpans(drive);
    points.registers.push({ from: drive.statusFrom, span: { address: drive.status, count: status } });
    return points;
  }
  // What stands where is the tracker's.
  if (drive.kind === "destination") return points;
  for (const input of [drive.homeInput, drive.outInput, drive.faultInput])
    if (input !== undefined) points.inputs.push(input);
  const { feedback } = drive;
  if (feedback !== undefined) {
    const count = feedback.kind === "counter" ? feedback.bits / 16 : 1;
    points.registers.push({ from: feedback.from, span: { address: feedback.register, count } });
  }
  addOutputs(drive, points);
  return points;
}

function addOutputs(drive: OutputDrive, points: DrivePoints): void {
  switch (drive.kind) {
    case "coil":
      points.coils.push(drive.coil);
      return;
    case "coils":
      points.coils.push(...Object.values(drive.positions));
      return;
    case "register":
      points.outputRegisters.push({ address: drive.register, count: drive.bits / 16 });
      return;
    case "command":
      if ("coil" in drive.strobe) points.coils.push(drive.strobe.coil);
      else points.outputRegisters.push({ address: drive.strobe.register, count: 1 });
      if (drive.taken !== undefined)
        points.registers.push({
          from: drive.taken.from,
          span: { address: drive.taken.register, count: drive.bits / 16 },
        });
      return;
    default:
      drive satisfies never;
  }
}
