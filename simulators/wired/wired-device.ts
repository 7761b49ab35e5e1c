// One PLC of the rig: its process, its process image, and the world's terminals that the image stands for.
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { World } from "../world/world.ts";
import { UaPlcProcess } from "./opcua/process.ts";
import { PlcProcess } from "./plc/process.ts";
import { createImage, imageFolder, type WorldTerminals } from "./process-image.ts";
import type { DeviceAddress } from "./rig-messages.ts";
import type { PlcPlan } from "./terminals.ts";

/** The process of a simulated PLC, whichever bus it is on. */
type SimulatedPlc = Pick<
  PlcProcess,
  | "port"
  | "isRunning"
  | "freeze"
  | "thaw"
  | "slow"
  | "cut"
  | "restore"
  | "powerOff"
  | "powerOn"
  | "troubleTracker"
  | "forget"
  | "arrivals"
  | "stop"
>;

type Collected = Awaited<ReturnType<PlcProcess["arrivals"]>>;

/**
 * The world goes no further than this beyond the last commit of a PLC that runs: no parcel's edge passes an eye unscanned
 * because the machine had no time for the PLC's process. At 2 m/s that is 20 mm.
 */
const WAITED_FOR_NS = 10_000_000;

export class WiredDevice {
  readonly id: string;
  readonly address: DeviceAddress;
  readonly plc: SimulatedPlc;
  readonly #image: WorldTerminals;
  readonly #terminals: ReturnType<World["terminals"]>;
  #commits: number;
  /** The world's time when it was last seen at work, or stopped on somebody's order. */
  #seenNs = 0;
  #collecting: Promise<Collected> | null = null;

  private constructor(o: { plan: PlcPlan; plc: SimulatedPlc; image: WorldTerminals; world: World }) {
    this.id = o.plan.deviceId;
    const { serial, host } = o.plan;
    this.address = serial === undefined ? { host, port: o.plc.port } : { line: serial.path };
    this.plc = o.plc;
    this.#image = o.image;
    this.#terminals = o.world.terminals(o.plan.deviceId);
    this.#commits = o.image.refresh().commits;
  }

  /** Settles when the PLC listens. */
  static async start(plan: PlcPlan, world: World): Promise<WiredDevice> {
    const image = createImage(join(imageFolder(), `coline-${process.pid}-${randomUUID()}`));
    try {
      return new WiredDevice({ plan, plc: await startPlc(plan, image.path), image, world });
    } catch (error) {
      image.close();
      throw error;
    }
  }

  /** The PLC has committed since the last look. @param worldNs now */
  hasCommitted(worldNs: number): boolean {
    const { commits } = this.#image.refresh();
    const isNew = commits !== this.#commits;
    this.#commits = commits;
    if (isNew || !this.plc.isRunning) this.#seenNs = worldNs;
    return isNew;
  }

  /** The world's time at which the world waits for it. */
  get waitedForNs(): number {
    return this.#seenNs + WAITED_FOR_NS;
  }

  /** The PLC lives; it still wants what it wanted before. */
  keepOutputs(): void {
    this.#terminals.commit();
  }

  /** Hands the world what the PLC wants as of the last look. */
  takeOutputs(): void {
    for (const { terminal } of this.#terminals.plan.outputs) {
      this.#terminals.output(terminal, this.#image.output(terminal));
    }
    this.#terminals.commit();
  }

  giveInputs(): void {
    const { plan } = this.#terminals;
    this.#terminals.refresh();
    for (const { terminal } of plan.inputs) this.#image.input(terminal, this.#terminals.input(terminal));
    for (const { counter } of plan.counters) this.#image.counter(counter, this.#terminals.counter(counter));
    this.#image.publish();
  }

  /** The belts whose travel it counts. */
  get countedBelts(): readonly string[] {
    return this.#terminals.plan.counters.map(({ beltId }) => beltId);
  }

  get outputsFallen(): boolean {
    return this.#terminals.outputsFallen;
  }

  /** Commands that have reached it since the last time; a frozen PLC answers when it thaws. Null: somebody asks already. */
  async collect(): Promise<Collected | null> {
    if (this.#collecting !== null) {
      await this.#collecting;
      return null;
    }
    this.#collecting = this.plc.arrivals();
    try {
      return await this.#collecting;
    } finally {
      this.#collecting = null;
    }
  }

  async stop(): Promise<void> {
    await this.plc.stop();
    this.#image.close();
  }
}

function startPlc(plan: PlcPlan, imagePath: string): Promise<SimulatedPlc> {
  const { opcua } = plan;
  return opcua === undefined ? PlcProcess.start(plan, imagePath) : UaPlcProcess.startInRig(plan, opcua, imagePath);
}
