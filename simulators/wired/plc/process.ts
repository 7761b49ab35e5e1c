// Starts a simulated PLC as a process of its own, and freezes, slows, cuts and ends it.
import { fileURLToPath } from "node:url";
import { DeviceProcess, spawnDevice } from "../device-process.ts";
import type { PlcPlan } from "../terminals.ts";
import type { FromPlc, ToPlc } from "./messages.ts";
import type { PlcArrival } from "./program.ts";
import type { ServerFaults } from "./server.ts";
import type { TrackerTrouble } from "./tracker-parcel.ts";

// Compiled, the program beside this one is JavaScript too.
const MAIN = fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? "./main.ts" : "./main.js", import.meta.url));

export class PlcProcess extends DeviceProcess<ToPlc, FromPlc> {
  /** Settles when the PLC listens. `imagePath` is a process image that the world has created. */
  static async start(plan: PlcPlan, imagePath: string): Promise<PlcProcess> {
    // nsenter becomes the program: its pid is the one that is frozen.
    const under = plan.network === undefined ? [] : ["nsenter", `--net=${plan.network}`, "--"];
    const plc = new PlcProcess(await spawnDevice({ name: "simulated PLC", main: MAIN, plan, imagePath, under }));
    return plc.listening(plc.answer("listening"));
  }

  /** Every reply takes this much longer from now on. */
  slow(delayMs: number): Promise<void> {
    return this.faults({ delayMs });
  }

  /** Settles when they hold. */
  async faults(faults: Partial<ServerFaults>): Promise<void> {
    await this.ask({ kind: "faults", faults }, "faulty");
  }

  /** Of a PLC that tracks; settles when it holds. */
  async troubleTracker(trouble: Partial<TrackerTrouble>): Promise<void> {
    await this.ask({ kind: "trackerTrouble", trouble }, "faulty");
  }

  /** Its tracking starts anew and knows no parcel. */
  async forget(): Promise<void> {
    await this.ask({ kind: "forget" }, "faulty");
  }

  /** Resets its connections and refuses new ones. */
  async cut(): Promise<void> {
    await this.ask({ kind: "cut" }, "cut");
  }

  async restore(): Promise<void> {
    await this.ask({ kind: "restore" }, "listening");
  }

  /** Outputs fall, connections are reset, memory is lost. */
  async powerOff(): Promise<void> {
    this.isOn = false;
    await this.ask({ kind: "powerOff" }, "off");
  }

  async powerOn(): Promise<void> {
    await this.ask({ kind: "powerOn" }, "listening");
    this.isOn = true;
  }

  /** Commands that have arrived since the last call, with their times on CLOCK_MONOTONIC (process.hrtime), ns. */
  async arrivals(): Promise<{ arrivals: PlcArrival[]; lost: number; trips: number }> {
    return this.ask({ kind: "arrivals" }, "arrivals");
  }
}
