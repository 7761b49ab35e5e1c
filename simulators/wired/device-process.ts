// The handle on a simulated device in a process of its own: it answers messages, can be frozen, and is ended with its folder.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { markStop } from "./process-image.ts";

/** How long an ordered end may take before it is enforced. */
const STOP_MS = 2000;

export interface DeviceChild {
  child: ChildProcess;
  folder: string;
  imagePath: string;
  /** For an error's text. */
  name: string;
}

/** Starts `main` with its plan in a folder of its own. @param o.under words before the command: it becomes the program */
export async function spawnDevice(o: {
  name: string;
  main: string;
  plan: unknown;
  imagePath: string;
  under?: readonly string[];
}): Promise<DeviceChild> {
  const folder = await mkdtemp(join(tmpdir(), "coline-device-"));
  const planPath = join(folder, "plan.json");
  await writeFile(planPath, JSON.stringify(o.plan));
  const [program = process.execPath, ...args] = [...(o.under ?? []), process.execPath, o.main, planPath, o.imagePath];
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  return { child, folder, imagePath: o.imagePath, name: o.name };
}

export class DeviceProcess<To extends object, From extends { kind: string }> {
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #imagePath: string;
  readonly #name: string;
  #isFrozen = false;
  /** Its power is on. */
  protected isOn = true;
  #port = 0;

  constructor(o: DeviceChild) {
    this.#child = o.child;
    this.#folder = o.folder;
    this.#imagePath = o.imagePath;
    this.#name = o.name;
  }

  /** Where it listens; stays the same over `cut` and `restore`. */
  get port(): number {
    return this.#port;
  }

  /** Settles when it listens. @throws Error when it ends instead; nothing is left of it then */
  protected async listening(port: Promise<{ port: number }>): Promise<this> {
    try {
      this.#port = (await port).port;
      return this;
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Its program runs, as far as the machine gives it time: nobody has stopped it or taken its power. */
  get isRunning(): boolean {
    return this.isOn && !this.#isFrozen;
  }

  /** Stops it in mid-air; what it is sent meanwhile waits in its sockets. */
  freeze(): void {
    this.#isFrozen = true;
    this.#child.kill("SIGSTOP");
  }

  thaw(): void {
    // While it stands: before, it could take note of it and only then be stopped.
    if (this.#isFrozen) markStop(this.#imagePath);
    this.#isFrozen = false;
    this.#child.kill("SIGCONT");
  }

  /** Settles with the next answer of that kind. @throws Error when the process ends instead */
  protected async ask<K extends From["kind"]>(message: To, kind: K): Promise<Extract<From, { kind: K }>> {
    this.#child.send(message);
    return this.answer(kind);
  }

  /** As `ask`, of what it says by itself. */
  protected answer<K extends From["kind"]>(kind: K): Promise<Extract<From, { kind: K }>> {
    const child = this.#child;
    return new Promise((resolve, reject) => {
      const onMessage = (message: From) => {
        if (message.kind !== kind) return;
        done();
        resolve(message as Extract<From, { kind: K }>);
      };
      const onExit = (code: number | null) => {
        done();
        reject(new Error(`${this.#name}: ended with ${code} instead of saying "${kind}"`));
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

  async stop(): Promise<void> {
    // Without a pid it never began, and no exit is told.
    const isAlive = this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
    if (isAlive) {
      const ended = new Promise((resolve) => this.#child.once("exit", resolve));
      this.thaw();
      this.#child.kill("SIGTERM");
      const enforce = setTimeout(() => this.#child.kill("SIGKILL"), STOP_MS);
      await ended;
      clearTimeout(enforce);
    }
    await rm(this.#folder, { recursive: true, force: true });
  }
}
