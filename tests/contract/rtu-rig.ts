// A Modbus RTU driver against a simulated unit on a serial line, and a small plant.
import { openModbusRtu, RtuLines } from "../../drivers/buses/rtu/modbus-rtu.ts";
import { modbusRtuDeviceSchema } from "../../drivers/buses/schema.ts";
import { ArrivalBox } from "../../simulators/wired/plc/arrival-box.ts";
import { PlcProgram } from "../../simulators/wired/plc/program.ts";
import { openImage } from "../../simulators/wired/process-image.ts";
import { type PlcRig, rigOf } from "./plc-rig.ts";
import { RtuBench } from "./rtu-bench.ts";
import { nowNs, plan, TestWorld, WATCHDOG_MS, wiring } from "./small-plant.ts";

export const deviceOn = (path: string, change: Record<string, unknown> = {}) =>
  modbusRtuDeviceSchema.parse({
    id: "plc1",
    driver: "modbus-rtu",
    line: path,
    baud: 115_200,
    unit: 1,
    timeoutMs: 40,
    pollMs: 8,
    replyFloorMs: 1,
    packedInputs: { register: 4, words: 1 },
    watchdog: { kind: "echo", counterRegister: 0, echoRegister: 0, timeoutMs: WATCHDOG_MS },
    ...change,
  });

export async function openRtuRig(): Promise<PlcRig> {
  const world = new TestWorld();
  const bench = new RtuBench();
  const arrivals = new ArrivalBox();
  const terminals = openImage(world.image.path);
  const program = new PlcProgram({ plan: plan(), terminals, onArrival: arrivals.put });
  let isFrozen = false;
  const faults = bench.unit(1, (request) => program.serve(request, nowNs()));
  const scan = setInterval(() => isFrozen || program.scan(nowNs()), 1);
  const rig = rigOf(openModbusRtu({ device: deviceOn(bench.path), wiring, lines: new RtuLines(nowNs), nowNs }), world);
  const set = async (change: Partial<typeof faults>): Promise<void> => void Object.assign(faults, change);
  return {
    ...rig,
    arrivals: async (gateId) => arrivals.take().arrivals.filter((arrival) => arrival.gateId === gateId),
    silenceFromCommand: () => set({ silentFromCommand: true }),
    unsilence: () => set({ silentFromCommand: false, silent: false }),
    loseNextReply: () => set({ lostReplies: 1 }),
    slow: (delayMs) => set({ delayMs }),
    split: (splitBytes) => set({ splitBytes }),
    freeze: () => {
      isFrozen = true;
      bench.freeze();
    },
    thaw: () => {
      isFrozen = false;
      bench.thaw();
    },
    cut: async () => bench.unplug(),
    restore: async () => bench.plug(),
    trips: async () => program.trips,
    forget: () => {
      bench.forget();
      arrivals.take();
    },
    close: async () => {
      await rig.close();
      clearInterval(scan);
      bench.close();
      terminals.close();
      world.close();
    },
  };
}
