// Starts a simulated PLC as a process of its own, and freezes, slows, cuts and ends it.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { PlcPlan } from "../terminals.ts";
import type { FromPlc, ToPlc } from "./messages.ts";
import type { PlcArrival } from "./program.ts";
import type { ServerFaults } from "./server.ts";
import type { TrackerTrouble } from "./tracker-parcel.ts";

// Compiled, the program beside this one is JavaScript too.
const MAIN = fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? "./main.ts" : "./main.js", import.meta.url));

/** How long an ordered end may take before it is enforced. */
const STOP_MS = 2000;

export class PlcProcess {
  readonly #child: ChildProcess;
  readonly #folder: string;
  /** Where it listens; stays the same over `cut` and `restore`. */
  readonly port: number;

  private constructor(started: { child: ChildProcess; folder: string; port: number }) {
    this.#child = started.child;
    this.#folder = started.folder;
    this.port = started.port;
  }

  /** Settles when the PLC listens. `imagePath` is a process image that the world has created. */
  static async start(plan: PlcPlan, imagePath: string): Promise<PlcProcess> {
    const folder = await mkdtemp(join(tmpdir(), "coline-plc-"));
    const planPath = join(folder, "plan.json");
    await writeFile(planPath, JSON.stringify(plan));
    // nsenter becomes the program: its pid is the one that is frozen.
    const inNetwork = plan.network === undefined ? [] : ["nsenter", `--net=${plan.network}`, "--"];
    const [program = process.execPath, ...args] = [...inNetwork, process.execPath, MAIN, planPath, imagePath];
    const child = spawn(program, args, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
    try {
      const { port } = await answer(child, "listening");
      return new PlcProcess({ child, folder, port });
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

  /** Every reply takes this much longer from now on. */
  slow(delayMs: number): Promise<void> {
    return this.faults({ delayMs });
  }

  /** Settles when they hold. */
  async faults(faults: Partial<ServerFaults>): Promise<void> {
    this.#send({ kind: "faults", faults });
    await answer(this.#child, "faulty");
  }

  /** Of a PLC that tracks; settles when it holds. */
  async troubleTracker(trouble: Partial<TrackerTrouble>): Promise<void> {
    this.#send({ kind: "trackerTrouble", trouble });
    await answer(this.#child, "faulty");
  }

  /** Its tracking starts anew and knows no parcel. */
  async forget(): Promise<void> {
    this.#send({ kind: "forget" });
    await answer(this.#child, "faulty");
  }

  /** Resets its connections and refuses new ones. */
  async cut(): Promise<void> {
    this.#send({ kind: "cut" });
    await answer(this.#child, "cut");
  }

  async restore(): Promise<void> {
    this.#send({ kind: "restore" });
    await answer(this.#child, "listening");
  }

  /** Outputs fall, connections are reset, memory is lost. */
  async powerOff(): Promise<void> {
    this.#send({ kind: "powerOff" });
    await answer(this.#child, "off");
  }

  async powerOn(): Promise<void> {
    this.#send({ kind: "powerOn" });
    await answer(this.#child, "listening");
  }

  /** Commands that have arrived since the last call, with their times on CLOCK_MONOTONIC (process.hrtime), ns. */
  async arrivals(): Promise<{ arrivals: PlcArrival[]; lost: number; trips: number }> {
    this.#send({ kind: "arrivals" });
    return answer(this.#child, "arrivals");
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

  #send(message: ToPlc): void {
    this.#child.send(message);
  }
}

function answer<K extends FromPlc["kind"]>(child: ChildProcess, kind: K): Promise<Extract<FromPlc, { kind: K }>> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: FromPlc) => {
      if (message.kind !== kind) return;
      done();
      resolve(message as Extract<FromPlc, { kind: K }>);
    };
    const onExit = (code: number | null) => {
      done();
      reject(new Error(`simulated PLC: ended with ${code} instead of saying "${kind}"`));
    };
    const onError = (error: Error) => {
      done();
      reject(error);
    };
    const done = () => {
      child.off("message", onMessage);
      child.off("exit", onExit);
      child.off("error", onError);
    };
    child.on("message", onMessage);
    child.on("error", onError);
    child.on("exit", onExit);
  });
}
