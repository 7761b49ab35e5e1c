// A belt of the latency benchmark whose PLC is a process of its own, as it is a machine of its own on a plant.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { CONTROLLER_NODE_FLAGS } from "../../../src/process/real-time.ts";
import type { BeltRecord, MeasuredBelt } from "./belt-plc.ts";
import type { BenchAddress } from "./bench-plc.ts";
import type { BenchBus } from "./site.ts";

const MAIN = fileURLToPath(new URL("./belt-main.ts", import.meta.url));

export type ToBelt = { kind: "isArmed" } | { kind: "begin"; telegramsNs: readonly number[] } | { kind: "record" };

export type FromBelt =
  | { kind: "listening"; address: BenchAddress }
  | { kind: "armed"; isArmed: boolean }
  | { kind: "record"; record: BeltRecord };

export class BeltProcess implements MeasuredBelt {
  readonly #index: number;
  readonly #bus: BenchBus;
  #child: ChildProcess | null = null;

  constructor(o: { index: number; bus: BenchBus }) {
    this.#index = o.index;
    this.#bus = o.bus;
  }

  /** It inherits this process's priority: what it stamps waits for nobody's loop but its own. */
  async serve(folder: string): Promise<BenchAddress> {
    const args = [...CONTROLLER_NODE_FLAGS, MAIN, folder, this.#bus, String(this.#index)];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
    child.once("exit", (code, signal) => {
      throw new Error(`the PLC of belt ${this.#index} ended (${signal ?? `exit code ${code}`})`);
    });
    this.#child = child;
    return (await this.#answer("listening")).address;
  }

  async isArmed(): Promise<boolean> {
    this.#tell({ kind: "isArmed" });
    return (await this.#answer("armed")).isArmed;
  }

  begin(telegramsNs: readonly number[]): void {
    this.#tell({ kind: "begin", telegramsNs });
  }

  /** It has ticks of its own. */
  tick(): void {}

  async record(): Promise<BeltRecord> {
    this.#tell({ kind: "record" });
    return (await this.#answer("record")).record;
  }

  #tell(message: ToBelt): void {
    this.#child?.send(message);
  }

  /** One question is open at a time. */
  async #answer<K extends FromBelt["kind"]>(kind: K): Promise<Extract<FromBelt, { kind: K }>> {
    const [message] = (await once(this.#child as ChildProcess, "message")) as [FromBelt];
    if (message.kind !== kind) throw new Error(`the PLC of belt ${this.#index} said ${message.kind}, not ${kind}`);
    return message as Extract<FromBelt, { kind: K }>;
  }
}
