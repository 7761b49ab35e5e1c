// What goes into the machine of one device and what comes out of it.
import type { PlcWiring } from "../inputs/wiring.ts";
import type { BusSeat } from "./bus-seat.ts";
import type { PlcEvent } from "./job.ts";
import { isNewer } from "./number-format.ts";
import type { GatePermit } from "./port.ts";
import type { BusReply, BusRequest } from "./request.ts";
import type { MachineDevice } from "./schema.ts";

export interface PlcMachineOptions {
  device: MachineDevice;
  wiring: PlcWiring;
  /** A serial line that other devices use too; left out: a connection of its own. */
  line?: { seat: BusSeat; wireNs: (request: BusRequest) => number };
  /** The device answers in the order in which it was asked, as Modbus does. Left out: it does. */
  answersInOrder?: boolean;
  /** Called from within `handle`; may call `handle` again, which is then done after. */
  lastLook: (id: number) => boolean;
}

export type PlcInput =
  | { kind: "open" }
  /** The transport has a connection. */
  | { kind: "connected" }
  /** The transport has none any more; not said after a `reset` of the machine's own. */
  | { kind: "disconnected"; why: string }
  | { kind: "reply"; tag: number; reply: BusReply }
  /** No reply will come to this request: what came was damaged beyond reading. */
  | { kind: "missed"; tag: number; why: string }
  /** Something to be read by a person. */
  | { kind: "noticed"; why: string }
  | { kind: "permit"; permit: GatePermit }
  | { kind: "cancel"; id: number }
  | { kind: "withdraw"; id: number; gateId: string; voidUpTo: number; trackingId?: number }
  | { kind: "linePermit"; coilId: string; isAllowed: boolean }
  | { kind: "tested"; gateId: string }
  | { kind: "close" }
  /** At once, whatever is still to be done. */
  | { kind: "end" }
  | { kind: "wake" };

/** Carried out in order. A write stands in the same turn as the last look that allowed it. */
export type PlcAction =
  | { kind: "connect" }
  /** End the connection, or the attempt at one, by a TCP reset; what was on it is void. */
  | { kind: "reset" }
  | { kind: "send"; tag: number; request: BusRequest }
  | { kind: "event"; event: PlcEvent }
  /** After `close`: everything is withdrawn as far as the device is there. The transport resets and ends. */
  | { kind: "closed" };

/** The permit of this number is not to be carried out any more: that of the one parcel, or every one of the gate up to it. */
export const isVoid = (id: number, by: { voidUpTo: number; trackingId?: number }): boolean =>
  by.trackingId === undefined ? !isNewer(id, by.voidUpTo) : id === by.voidUpTo;
