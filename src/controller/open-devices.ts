// One driver for each device of the site, by its `driver` key.
import { openModbusPlc } from "../../drivers/buses/modbus-plc.ts";
import type { PlcPort } from "../../drivers/buses/port.ts";
import type { Site } from "../config/load.ts";
import type { RunClock } from "./clock.ts";
import { wiringOf } from "./wiring.ts";

/** Nothing is opened yet. */
export function openDevices(site: Site, clock: RunClock): ReadonlyMap<string, PlcPort> {
  return new Map(
    site.line.devices.map((device) => [
      device.id,
      openModbusPlc({ device, wiring: wiringOf(site, device.id), nowNs: clock.nowNs }),
    ]),
  );
}
