// Keeps a serial port open by its path: opens it, notices that it is gone, and finds it again when it is back.
import { stat } from "node:fs/promises";
import { type OpenSerialPort, openSerialPort } from "../serial/serial-port.ts";
import type { ScannerClock } from "./clock.ts";
import type { LinkEvents, ScannerLink } from "./port.ts";
import { type PortFacts, portFacts, portNotices } from "./port-facts.ts";
import type { SerialScannerConfig } from "./serial-schema.ts";

const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 2000;

export class SerialLink implements ScannerLink {
  readonly #config: SerialScannerConfig;
  readonly #clock: ScannerClock;
  readonly #events: LinkEvents;
  /** Counts the attempts to open; what an earlier one still has to say is void. */
  #attempts = 0;
  #port: OpenSerialPort | null = null;
  /** Device number behind the path when it was opened. */
  #device: number | null = null;
  #isUp: boolean | null = null;
  #downReason = "";
  #facts: PortFacts | null = null;
  #retryMs = FIRST_RETRY_MS;
  #cancelRetry: () => void = () => undefined;
  /** Settles when the attempt to open under way is over, however it ended. */
  #attempt: Promise<void> = Promise.resolve();

  constructor(config: SerialScannerConfig, clock: ScannerClock, events: LinkEvents) {
    this.#config = config;
    this.#clock = clock;
    this.#events = events;
  }

  open(): void {
    this.#attempts += 1;
    this.#attempt = this.#open(this.#attempts);
  }

  verify(): void {
    void this.#verify();
  }

  async send(bytes: Uint8Array): Promise<void> {
    this.#port?.write(bytes);
  }

  facts(): Readonly<Record<string, string | number | boolean | null>> {
    const { path, baud } = this.#config;
    return {
      ...{ path, baud, adapter: this.#facts?.adapter ?? null, latencyTimerMs: this.#facts?.latencyTimerMs ?? null },
      lowLatency: this.#port?.isLowLatency ?? null,
    };
  }

  async close(): Promise<void> {
    this.#cancelRetry();
    this.#attempts += 1;
    await this.#attempt;
    const port = this.#port;
    this.#port = null;
    await port?.close();
  }

  /**
   * Looks whether the path still leads to the device that is open. Some drivers report no hang-up, and a pulled plug
   * then looks like silence.
   */
  async #verify(): Promise<void> {
    const attempt = this.#attempts;
    if (this.#isUp !== true) return;
    const device = await deviceBehind(this.#config.path);
    if (this.#device !== null && device !== this.#device) this.#lost(attempt, "the path leads to no or another device");
  }

  /** After the port was opened: the FTDI driver then has the latency timer that it was asked for. */
  async #look(attempt: number, isLowLatency: boolean | null): Promise<void> {
    const facts = await portFacts(this.#config.path);
    if (attempt !== this.#attempts) return;
    this.#facts = facts;
    const notices = portNotices({ path: this.#config.path, facts, isLowLatency });
    if (notices.length > 0) this.#events.notices(notices);
  }

  async #open(attempt: number): Promise<void> {
    let port: OpenSerialPort;
    try {
      port = await openSerialPort(this.#config);
    } catch (error) {
      return this.#lost(attempt, error instanceof Error ? error.message : String(error));
    }
    if (attempt !== this.#attempts) return port.close();
    this.#port = port;
    this.#isUp = true;
    this.#events.up();
    void deviceBehind(this.#config.path).then((device) => {
      if (attempt === this.#attempts) this.#device = device;
    });
    void this.#look(attempt, port.isLowLatency);
    port.listen({
      bytes: (bytes) => {
        if (attempt !== this.#attempts) return;
        this.#retryMs = FIRST_RETRY_MS;
        this.#events.bytes(bytes, this.#clock.heardAfterNs());
      },
      ended: (reason) => this.#lost(attempt, reason),
    });
  }

  #lost(attempt: number, reason: string): void {
    if (attempt !== this.#attempts) return;
    this.#attempts += 1;
    const port = this.#port;
    this.#port = null;
    this.#device = null;
    if (port !== null) void port.close();
    if (this.#isUp !== false || reason !== this.#downReason) this.#events.down(reason);
    this.#isUp = false;
    this.#downReason = reason;
    this.#cancelRetry = this.#clock.setTimer(this.#retryMs, () => this.open());
    this.#retryMs = Math.min(2 * this.#retryMs, LONGEST_RETRY_MS);
  }
}

/** Device number of what the path leads to now; null: to nothing. */
async function deviceBehind(path: string): Promise<number | null> {
  try {
    return (await stat(path)).rdev;
  } catch {
    return null;
  }
}
