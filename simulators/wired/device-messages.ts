// What the process of a simulated PLC is ordered by whoever started it, and what it answers: each order once, by its number.
import type { PlcArrival } from "./plc/arrival.ts";

/** What every one of them understands. */
export type DeviceOrder<Faults> =
  | { kind: "faults"; faults: Partial<Faults> }
  /** Resets all connections and refuses new ones. */
  | { kind: "cut" }
  | { kind: "restore" }
  /** Its power goes: outputs fall, connections are reset; the process itself stays, and what it has noted with it. */
  | { kind: "powerOff" }
  /** It begins anew, and listens where it did before. */
  | { kind: "powerOn" }
  /** Sends the arrivals noted since the last time. */
  | { kind: "arrivals" };

export type DeviceAnswer =
  /** Also said unasked, as number 0, once it can be reached. */
  | { kind: "listening"; port: number }
  | { kind: "done" }
  | { kind: "arrivals"; arrivals: PlcArrival[]; lost: number; trips: number }
  /** Sessions and subscriptions that a server has now, and sessions that it ever had. */
  | { kind: "sessions"; now: number; ever: number; subscriptions: number };

/** The number comes back in the answer. */
export interface Numbered<T> {
  id: number;
  said: T;
}
