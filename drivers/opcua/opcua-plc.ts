// A device behind an OPC UA server: the machine that all buses share, on a session instead of a register bus.
import { MachinePort } from "../buses/machine-port.ts";
import { PlcMachine } from "../buses/plc-machine.ts";
import type { PlcPort } from "../buses/port.ts";
import type { PlcWiring } from "../inputs/wiring.ts";
import { identityOf } from "./identity.ts";
import { UaImage } from "./image.ts";
import { planImage } from "./image-plan.ts";
import { machineDevice } from "./machine-device.ts";
import { NodeTable } from "./node-table.ts";
import type { OpcUaDevice } from "./schema.ts";
import { OpcUaWire } from "./wire.ts";

export interface OpcUaPlcOptions {
  device: OpcUaDevice;
  wiring: PlcWiring;
  /** The site's folder, absolute: where certificates and passwords are looked for. */
  folder: string;
  /** Monotonic ns of the run, the clock of all permits and stamps. */
  nowNs: () => number;
}

export interface OpcUaPlc extends PlcPort {
  /** Sessions and subscriptions that were made, and subscriptions that were taken over into another session. */
  counts(): { sessions: number; subscriptions: number; transferred: number };
}

/**
 * Nothing happens before `open`, and the library is not loaded before it.
 * @throws RangeError for a wiring that the device's tables do not have: the configuration's rules exclude it
 */
export function openOpcUaPlc({ device, wiring, folder, nowNs }: OpcUaPlcOptions): OpcUaPlc {
  const table = new NodeTable(device);
  const plan = planImage(device, wiring, table);
  const image = new UaImage(plan);
  let wire: OpcUaWire | null = null;
  const port = new MachinePort({
    deviceId: device.id,
    nowNs,
    strayBytes: () => 0,
    machine: (lastLook) =>
      new PlcMachine({ device: machineDevice(device, plan), wiring: plan.wiring, answersInOrder: false, lastLook }),
    wire: (events) => {
      wire = new OpcUaWire({ device, table, image, identity: identityOf(device, folder), events, nowNs });
      return wire;
    },
  });
  const counts = (): ReturnType<OpcUaPlc["counts"]> =>
    wire?.counts ?? { sessions: 0, subscriptions: 0, transferred: 0 };
  return Object.assign(port, { counts });
}
