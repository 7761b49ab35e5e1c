// What the devices' process and the benchmark say to each other.
import type { Stall } from "./own-stall.ts";

/** One run of parcels over all belts together. */
export interface Shift {
  ratePerS: number;
  /** Measured ones; as many as `warmUp` go before them and are not. */
  parcels: number;
  warmUp: number;
  /** Waybills to put on the parcels, in order: warm-up and measured. */
  firstParcel: number;
}

export type ToDevices = { kind: "areReady" } | { kind: "shift"; shift: Shift };

export type FromDevices =
  | {
      kind: "listening";
      ports: Record<string, number>;
      lines: Record<string, string>;
      ttys: Record<string, string>;
      bare: { port: number; tty: string };
    }
  /** Every gate armed, every infeed open, the bare loop connected. */
  | { kind: "ready"; isReady: boolean }
  | { kind: "done"; record: ShiftRecord };

/** Times are ns of the machine's monotonic clock; `ns` null: no command came. */
export interface Reaction {
  atNs: number;
  ns: number | null;
  /** What of it the device took itself, from the command's bytes in its process to the command in its program. */
  servedNs?: number;
}

export interface ShiftRecord {
  parcels: Reaction[];
  bare: Reaction[];
  /** Commands that the PLC refused as outside their window; their parcels count as late. */
  refused: number;
  /** Commands for which no telegram was waiting: the benchmark itself would be wrong. */
  unasked: number;
  /** Parcels that rode past their gate to the safe end, warm-up included. */
  missed: number;
  /** The longest that this process itself came late. */
  ownStall: Stall;
  /** The longest that a device's process came late; null: they have none of their own. */
  serverStall: Stall | null;
  trips: number;
}
