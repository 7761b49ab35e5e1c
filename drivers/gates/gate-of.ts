// Picks the control of a gate by the kind of its drive.
import type { JobHost } from "../buses/job.ts";
import type { PlcWiring } from "../inputs/wiring.ts";
import { CoilGate } from "./coil-gate.ts";
import { Destinations } from "./destinations.ts";
import type { GateControl } from "./gate-control.ts";
import { MailboxGate } from "./mailbox-gate.ts";
import type { GateDrive } from "./schema.ts";

/** By the gate's id; the gates of a device that tracks have one control together. */
export function gatesOf(o: { deviceId: string; wiring: PlcWiring; host: JobHost }): ReadonlyMap<string, GateControl> {
  const { deviceId, wiring, host } = o;
  const { tracker } = wiring;
  const destinations = tracker === undefined ? null : new Destinations({ deviceId, tracker, host });
  return new Map(wiring.gates.map(({ id, drive }) => [id, gateOf({ gateId: id, drive, host, destinations })]));
}

/**
 * @param o.destinations of a device that tracks
 * @throws for a destination on a device that does not track: the configuration's rules exclude it
 */
function gateOf(o: {
  gateId: string;
  drive: GateDrive;
  host: JobHost;
  destinations: Destinations | null;
}): GateControl {
  switch (o.drive.kind) {
    case "mailbox":
      return new MailboxGate({ ...o, drive: o.drive });
    case "coil":
      return new CoilGate({ ...o, drive: o.drive });
    case "destination":
      if (o.destinations === null) throw new Error(`gate ${o.gateId}: its device does not track`);
      return o.destinations;
  }
}
