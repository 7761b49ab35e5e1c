// Starts a simulated OPC UA device as a process of its own; what can be done to it beside what can be done to every device.
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { as, DeviceProcess, spawnDevice } from "../device-process.ts";
import type { PlcPlan } from "../terminals.ts";
import type { UaOrder } from "./messages.ts";
import type { UaNodes } from "./nodes.ts";
import type { UaFaults, UaPlan } from "./plan.ts";

// Compiled, the program beside this one is JavaScript too.
const MAIN = fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? "./main.ts" : "./main.js", import.meta.url));

/** Made once on this machine: a key takes a second, and nobody looks at it. */
const RIG_CERTIFICATES = join(tmpdir(), "coline-rig-certificates");

export class UaPlcProcess extends DeviceProcess<UaFaults, UaOrder> {
  /** A device of a rig, open to everybody. */
  static startInRig(plc: PlcPlan, nodes: UaNodes, imagePath: string): Promise<UaPlcProcess> {
    return UaPlcProcess.start({ plc, ...nodes, certificates: RIG_CERTIFICATES, isOpen: true, users: [] }, imagePath);
  }

  /** Settles when it listens. `imagePath` is a process image that the world has created. */
  static async start(plan: UaPlan, imagePath: string): Promise<UaPlcProcess> {
    const child = await spawnDevice({ name: "simulated OPC UA device", main: MAIN, plan, imagePath });
    return new UaPlcProcess(child).listening();
  }

  /** No device tracks over OPC UA: there is nothing to trouble or to forget. */
  async troubleTracker(): Promise<void> {}

  async forget(): Promise<void> {}

  /** As after a restart, without the time that it takes: memory, faults and sessions are gone. */
  async renew(): Promise<void> {
    await this.ask({ kind: "renew" });
  }

  async dropSessions(o: { withSubscriptions: boolean }): Promise<void> {
    await this.ask({ kind: "dropSessions", ...o });
  }

  async dropSubscriptions(): Promise<void> {
    await this.ask({ kind: "dropSubscriptions" });
  }

  async garbage(bytes: Buffer): Promise<void> {
    await this.ask({ kind: "garbage", hex: bytes.toString("hex") });
  }

  /** Sessions and subscriptions that the server has now, and sessions that it ever had. */
  async sessions(): Promise<{ now: number; ever: number; subscriptions: number }> {
    return as("sessions", await this.ask({ kind: "sessions" }));
  }
}
