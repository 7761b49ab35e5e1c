// A device over Modbus RTU: its machine on a serial line that it may share with others.
import type { PlcWiring } from "../../inputs/wiring.ts";
import type { openSerialPort } from "../../serial/serial-port.ts";
import { MachinePort } from "../machine-port.ts";
import { ModbusWire } from "../modbus-wire.ts";
import { PlcMachine } from "../plc-machine.ts";
import type { PlcPort } from "../port.ts";
import type { ModbusRtuDevice } from "../schema.ts";
import { RtuLine } from "./rtu-line.ts";
import { RtuUnitPort } from "./rtu-port.ts";

/** The lines of a site by the paths of their ports; the first device on a line brings its settings. */
export class RtuLines {
  readonly #lines = new Map<string, RtuLine>();
  readonly #nowNs: () => number;
  readonly #openPort: typeof openSerialPort | undefined;

  /**
   * @param nowNs monotonic ns of the run
   * @param openPort left out: serial ports of this machine
   */
  constructor(nowNs: () => number, openPort?: typeof openSerialPort) {
    this.#nowNs = nowNs;
    this.#openPort = openPort;
  }

  lineOf({ line, baud, parity, stopBits }: ModbusRtuDevice): RtuLine {
    let known = this.#lines.get(line);
    if (known === undefined) {
      const settings = { baud, parity, stopBits };
      known = new RtuLine({ path: line, settings, nowNs: this.#nowNs, openPort: this.#openPort });
      this.#lines.set(line, known);
    }
    return known;
  }
}

export interface ModbusRtuOptions {
  device: ModbusRtuDevice;
  wiring: PlcWiring;
  lines: RtuLines;
  nowNs: () => number;
}

/** Nothing happens before `open`. */
export function openModbusRtu({ device, wiring, lines, nowNs }: ModbusRtuOptions): PlcPort {
  const { unit, timeoutMs, replyFloorMs } = device;
  const line = lines.lineOf(device);
  const place = line.shared.join();
  line.use();
  const wireNs: (request: Parameters<typeof line.timing.exchangeNs>[0]) => number = (request) =>
    line.timing.exchangeNs(request) + replyFloorMs * 1e6;
  const port = new MachinePort({
    deviceId: device.id,
    nowNs,
    ended: () => line.unuse(),
    strayBytes: () => line.counts.noiseBytes,
    machine(lastLook) {
      const machine = new PlcMachine({ device, wiring, lastLook, line: { seat: place.seat, wireNs } });
      place.take(machine.bus);
      return machine;
    },
    wire: (events) =>
      new ModbusWire({
        unit,
        events,
        isNoisy: true,
        transport: (transport) => new RtuUnitPort({ line, address: unit, timeoutMs, events: transport }),
      }),
  });
  line.onFree(() => port.wake());
  return port;
}
