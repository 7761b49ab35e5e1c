// What a simulated PLC's process and whoever started it say to each other.
import type { PlcArrival } from "./program.ts";
import type { ServerFaults } from "./server.ts";
import type { TrackerTrouble } from "./tracker-parcel.ts";

export type ToPlc =
  | { kind: "faults"; faults: Partial<ServerFaults> }
  | { kind: "cut" }
  | { kind: "restore" }
  /** Its power goes: outputs fall, connections are reset; the process itself stays, and what it has noted with it. */
  | { kind: "powerOff" }
  /** It begins anew, and listens where it did before. */
  | { kind: "powerOn" }
  /** What goes wrong in a PLC that tracks; to any other it means nothing. */
  | { kind: "trackerTrouble"; trouble: Partial<TrackerTrouble> }
  /** Its tracking starts anew and knows no parcel. */
  | { kind: "forget" }
  /** Sends the arrivals noted since the last time. */
  | { kind: "arrivals" };

export type FromPlc =
  | { kind: "listening"; port: number }
  | { kind: "cut" }
  | { kind: "off" }
  | { kind: "faulty" }
  | { kind: "arrivals"; arrivals: PlcArrival[]; lost: number; trips: number };
