// One driver for each device of the site, by its `driver` key.
import { openModbusPlc } from "../../drivers/buses/modbus-plc.ts";
import type { PlcPort } from "../../drivers/buses/port.ts";
import { openModbusRtu, RtuLines } from "../../drivers/buses/rtu/modbus-rtu.ts";
import type { Site } from "../config/load.ts";
import { wiringOf } from "../config/wiring.ts";
import type { RunClock } from "./clock.ts";

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
      default:
        return device satisfies never;
    }
  };
  return new Map(site.line.devices.map((device) => [device.id, open(device)]));
}
