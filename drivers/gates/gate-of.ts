// Picks the control of a gate by the kind of its drive.
import type { JobHost } from "../buses/job.ts";
import type { NumberFormat } from "../buses/number-format.ts";
import type { GateControl } from "./gate-control.ts";
import { MailboxGate } from "./mailbox-gate.ts";
import { OutputGate } from "./output-gate.ts";
import type { WriteStyle } from "./output-target.ts";
import type { GateDrive } from "./schema.ts";

export interface GateOptions {
  gateId: string;
  drive: GateDrive;
  /** How the device keeps its numbers; the width is the drive's own. */
  format: NumberFormat;
  writes: WriteStyle;
  host: JobHost;
}

export function gateOf(o: GateOptions): GateControl {
  if (o.drive.kind === "mailbox") return new MailboxGate({ ...o, drive: o.drive });
  return new OutputGate({ ...o, drive: o.drive });
}
