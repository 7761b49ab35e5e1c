// Handle on a simulated scanner in its own process, which can be unplugged as hard as a cable is pulled.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { unlinkFrom } from "./link.ts";
import type { ScannerAnswer, ScannerCommand } from "./main.ts";

export interface ScannerProcessOptions {
  /** Stable path for the driver, whose folder must exist; or tcp:host:port, port 0 for any that is free. */
  linkPath: string;
  /** Pace of the bytes, bits per second; null: as fast as the pty takes them. */
  baud: number | null;
}

export class ScannerProcess {
  readonly #options: ScannerProcessOptions;
  #child: ChildProcess | null = null;
  #address = "";
  readonly #heard: string[] = [];
  #lastId = 0;
  readonly #waiting = new Map<number, { resolve(lastByteNs: number): void; reject(error: Error): void }>();

  constructor(options: ScannerProcessOptions) {
    this.#options = options;
  }

  /**
   * Starts the process; resolves when the link can be opened.
   * @throws Error with the child's own reason when it cannot; no process is left then.
   */
  async start(): Promise<void> {
    if (this.#child !== null) throw new Error("the simulated scanner is already plugged in");
    const { linkPath, baud } = this.#options;
    // A TCP port that was given out stays the scanner's, as a cable's path does.
    const place = isTcp(linkPath) && this.#address !== "" ? this.#address : linkPath;
    const child = spawn(process.execPath, [mainPath, place, String(baud ?? 0)], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#child = child;
    child.stdin.on("error", () => undefined); // A killed child; whoever waits is told by "exit".
    const ready = new Promise<void>((resolve, reject) => {
      createInterface({ input: child.stdout }).on("line", (line) => this.#hear(line, { resolve, reject }));
      child.once("error", reject);
      child.once("exit", (code, signal) => {
        const end = new Error(`the simulated scanner ended (${signal ?? `exit code ${code}`})`);
        reject(end);
        this.#abandon(end);
        if (this.#child === child) this.#child = null;
      });
    });
    try {
      await ready;
    } catch (error) {
      await this.unplug();
      throw error;
    }
  }

  /** Where a driver finds it: the link's path, or tcp:host:port with the port that it got; known once it has started. */
  get address(): string {
    return isTcp(this.#options.linkPath) ? this.#address : this.#options.linkPath;
  }

  /** What drivers have sent to it, as text of one byte a character. */
  heard(): string {
    return Buffer.from(this.#heard.join(""), "hex").toString("latin1");
  }

  /** Resolves with the monotonic ns (same clock in all processes) just before the last byte went to the kernel. */
  send(bytes: Uint8Array): Promise<number> {
    return this.#command({ hex: Buffer.from(bytes).toString("hex") });
  }

  /** Sends so many bytes of printable line noise. */
  garble(byteCount: number): Promise<number> {
    return this.#command({ garble: byteCount });
  }

  /** Kills the process: the tty is gone in the middle of whatever it was doing, and so is the link. */
  async unplug(): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    const gone = once(child, "exit");
    // First the link: as soon as the pty is gone its number may be another's, to whom the link must not lead.
    if (!isTcp(this.#options.linkPath)) unlinkFrom(this.#address, this.#options.linkPath);
    child.kill("SIGKILL");
    await gone;
  }

  /** Back on the same link, with another tty behind it, as after a real cable came back. */
  plug(): Promise<void> {
    return this.start();
  }

  stop(): Promise<void> {
    return this.unplug();
  }

  #command(verb: Omit<ScannerCommand, "id">): Promise<number> {
    const stdin = this.#child?.stdin;
    if (!stdin) return Promise.reject(new Error("the simulated scanner is unplugged"));
    this.#lastId += 1;
    const id = this.#lastId;
    const answered = new Promise<number>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    stdin.write(`${JSON.stringify({ id, ...verb } satisfies ScannerCommand)}\n`);
    return answered;
  }

  #hear(line: string, start: { resolve(): void; reject(error: Error): void }): void {
    const answer = JSON.parse(line) as ScannerAnswer;
    if ("ready" in answer) {
      this.#address = answer.ready;
      start.resolve();
    } else if ("heard" in answer) {
      this.#heard.push(answer.heard);
    } else if (answer.id === null) {
      start.reject(new Error(`the simulated scanner cannot start: ${(answer as { error: string }).error}`));
    } else {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if ("error" in answer) waiting?.reject(new Error(answer.error));
      else waiting?.resolve(answer.lastByteNs);
    }
  }

  #abandon(end: Error): void {
    for (const { reject } of this.#waiting.values()) reject(end);
    this.#waiting.clear();
  }
}

const isTcp = (place: string): boolean => place.startsWith("tcp:");

/** Runs as TypeScript from the sources and as JavaScript from a build. */
const mainPath = fileURLToPath(import.meta.url).replace(/process\.([jt]s)$/, "main.$1");
