// What a device's machine knows of it on the virtual line, which has no wires: behind OPC UA too, the site's numbers are the PLC's own.
import type { MachineDevice } from "../../drivers/buses/schema.ts";
import type { DeviceConfig } from "../../src/config/line-schema.ts";

export function machineOf(device: DeviceConfig): MachineDevice {
  if (device.driver !== "opcua") return device;
  const { id, timeoutMs, pollMs, replyFloorMs, watchdog } = device;
  return {
    ...{ id, timeoutMs, pollMs, replyFloorMs, watchdog },
    ...{ wordOrder: "highFirst", byteOrder: "highFirst", readAcross: 16, writes: "any" },
  };
}
