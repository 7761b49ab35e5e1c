// Keeps a serial port open by its path: opens it, notices that it is gone, and finds it again when it is back.
import { stat } from "node:fs/promises";
import { SerialPort } from "serialport";
import type { ScannerClock } from "./clock.ts";
import type { SerialScannerConfig } from "./schema.ts";

export interface SerialLinkEvents {
  up(): void;
  /** Synchronously in the port's own data event. */
  bytes(bytes: Uint8Array): void;
  /** Once after each `up`, and once when the very first attempt fails. `reason` in the system's words. */
  down(reason: string): void;
}

const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 2000;

export class SerialLink {
  readonly #config: SerialScannerConfig;
  readonly #clock: ScannerClock;
  readonly #events: SerialLinkEvents;
  /** The port in use; events of any other are late and void (serialport may emit "close" twice). */
  #port: SerialPort | null = null;
  /** Device number behind the path when it was opened. */
  #device: number | null = null;
  #isUp: boolean | null = null;
  #retryMs = FIRST_RETRY_MS;
  #cancelRetry: () => void = () => undefined;
  /** Settles when the attempt to open under way is over, however it ended. */
  #attempt: Promise<void> = Promise.resolve();

  constructor(config: SerialScannerConfig, clock: ScannerClock, events: SerialLinkEvents) {
    this.#config = config;
    this.#clock = clock;
    this.#events = events;
  }

  open(): void {
    const port = createPort(this.#config);
    this.#port = port;
    // A listener must be there all the time: a paused port does not notice that its device is gone.
    port.on("data", (bytes: Buffer) => {
      if (this.#port !== port) return;
      this.#retryMs = FIRST_RETRY_MS;
      this.#events.bytes(bytes);
    });
    port.on("close", (error: Error | null) => this.#lost(port, error?.message ?? "the port was closed"));
    port.on("end", () => this.#lost(port, "the port ended"));
    port.on("error", (error) => this.#lost(port, error.message));
    this.#attempt = new Promise((over) => {
      port.open((error) => {
        if (error) this.#lost(port, error.message);
        else this.#opened(port);
        over();
      });
    });
  }

  /**
   * Looks whether the path still leads to the device that is open. Some drivers report no hang-up, and a pulled plug
   * then looks like silence.
   */
  async verify(): Promise<void> {
    const port = this.#port;
    if (port === null || this.#isUp !== true) return;
    const device = await deviceBehind(this.#config.path);
    if (this.#device !== null && device !== this.#device) this.#lost(port, "the path leads to no or another device");
  }

  async close(): Promise<void> {
    this.#cancelRetry();
    const port = this.#port;
    this.#port = null;
    await this.#attempt;
    if (port !== null) await release(port);
  }

  #opened(port: SerialPort): void {
    if (this.#port !== port) return;
    askForLowLatency(port);
    this.#isUp = true;
    this.#events.up();
    void deviceBehind(this.#config.path).then((device) => {
      if (this.#port === port) this.#device = device;
    });
  }

  #lost(port: SerialPort, reason: string): void {
    if (this.#port !== port) return;
    this.#port = null;
    this.#device = null;
    void release(port);
    if (this.#isUp !== false) {
      this.#isUp = false;
      this.#events.down(reason);
    }
    this.#cancelRetry = this.#clock.setTimer(this.#retryMs, () => this.open());
    this.#retryMs = Math.min(2 * this.#retryMs, LONGEST_RETRY_MS);
  }
}

function createPort(config: SerialScannerConfig): SerialPort {
  const { path, baud, dataBits, parity, stopBits } = config;
  return new SerialPort({ path, baudRate: baud, dataBits, parity, stopBits, autoOpen: false, highWaterMark: 4096 });
}

/**
 * Linux then wakes the reader at once; an FTDI adapter otherwise keeps bytes back for up to 16 ms. Adapters without the
 * knob and ptys refuse, and nothing is lost but those milliseconds.
 */
function askForLowLatency(port: SerialPort): void {
  const flags = { dtr: true, rts: true, lowLatency: true };
  port.set(flags, () => undefined);
}

/** Device number of what the path leads to now; null: to nothing. */
async function deviceBehind(path: string): Promise<number | null> {
  try {
    return (await stat(path)).rdev;
  } catch {
    return null;
  }
}

/** A port that is closing or closed already answers with an error, which says what was wanted. */
const release = (port: SerialPort): Promise<void> => new Promise((released) => port.close(() => released()));
