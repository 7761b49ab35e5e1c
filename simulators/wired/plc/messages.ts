// What the process of a simulated PLC on Modbus can be ordered beside what every device understands.
import type { DeviceOrder } from "../device-messages.ts";
import type { ServerFaults } from "./server.ts";
import type { TrackerTrouble } from "./tracker-parcel.ts";

export type PlcOrder =
  | DeviceOrder<ServerFaults>
  /** What goes wrong in a PLC that tracks; to any other it means nothing. */
  | { kind: "trackerTrouble"; trouble: Partial<TrackerTrouble> }
  /** Its tracking starts anew and knows no parcel. */
  | { kind: "forget" };
