// A Modbus driver against a simulated PLC in a process of its own.
import { openModbusPlc } from "../../drivers/buses/modbus-plc.ts";
import { modbusTcpDeviceSchema } from "../../drivers/buses/schema.ts";
import { PlcProcess } from "../../simulators/wired/plc/process.ts";
import { type PlcRig, rigOf, troublesOf } from "./plc-rig.ts";
import { nowNs, plan, TestWorld, WATCHDOG_MS, wiring } from "./small-plant.ts";

const TIMEOUT_MS = 60;

export const device = (port: number, change: Record<string, unknown> = {}) =>
  modbusTcpDeviceSchema.parse({
    id: "plc1",
    driver: "modbus-tcp",
    host: "127.0.0.1",
    port,
    timeoutMs: TIMEOUT_MS,
    pollMs: 5,
    packedInputs: { register: 4, words: 1 },
    watchdog: { kind: "echo", counterRegister: 0, echoRegister: 0, timeoutMs: WATCHDOG_MS },
    ...change,
  });

export async function openModbusRig(change: Record<string, unknown> = {}): Promise<PlcRig> {
  const world = new TestWorld();
  const sim = await PlcProcess.start(plan(), world.image.path);
  const rig = rigOf(openModbusPlc({ device: device(sim.port, change), wiring, nowNs }), world);
  return {
    ...rig,
    ...troublesOf(sim),
    split: (splitBytes) => sim.faults({ splitBytes }),
    close: async () => {
      await rig.close();
      await sim.stop();
      world.close();
    },
  };
}
