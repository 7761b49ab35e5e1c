// Picks the control of a gate by the kind of its drive.
import type { JobHost } from "../buses/job.ts";
import type { NumberFormat } from "../buses/number-format.ts";
import type { PlcWiring } from "../inputs/wiring.ts";
import { Destinations } from "./destinations.ts";
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

/** @throws for a destination on a device that does not track: the configuration's rules exclude it */
export function gateOf(o: GateOptions): GateControl {
  if (o.drive.kind === "mailbox") return new MailboxGate({ ...o, drive: o.drive });
  if (o.drive.kind === "destination") throw new Error(`gate ${o.gateId}: its device does not track`);
  return new OutputGate({ ...o, drive: o.drive });
}

/** By the gate's id; the gates of a device that tracks have one control together. */
export function gatesOf(
  o: Omit<GateOptions, "gateId" | "drive"> & { deviceId: string; wiring: Pick<PlcWiring, "gates" | "tracker"> },
): ReadonlyMap<string, GateControl> {
  const { gates, tracker } = o.wiring;
  const destinations = tracker === undefined ? null : new Destinations({ ...o, tracker });
  return new Map(
    gates.map(({ id, drive }) => [
      id,
      drive.kind === "destination" && destinations !== null ? destinations : gateOf({ ...o, gateId: id, drive }),
    ]),
  );
}
