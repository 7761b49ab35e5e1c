// A Modbus driver against a simulated PLC in a process of its own, and a world that moves its gates.
import { join } from "node:path";
import { openModbusPlc } from "../../drivers/buses/modbus-plc.ts";
import { modbusTcpDeviceSchema } from "../../drivers/buses/schema.ts";
import { gateDriveSchema } from "../../drivers/gates/schema.ts";
import type { PlcWiring } from "../../drivers/inputs/wiring.ts";
import { PlcProcess } from "../../simulators/wired/plc/process.ts";
import { createImage, imageFolder } from "../../simulators/wired/process-image.ts";
import type { PlcPlan } from "../../simulators/wired/terminals.ts";
import { HeardEvents, type PlcRig } from "./plc.ts";

/** Input terminals (their own addresses too) and output terminals. */
const INPUT = { eye: 0, judgedHome: 1, judgedOut: 2, plainHome: 3, plainOut: 4 } as const;
const OUTPUT = { judged: 0, plain: 1, run: 2 } as const;
const TIMEOUT_MS = 60;
const WATCHDOG_MS = 240;

export const plan = (change: Partial<PlcPlan> = {}): PlcPlan => ({
  deviceId: "plc1",
  host: "127.0.0.1",
  port: 0,
  unit: 1,
  scanMs: 1,
  watchdog: { kind: "echo", counterRegister: 0, echoRegister: 0, timeoutMs: WATCHDOG_MS },
  encoders: [{ register: 2, counter: 0 }],
  discreteInputs: Object.values(INPUT).map((terminal) => ({ address: terminal, terminal })),
  packedInputs: { register: 4, words: 1 },
  gates: [
    {
      kind: "mailbox",
      gateId: "judged",
      register: 100,
      status: 16,
      encoder: 0,
      positions: [{ code: 1, terminal: OUTPUT.judged }],
      homeTerminal: INPUT.judgedHome,
      outTerminal: INPUT.judgedOut,
    },
    { kind: "coil", gateId: "plain", coil: 0, terminal: OUTPUT.plain },
  ],
  relays: [{ coil: 1, terminal: OUTPUT.run }],
  ...change,
});

export const wiring: PlcWiring = {
  encoders: [{ id: "enc1", register: 2, bits: 32 }],
  eyes: [{ id: "eye1", input: INPUT.eye, encoderId: "enc1" }],
  signals: [],
  drives: [],
  gates: [
    {
      id: "judged",
      drive: gateDriveSchema.parse({ kind: "mailbox", register: 100, status: 16, positions: { chute1: 1 } }),
    },
    { id: "plain", drive: { kind: "coil", coil: 0, homeInput: INPUT.plainHome, outInput: INPUT.plainOut } },
  ],
  linePermits: [{ id: "run", coil: 1 }],
};

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

export const nowNs = (): number => Number(process.hrtime.bigint());

/** Gates that follow their outputs at once, a belt that stands where it is put. */
export class TestWorld {
  readonly image: ReturnType<typeof createImage>;
  count = 500;
  isDark = false;
  readonly #timer: NodeJS.Timeout;

  constructor() {
    const name = `coline-plc-${process.pid}-${Math.random().toString(36).slice(2)}`;
    this.image = createImage(join(imageFolder(), name));
    this.step();
    this.#timer = setInterval(() => this.step(), 1);
  }

  step(): void {
    this.image.refresh();
    this.image.counter(0, this.count);
    this.image.input(INPUT.eye, this.isDark);
    this.#gate({ output: OUTPUT.judged, home: INPUT.judgedHome, out: INPUT.judgedOut });
    this.#gate({ output: OUTPUT.plain, home: INPUT.plainHome, out: INPUT.plainOut });
    this.image.publish();
  }

  isOn(output: keyof typeof OUTPUT): boolean {
    this.image.refresh();
    return this.image.output(OUTPUT[output]);
  }

  close(): void {
    clearInterval(this.#timer);
    this.image.close();
  }

  #gate(o: { output: number; home: number; out: number }): void {
    const isOut = this.image.output(o.output);
    this.image.input(o.home, !isOut);
    this.image.input(o.out, isOut);
  }
}

export async function openModbusRig(change: Record<string, unknown> = {}): Promise<PlcRig> {
  const world = new TestWorld();
  const sim = await PlcProcess.start(plan(), world.image.path);
  const plc = openModbusPlc({ device: device(sim.port, change), wiring, nowNs });
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
    isOut: (id) => world.isOn(id as keyof typeof OUTPUT),
    arrivals: async (gateId) => {
      const all = (await sim.arrivals()).arrivals;
      return all.filter((arrival) => arrival.gateId === gateId);
    },
    silenceFromCommand: () => sim.faults({ silentFromCommand: true }),
    unsilence: () => sim.faults({ silentFromCommand: false, silent: false }),
    loseNextReply: () => sim.faults({ lostReplies: 1 }),
    slow: (ms) => sim.slow(ms),
    split: (splitBytes) => sim.faults({ splitBytes }),
    freeze: () => sim.freeze(),
    thaw: () => sim.thaw(),
    cut: () => sim.cut(),
    restore: () => sim.restore(),
    trips: async () => (await sim.arrivals()).trips,
    live: (on) => {
      isLiving = on;
    },
    close: async () => {
      await plc.close(200);
      clearInterval(life);
      await sim.stop();
      world.close();
    },
  };
}
