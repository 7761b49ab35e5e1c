// Starts a simulated OPC UA device as a process of its own, and freezes, slows, cuts, renews and ends it.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { PlcArrival } from "../plc/program.ts";
import type { PlcPlan } from "../terminals.ts";
import type { FromUaPlc, ToUaPlc } from "./messages.ts";
import type { UaNodes } from "./nodes.ts";
import type { UaFaults, UaPlan } from "./plan.ts";

// Compiled, the program beside this one is JavaScript too.
const MAIN = fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? "./main.ts" : "./main.js", import.meta.url));

/** Made once on this machine: a key takes a second, and nobody looks at it. */
const RIG_CERTIFICATES = join(tmpdir(), "coline-rig-certificates");

/** How long an ordered end may take before it is enforced. */
const STOP_MS = 2000;

export class UaPlcProcess {
  readonly #child: ChildProcess;
  readonly #folder: string;
  /** Where it listens; stays the same over `cut` and `restore`. */
  readonly port: number;

  private constructor(started: { child: ChildProcess; folder: string; port: number }) {
    this.#child = started.child;
    this.#folder = started.folder;
    this.port = started.port;
  }

  /** A device of a rig, open to everybody. */
  static startInRig(plc: PlcPlan, nodes: UaNodes, imagePath: string): Promise<UaPlcProcess> {
    return UaPlcProcess.start({ plc, ...nodes, certificates: RIG_CERTIFICATES, isOpen: true, users: [] }, imagePath);
  }

  /** Settles when it listens. `imagePath` is a process image that the world has created. */
  static async start(plan: UaPlan, imagePath: string): Promise<UaPlcProcess> {
    const folder = await mkdtemp(join(tmpdir(), "coline-opcua-"));
    const planPath = join(folder, "plan.json");
    await writeFile(planPath, JSON.stringify(plan));
    const child = spawn(process.execPath, [MAIN, planPath, imagePath], {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    try {
      const { port } = await answer(child, "listening");
      return new UaPlcProcess({ child, folder, port });
    } catch (error) {
      await rm(folder, { recursive: true });
      throw error;
    }
  }

  /** Stops it in mid-air; what it is sent meanwhile waits in its sockets. */
  freeze(): void {
    this.#child.kill("SIGSTOP");
  }

  thaw(): void {
    this.#child.kill("SIGCONT");
  }

  faults(faults: Partial<UaFaults>): Promise<void> {
    return this.#ask({ kind: "faults", faults });
  }

  /** Every reply takes this much longer from now on. */
  slow(delayMs: number): Promise<void> {
    return this.faults({ delayMs });
  }

  /** Outputs fall, connections are reset, memory is lost. */
  powerOff(): Promise<void> {
    return this.#ask({ kind: "powerOff" });
  }

  async powerOn(): Promise<void> {
    this.#child.send({ kind: "powerOn" } satisfies ToUaPlc);
    await answer(this.#child, "listening");
  }

  /** No device tracks over OPC UA: there is nothing to trouble or to forget. */
  async troubleTracker(): Promise<void> {}

  async forget(): Promise<void> {}

  /** Resets its connections and refuses new ones. */
  cut(): Promise<void> {
    return this.#ask({ kind: "cut" });
  }

  async restore(): Promise<void> {
    this.#child.send({ kind: "restore" } satisfies ToUaPlc);
    await answer(this.#child, "listening");
  }

  /** As after a restart, without the time that it takes: memory, faults and sessions are gone. */
  renew(): Promise<void> {
    return this.#ask({ kind: "renew" });
  }

  dropSessions(o: { withSubscriptions: boolean }): Promise<void> {
    return this.#ask({ kind: "dropSessions", ...o });
  }

  dropSubscriptions(): Promise<void> {
    return this.#ask({ kind: "dropSubscriptions" });
  }

  garbage(bytes: Buffer): Promise<void> {
    return this.#ask({ kind: "garbage", hex: bytes.toString("hex") });
  }

  /** Commands that have arrived since the last call, with their times on CLOCK_MONOTONIC (process.hrtime), ns. */
  arrivals(): Promise<{ arrivals: PlcArrival[]; lost: number; trips: number }> {
    this.#child.send({ kind: "arrivals" } satisfies ToUaPlc);
    return answer(this.#child, "arrivals");
  }

  /** Sessions and subscriptions that the server has now, and sessions that it ever had. */
  sessions(): Promise<{ now: number; ever: number; subscriptions: number }> {
    this.#child.send({ kind: "sessions" } satisfies ToUaPlc);
    return answer(this.#child, "sessions");
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = new Promise((resolve) => this.#child.once("exit", resolve));
      this.thaw();
      this.#child.kill("SIGTERM");
      const enforce = setTimeout(() => this.#child.kill("SIGKILL"), STOP_MS);
      await ended;
      clearTimeout(enforce);
    }
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #ask(message: ToUaPlc): Promise<void> {
    this.#child.send(message);
    await answer(this.#child, "done");
  }
}

function answer<K extends FromUaPlc["kind"]>(child: ChildProcess, kind: K): Promise<Extract<FromUaPlc, { kind: K }>> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: FromUaPlc) => {
      if (message.kind !== kind) return;
      done();
      resolve(message as Extract<FromUaPlc, { kind: K }>);
    };
    const onExit = (code: number | null) => {
      done();
      reject(new Error(`simulated OPC UA device: ended with ${code} instead of saying "${kind}"`));
    };
    const done = () => {
      child.off("message", onMessage);
      child.off("exit", onExit);
    };
    child.on("message", onMessage);
    child.on("exit", onExit);
  });
}
