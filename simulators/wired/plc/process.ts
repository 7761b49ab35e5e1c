// Starts a simulated PLC as a process of its own; what can be done to it beside what can be done to every device.
import { fileURLToPath } from "node:url";
import { DeviceProcess, spawnDevice } from "../device-process.ts";
import type { PlcPlan } from "../terminals.ts";
import type { PlcOrder } from "./messages.ts";
import type { ServerFaults } from "./server.ts";
import type { TrackerTrouble } from "./tracker-parcel.ts";

// Compiled, the program beside this one is JavaScript too.
const MAIN = fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? "./main.ts" : "./main.js", import.meta.url));

export class PlcProcess extends DeviceProcess<ServerFaults, PlcOrder> {
  /** Settles when the PLC listens. `imagePath` is a process image that the world has created. */
  static async start(plan: PlcPlan, imagePath: string): Promise<PlcProcess> {
    // nsenter becomes the program: its pid is the one that is frozen.
    const under = plan.network === undefined ? [] : ["nsenter", `--net=${plan.network}`, "--"];
    const child = await spawnDevice({ name: "simulated PLC", main: MAIN, plan, imagePath, under });
    return new PlcProcess(child).listening();
  }

  /** Of a PLC that tracks; settles when it holds. */
  async troubleTracker(trouble: Partial<TrackerTrouble>): Promise<void> {
    await this.ask({ kind: "trackerTrouble", trouble });
  }

  /** Its tracking starts anew and knows no parcel. */
  async forget(): Promise<void> {
    await this.ask({ kind: "forget" });
  }
}
