// What the process of a simulated OPC UA device and whoever started it say to each other.
import type { PlcArrival } from "../plc/program.ts";
import type { UaFaults } from "./plan.ts";

export type ToUaPlc =
  | { kind: "faults"; faults: Partial<UaFaults> }
  /** Resets all connections and refuses new ones. */
  | { kind: "cut" }
  | { kind: "restore" }
  /** Its power goes: outputs fall, connections are reset, memory is lost. */
  | { kind: "powerOff" }
  /** It begins anew, and listens where it did before. */
  | { kind: "powerOn" }
  /** The PLC begins anew, without faults; sessions end. */
  | { kind: "renew" }
  /** The server forgets all sessions, and with them their subscriptions or not. */
  | { kind: "dropSessions"; withSubscriptions: boolean }
  /** The server forgets all subscriptions. */
  | { kind: "dropSubscriptions" }
  /** Bytes that no server of OPC UA would send, as hex, to every client. */
  | { kind: "garbage"; hex: string }
  | { kind: "arrivals" }
  | { kind: "sessions" };

export type FromUaPlc =
  | { kind: "listening"; port: number }
  | { kind: "done" }
  | { kind: "arrivals"; arrivals: PlcArrival[]; lost: number; trips: number }
  | { kind: "sessions"; now: number; ever: number; subscriptions: number };
