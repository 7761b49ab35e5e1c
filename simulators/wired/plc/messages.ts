// What a simulated PLC's process and whoever started it say to each other.
import type { PlcArrival } from "./program.ts";
import type { ServerFaults } from "./server.ts";

export type ToPlc =
  | { kind: "faults"; faults: Partial<ServerFaults> }
  | { kind: "cut" }
  | { kind: "restore" }
  /** Sends the arrivals noted since the last time. */
  | { kind: "arrivals" };

export type FromPlc =
  | { kind: "listening"; port: number }
  | { kind: "cut" }
  | { kind: "faulty" }
  | { kind: "arrivals"; arrivals: PlcArrival[]; lost: number; trips: number };
