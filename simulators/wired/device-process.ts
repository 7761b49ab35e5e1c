// The handle on a simulated device in a process of its own: it answers messages, can be frozen, and is ended with its folder.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DeviceAnswer, DeviceOrder, Numbered } from "./device-messages.ts";
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

type Arrivals = Omit<Extract<DeviceAnswer, { kind: "arrivals" }>, "kind">;

/** `More`: orders that only a device of this kind understands. */
export class DeviceProcess<Faults extends { delayMs: number }, More extends { kind: string }> {
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #imagePath: string;
  /** By the order's number; as many as are under way. */
  readonly #waiting = new Map<number, { resolve(answer: DeviceAnswer): void; reject(error: Error): void }>();
  #lastId = 0;
  #isFrozen = false;
  /** Its power is on. */
  #isOn = true;
  #port = 0;

  constructor({ child, folder, imagePath, name }: DeviceChild) {
    this.#child = child;
    this.#folder = folder;
    this.#imagePath = imagePath;
    child.on("message", ({ id, said }: Numbered<DeviceAnswer>) => {
      this.#waiting.get(id)?.resolve(said);
      this.#waiting.delete(id);
    });
    child.on("exit", (code) => this.#abandon(new Error(`${name}: ended with ${code}`)));
    child.on("error", (error) => this.#abandon(error));
  }

  /** Where it listens; stays the same over `cut` and `restore`. */
  get port(): number {
    return this.#port;
  }

  /** To be called once, right after the start; settles when it listens. @throws Error when it ends instead; nothing is left then */
  protected async listening(): Promise<this> {
    try {
      this.#port = as("listening", await this.#answerTo(0)).port;
      return this;
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Its program runs, as far as the machine gives it time: nobody has stopped it or taken its power. */
  get isRunning(): boolean {
    return this.#isOn && !this.#isFrozen;
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

  /** Settles when they hold. */
  async faults(faults: Partial<Faults>): Promise<void> {
    await this.ask({ kind: "faults", faults });
  }

  /** Every reply takes this much longer from now on. */
  slow(delayMs: number): Promise<void> {
    return this.faults({ delayMs } as Partial<Faults>);
  }

  /** Resets its connections and refuses new ones. */
  async cut(): Promise<void> {
    await this.ask({ kind: "cut" });
  }

  async restore(): Promise<void> {
    await this.ask({ kind: "restore" });
  }

  /** Outputs fall, connections are reset, memory is lost. */
  async powerOff(): Promise<void> {
    this.#isOn = false;
    await this.ask({ kind: "powerOff" });
  }

  async powerOn(): Promise<void> {
    await this.ask({ kind: "powerOn" });
    this.#isOn = true;
  }

  /** Commands that have arrived since the last call, with their times on CLOCK_MONOTONIC (process.hrtime), ns. */
  async arrivals(): Promise<Arrivals> {
    return as("arrivals", await this.ask({ kind: "arrivals" }));
  }

  /** @throws Error when the process ends, or has ended, instead of answering */
  protected ask(order: DeviceOrder<Faults> | More): Promise<DeviceAnswer> {
    this.#lastId += 1;
    const id = this.#lastId;
    const answer = this.#answerTo(id);
    // An error of the channel is told to whoever waits.
    this.#child.send({ id, said: order });
    return answer;
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

  #answerTo(id: number): Promise<DeviceAnswer> {
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  #abandon(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

/** @throws Error for an answer of another kind: the device's program answers something else than it was asked */
export function as<K extends DeviceAnswer["kind"]>(kind: K, answer: DeviceAnswer): Extract<DeviceAnswer, { kind: K }> {
  if (answer.kind !== kind)
    throw new Error(`a simulated device answers "${answer.kind}" where "${kind}" was asked for`);
  return answer as Extract<DeviceAnswer, { kind: K }>;
}
