// A device over Modbus TCP: its machine on a connection of its own.
import type { PlcWiring } from "../inputs/wiring.ts";
import { MachinePort } from "./machine-port.ts";
import { ModbusTcpPort } from "./modbus-port.ts";
import { ModbusWire } from "./modbus-wire.ts";
import { PlcMachine } from "./plc-machine.ts";
import type { PlcPort } from "./port.ts";
import type { ModbusTcpDevice } from "./schema.ts";

export interface ModbusPlcOptions {
  device: ModbusTcpDevice;
  wiring: PlcWiring;
  /** Monotonic ns of the run, the clock of all permits and stamps. */
  nowNs: () => number;
}

/** Nothing happens before `open`. */
export function openModbusPlc({ device, wiring, nowNs }: ModbusPlcOptions): PlcPort {
  const { host, port, unit } = device;
  let strayBytes = 0;
  const onStray = (bytes: number): void => {
    strayBytes += bytes;
  };
  return new MachinePort({
    deviceId: device.id,
    nowNs,
    strayBytes: () => strayBytes,
    machine: (lastLook) => new PlcMachine({ device, wiring, lastLook }),
    wire: (events) =>
      new ModbusWire({
        unit,
        events,
        transport: ({ ended }) => new ModbusTcpPort({ host, port, onEnded: ended, onStray }),
      }),
  });
}
