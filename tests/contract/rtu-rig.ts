// A Modbus RTU driver against a simulated unit on a serial line, and a world that moves its gates.
import { openModbusRtu, RtuLines } from "../../drivers/buses/rtu/modbus-rtu.ts";
import { modbusRtuDeviceSchema } from "../../drivers/buses/schema.ts";
import { type PlcArrival, PlcProgram } from "../../simulators/wired/plc/program.ts";
import { openImage } from "../../simulators/wired/process-image.ts";
import { nowNs, plan, TestWorld, wiring } from "./modbus-rig.ts";
import { HeardEvents, type PlcRig } from "./plc.ts";
import { RtuBench } from "./rtu-bench.ts";

const WATCHDOG_MS = 240;

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
  let arrivals: PlcArrival[] = [];
  const terminals = openImage(world.image.path);
  const program = new PlcProgram({
    plan: plan(),
    terminals,
    onArrival: (arrival) => arrivals.push(arrival),
  });
  let isFrozen = false;
  const faults = bench.unit(1, (request) => program.serve(request, nowNs()));
  const scan = setInterval(() => isFrozen || program.scan(nowNs()), 1);
  const plc = openModbusRtu({ device: deviceOn(bench.path), wiring, lines: new RtuLines(nowNs), nowNs });
  const heard = new HeardEvents();
  let isLiving = true;
  const life = setInterval(() => isLiving && plc.alive(), 2);
  plc.alive();
  plc.open(heard);
  return {
    plc,
    heard,
    nowNs,
    count: () => world.count,
    setCount: (count) => {
      world.count = count;
      world.step();
    },
    setEye: (isDark) => {
      world.isDark = isDark;
      world.step();
    },
    isOut: (id) => world.isOn(id as Parameters<TestWorld["isOn"]>[0]),
    arrivals: async (gateId) => {
      const found = arrivals.filter((arrival) => arrival.gateId === gateId);
      arrivals = [];
      return found;
    },
    silenceFromCommand: async () => {
      faults.silentFromCommand = true;
    },
    unsilence: async () => {
      faults.silentFromCommand = false;
      faults.silent = false;
    },
    loseNextReply: async () => {
      faults.lostReplies = 1;
    },
    slow: async (ms) => {
      faults.delayMs = ms;
    },
    split: async (bytes) => {
      faults.splitBytes = bytes;
    },
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
    live: (on) => {
      isLiving = on;
    },
    forget: () => {
      bench.forget();
      arrivals = [];
    },
    close: async () => {
      await plc.close(200);
      clearInterval(life);
      clearInterval(scan);
      bench.close();
      terminals.close();
      world.close();
    },
  };
}
