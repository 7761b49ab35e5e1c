// An OPC UA driver against a simulated device in a process of its own; one process serves the tests of a file in turn.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type OpcUaPlc, openOpcUaPlc } from "../../drivers/opcua/opcua-plc.ts";
import { opcUaDeviceSchema } from "../../drivers/opcua/schema.ts";
import type { UaPlan } from "../../simulators/wired/opcua/plan.ts";
import { UaPlcProcess } from "../../simulators/wired/opcua/process.ts";
import { type PlcRig, rigOf, troublesOf } from "./plc-rig.ts";
import { nowNs, plan as plcPlan, TestWorld, wiring } from "./small-plant.ts";

const NAMESPACE = "http://coline.example/test-plc";
/** Twice that of the other rigs: there is more to compute, in both processes. */
const WATCHDOG_MS = 500;
const TIMEOUT_MS = 60;

/** A terminal beside those of the other rigs. */
const AIR_TERMINAL = 9;

/** A node as the site names it. */
export const node = (name: string): string => `nsu=${NAMESPACE};s=${name}`;

export const uaPlan = (change: Partial<UaPlan> & { certificates: string }): UaPlan => ({
  plc: {
    ...plcPlan({ watchdog: { kind: "echo", counterRegister: 0, echoRegister: 0, timeoutMs: WATCHDOG_MS } }),
    discreteInputs: Array.from({ length: AIR_TERMINAL + 1 }, (_, i) => ({ address: i, terminal: i })),
    latches: [{ register: 60, terminal: 0, counter: 0 }],
  },
  namespace: NAMESPACE,
  isOpen: true,
  users: [],
  nodes: [
    { kind: "input", node: "s=Eye1", address: 0 },
    { kind: "inputs", node: "s=Switches", address: 1, count: 4 },
    { kind: "latch", node: "s=Eye1.Edges", register: 60 },
    { kind: "input", node: "s=Air", address: AIR_TERMINAL },
    { kind: "count", node: "s=Belt.Count", register: 2, type: "UInt32" },
    { kind: "count", node: "s=Watchdog.Count", register: 0, type: "UInt16" },
    { kind: "number", node: "s=Watchdog.Echo", register: 0, type: "UInt16" },
    { kind: "output", node: "s=Plain.Out", coil: 0 },
    { kind: "output", node: "s=Run", coil: 1 },
  ],
  mailboxes: [
    {
      register: 100,
      status: 16,
      gateId: "judged",
      state: "s=Judged.State",
      command: { by: "method", object: "s=Judged", divert: "s=Judged.Divert", withdraw: "s=Judged.Withdraw" },
    },
    // The same gate once more, for those who command it by variables.
    {
      ...{ register: 100, status: 16, gateId: "judged", state: "s=Varied.State" },
      command: { by: "variable", divert: "s=Varied.Command", withdraw: "s=Varied.Void" },
    },
  ],
  ...change,
});

/** Numbers 0 and 1 are 16 bits wide, the belt's count takes 2 and 3. */
export const uaDevice = (port: number, change: Record<string, unknown> = {}) =>
  opcUaDeviceSchema.parse({
    id: "plc1",
    driver: "opcua",
    endpoint: `opc.tcp://127.0.0.1:${port}`,
    security: { mode: "none" },
    timeoutMs: TIMEOUT_MS,
    // The shortest that the schema takes: an attempt that meets a silent server must not hold a test up.
    connectMs: 500,
    pollMs: 20,
    inputs: [
      { first: 0, node: node("Eye1") },
      { first: 1, count: 4, node: node("Switches") },
    ],
    numbers: [
      { register: 0, node: node("Watchdog.Count"), type: "UInt16" },
      { register: 1, node: node("Watchdog.Echo"), type: "UInt16" },
      { register: 2, node: node("Belt.Count"), type: "UInt32" },
    ],
    outputs: [
      { coil: 0, node: node("Plain.Out") },
      { coil: 1, node: node("Run") },
    ],
    mailboxes: [
      {
        register: 100,
        status: 16,
        state: node("Judged.State"),
        command: {
          by: "method",
          object: node("Judged"),
          divert: node("Judged.Divert"),
          withdraw: node("Judged.Withdraw"),
        },
      },
    ],
    watchdog: { kind: "echo", counterRegister: 0, echoRegister: 1, timeoutMs: WATCHDOG_MS },
    ...change,
  });

export interface OpcUaRig extends PlcRig {
  plc: OpcUaPlc;
  sim: UaPlcProcess;
}

/** The simulated device and its world, for all tests of a file. */
export class OpcUaBench {
  readonly folder: string;
  readonly world: TestWorld;
  readonly sim: UaPlcProcess;

  private constructor(o: { folder: string; world: TestWorld; sim: UaPlcProcess }) {
    this.folder = o.folder;
    this.world = o.world;
    this.sim = o.sim;
  }

  static async start(change: Partial<UaPlan> = {}, prepare: (folder: string) => Promise<void> = async () => {}) {
    const folder = await mkdtemp(join(tmpdir(), "coline-opcua-test-"));
    await prepare(folder);
    const plan = uaPlan({ certificates: join(folder, "server"), ...change });
    const world = new TestWorld(plan.plc.scanMs);
    return new OpcUaBench({ folder, world, sim: await UaPlcProcess.start(plan, world.image.path) });
  }

  async stop(): Promise<void> {
    await this.sim.stop();
    this.world.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Settles when the PLC has seen the world as it is now. */
  async scanned(): Promise<void> {
    const { image } = this.world;
    const { commits } = image.refresh();
    while (image.refresh().commits < commits + 2) await new Promise((resolve) => setImmediate(resolve));
  }

  setAir(isOk: boolean): void {
    this.world.image.input(AIR_TERMINAL, isOk);
    this.world.step();
  }

  /** A driver that has just been opened, and a device that has just started. */
  async rig(change: Record<string, unknown> = {}, more: { wiring?: typeof wiring } = {}): Promise<OpcUaRig> {
    const { world, sim, folder } = this;
    await sim.restore();
    await sim.renew();
    world.count = 500;
    world.isDark = false;
    world.image.input(AIR_TERMINAL, false);
    world.step();
    const plc = openOpcUaPlc({ device: uaDevice(sim.port, change), wiring: more.wiring ?? wiring, folder, nowNs });
    const rig = rigOf(plc, world);
    return {
      ...rig,
      ...troublesOf(sim),
      plc,
      sim,
      // A reply of some hundred bytes each 10 ms: pieces of single bytes would be all that the machine does.
      split: (bytes) => sim.faults({ splitBytes: 32 * bytes }),
      close: async () => {
        sim.thaw();
        await rig.close();
      },
    };
  }
}
