// What the process of a simulated OPC UA device can be ordered beside what every device understands.
import type { DeviceOrder } from "../device-messages.ts";
import type { UaFaults } from "./plan.ts";

export type UaOrder =
  | DeviceOrder<UaFaults>
  /** The PLC begins anew, without faults; sessions end. */
  | { kind: "renew" }
  /** The server forgets all sessions, and with them their subscriptions or not. */
  | { kind: "dropSessions"; withSubscriptions: boolean }
  /** The server forgets all subscriptions. */
  | { kind: "dropSubscriptions" }
  /** Bytes that no server of OPC UA would send, as hex, to every client. */
  | { kind: "garbage"; hex: string }
  | { kind: "sessions" };
