// One scanner of the rig: puts readings and signs of life on its port while its plug is in.
import type { ScannerLinkPlan } from "./plan.ts";
import { ScannerProcess } from "./scanner/process.ts";
import { heartbeatBytes, readingBytes } from "./telegram-bytes.ts";

export class WiredScanner {
  readonly plan: ScannerLinkPlan;
  readonly #process: ScannerProcess;
  #isPlugged = true;
  #isMute = false;
  #spokeNs = 0;

  private constructor(plan: ScannerLinkPlan, process: ScannerProcess) {
    this.plan = plan;
    this.#process = process;
  }

  /** Where a driver finds it: its port's path, or tcp:host:port. */
  get address(): string {
    return this.#process.address;
  }

  /** Settles when its port can be opened. */
  static async start(plan: ScannerLinkPlan): Promise<WiredScanner> {
    const process = new ScannerProcess({ linkPath: plan.linkPath, baud: plan.baud });
    await process.start();
    return new WiredScanner(plan, process);
  }

  /**
   * Sends the frame of a reading; no codes is a no-read.
   * @returns "silent" where the scanner says nothing of it, "unheard" while its plug is out, else when the last byte went
   * to the kernel (CLOCK_MONOTONIC, ns)
   */
  async say(codes: readonly string[], worldNs: number): Promise<number | "silent" | "unheard"> {
    const bytes = readingBytes(this.plan.framing, codes);
    return bytes === null ? "silent" : this.#send(bytes, worldNs);
  }

  /**
   * Whoever opens the infeed has shown it a blank label: without a start byte a driver knows only after the first end where a
   * telegram begins.
   */
  async blank(worldNs: number): Promise<void> {
    const { start, end } = this.plan.framing;
    if (start === "") await this.#send(Buffer.from(end, "latin1"), worldNs);
  }

  /** An idle scanner says at its interval that it lives, where it does so at all. */
  async heartbeat(worldNs: number): Promise<void> {
    const { heartbeatMs, framing } = this.plan;
    if (heartbeatMs === null || this.#isMute || worldNs - this.#spokeNs < heartbeatMs * 1_000_000) return;
    await this.#send(heartbeatBytes(framing), worldNs);
  }

  /** Its plug is in, but no sign of life comes any more; the first one is due when it is well again. */
  mute(isMute: boolean): void {
    this.#isMute = isMute;
    this.#spokeNs = 0;
  }

  async unplug(): Promise<void> {
    this.#isPlugged = false;
    await this.#process.unplug();
  }

  async plug(): Promise<void> {
    await this.#process.plug();
    this.#isPlugged = true;
  }

  stop(): Promise<void> {
    this.#isPlugged = false;
    return this.#process.stop();
  }

  async #send(bytes: Uint8Array, worldNs: number): Promise<number | "unheard"> {
    this.#spokeNs = worldNs;
    if (!this.#isPlugged) return "unheard";
    try {
      return await this.#process.send(bytes);
    } catch (error) {
      if (this.#isPlugged) throw error;
      return "unheard"; // The plug was pulled in the middle of it.
    }
  }
}
