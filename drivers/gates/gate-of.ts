// Picks the control of a gate by the kind of its drive.
import type { JobHost } from "../buses/job.ts";
import { CoilGate } from "./coil-gate.ts";
import type { GateControl } from "./gate-control.ts";
import { MailboxGate } from "./mailbox-gate.ts";
import type { GateDrive } from "./schema.ts";

export function gateOf(o: { gateId: string; drive: GateDrive; host: JobHost }): GateControl {
  switch (o.drive.kind) {
    case "mailbox":
      return new MailboxGate({ ...o, drive: o.drive });
    case "coil":
      return new CoilGate({ ...o, drive: o.drive });
  }
}
