// One driver for each device of the site, by its `driver` key.
import { openModbusPlc } from "../../drivers/buses/modbus-plc.ts";
import type { PlcPort } from "../../drivers/buses/port.ts";
import { openModbusRtu, RtuLines } from "../../drivers/buses/rtu/modbus-rtu.ts";
import { loadLibrary } from "../../drivers/opcua/library.ts";
import { openOpcUaPlc } from "../../drivers/opcua/opcua-plc.ts";
import type { Site } from "../config/load.ts";
import { wiringOf } from "../config/wiring.ts";
import type { RunClock } from "./clock.ts";

/**
 * Loads what only some devices need. While it is read in, the loop stands for some hundred milliseconds: longer than many
 * a watchdog waits, so that it is done before any device is opened.
 */
export async function prepareDevices({ line }: Pick<Site, "line">): Promise<void> {
  if (line.devices.some(({ driver }) => driver === "opcua")) await loadLibrary();
}

/** Nothing is opened yet. */
export function openDevices(site: Site, { nowNs }: RunClock): ReadonlyMap<string, PlcPort> {
  const lines = new RtuLines(nowNs);
  const open = (device: Site["line"]["devices"][number]): PlcPort => {
    const wiring = wiringOf(site, device.id);
    switch (device.driver) {
      case "modbus-tcp":
        return openModbusPlc({ device, wiring, nowNs });
      case "modbus-rtu":
        return openModbusRtu({ device, wiring, lines, nowNs });
      case "opcua":
        return openOpcUaPlc({ device, wiring, folder: site.folder, nowNs });
      default:
        return device satisfies never;
    }
  };
  return new Map(site.line.devices.map((device) => [device.id, open(device)]));
}
