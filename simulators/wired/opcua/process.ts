// Starts a simulated OPC UA device as a process of its own, and freezes, slows, cuts, renews and ends it.
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DeviceProcess, spawnDevice } from "../device-process.ts";
import type { PlcArrival } from "../plc/program.ts";
import type { PlcPlan } from "../terminals.ts";
import type { FromUaPlc, ToUaPlc } from "./messages.ts";
import type { UaNodes } from "./nodes.ts";
import type { UaFaults, UaPlan } from "./plan.ts";

// Compiled, the program beside this one is JavaScript too.
const MAIN = fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? "./main.ts" : "./main.js", import.meta.url));

/** Made once on this machine: a key takes a second, and nobody looks at it. */
const RIG_CERTIFICATES = join(tmpdir(), "coline-rig-certificates");

export class UaPlcProcess extends DeviceProcess<ToUaPlc, FromUaPlc> {
  /** A device of a rig, open to everybody. */
  static startInRig(plc: PlcPlan, nodes: UaNodes, imagePath: string): Promise<UaPlcProcess> {
    return UaPlcProcess.start({ plc, ...nodes, certificates: RIG_CERTIFICATES, isOpen: true, users: [] }, imagePath);
  }

  /** Settles when it listens. `imagePath` is a process image that the world has created. */
  static async start(plan: UaPlan, imagePath: string): Promise<UaPlcProcess> {
    const plc = new UaPlcProcess(await spawnDevice({ name: "simulated OPC UA device", main: MAIN, plan, imagePath }));
    return plc.listening(plc.answer("listening"));
  }

  faults(faults: Partial<UaFaults>): Promise<void> {
    return this.#done({ kind: "faults", faults });
  }

  /** Every reply takes this much longer from now on. */
  slow(delayMs: number): Promise<void> {
    return this.faults({ delayMs });
  }

  /** Outputs fall, connections are reset, memory is lost. */
  powerOff(): Promise<void> {
    this.isOn = false;
    return this.#done({ kind: "powerOff" });
  }

  async powerOn(): Promise<void> {
    await this.ask({ kind: "powerOn" }, "listening");
    this.isOn = true;
  }

  /** No device tracks over OPC UA: there is nothing to trouble or to forget. */
  async troubleTracker(): Promise<void> {}

  async forget(): Promise<void> {}

  /** Resets its connections and refuses new ones. */
  cut(): Promise<void> {
    return this.#done({ kind: "cut" });
  }

  async restore(): Promise<void> {
    await this.ask({ kind: "restore" }, "listening");
  }

  /** As after a restart, without the time that it takes: memory, faults and sessions are gone. */
  renew(): Promise<void> {
    return this.#done({ kind: "renew" });
  }

  dropSessions(o: { withSubscriptions: boolean }): Promise<void> {
    return this.#done({ kind: "dropSessions", ...o });
  }

  dropSubscriptions(): Promise<void> {
    return this.#done({ kind: "dropSubscriptions" });
  }

  garbage(bytes: Buffer): Promise<void> {
    return this.#done({ kind: "garbage", hex: bytes.toString("hex") });
  }

  /** Commands that have arrived since the last call, with their times on CLOCK_MONOTONIC (process.hrtime), ns. */
  arrivals(): Promise<{ arrivals: PlcArrival[]; lost: number; trips: number }> {
    return this.ask({ kind: "arrivals" }, "arrivals");
  }

  /** Sessions and subscriptions that the server has now, and sessions that it ever had. */
  sessions(): Promise<{ now: number; ever: number; subscriptions: number }> {
    return this.ask({ kind: "sessions" }, "sessions");
  }

  async #done(message: ToUaPlc): Promise<void> {
    await this.ask(message, "done");
  }
}
