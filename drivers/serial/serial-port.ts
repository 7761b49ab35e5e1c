// One open serial port: serialport's binding, read in the very turn in which the kernel says that bytes are there.
import { readSync, writeSync } from "node:fs";
import { SerialPort } from "serialport";

export interface SerialSettings {
  path: string;
  baud: number;
  dataBits: 7 | 8;
  parity: "none" | "even" | "odd";
  stopBits: 1 | 2;
}

export interface SerialPortEvents {
  /** `bytes` is the port's own buffer: valid only during the call. */
  bytes(bytes: Uint8Array): void;
  /** Once: the device is gone or failed. `reason` in the system's words. `close` is still to be called. */
  ended(reason: string): void;
}

export interface OpenSerialPort {
  /** Linux wakes the reader at once (ASYNC_LOW_LATENCY); null: the port does not know that. */
  readonly isLowLatency: boolean | null;
  /** Once. What came before it is thrown away when the port is opened: nobody knows when it came. */
  listen(events: SerialPortEvents): void;
  /**
   * Handed to the system before it returns; what lies unread is told first to whoever listens already. False: the system
   * takes no more, or the port has ended, which is told.
   */
  write(bytes: Uint8Array): boolean;
  /** Nothing is told any more. Never rejects. */
  close(): Promise<void>;
}

/** Far more than a telegram; what does not fit is read in the same turn. */
const BUFFER_BYTES = 4096;

type Binding = Awaited<ReturnType<typeof SerialPort.binding.open>>;
/** The binding of a Unix system, whose file descriptor can be watched. */
type PolledBinding = Extract<Binding, { poller: unknown }>;

/**
 * serialport's stream reads on libuv's thread pool: each telegram then waits for two more turns and for a free thread,
 * behind the journal's syncs, and nobody can say how long its bytes had lain there. Its binding opens and watches the
 * port; the read itself is non-blocking and done here.
 * @throws Error of the system: no such path, no right, in use
 */
export async function openSerialPort(config: SerialSettings): Promise<OpenSerialPort> {
  const { path, baud, dataBits, parity, stopBits } = config;
  const binding = await SerialPort.binding.open({ path, baudRate: baud, dataBits, parity, stopBits });
  if (!("poller" in binding)) {
    await binding.close();
    throw new Error("serial ports are read on Linux and macOS only");
  }
  const isLowLatency = await askForLowLatency(binding);
  try {
    await binding.flush();
  } catch (error) {
    // Pulled in this very moment: nobody would ever close it.
    await binding.close().catch(() => {
      // The error that led here says what was wanted.
    });
    throw error;
  }
  return new PolledPort(binding, isLowLatency);
}

class PolledPort implements OpenSerialPort {
  readonly #binding: PolledBinding;
  readonly #buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  readonly isLowLatency: boolean | null;
  #events: SerialPortEvents | null = null;
  /** Closed, or its end was told. */
  #isOver = false;

  constructor(binding: PolledBinding, isLowLatency: boolean | null) {
    this.#binding = binding;
    this.isLowLatency = isLowLatency;
  }

  listen(events: SerialPortEvents): void {
    this.#events = events;
    this.#await();
  }

  write(bytes: Uint8Array): boolean {
    const { fd } = this.#binding;
    if (this.#events !== null)
      for (let count = this.#read(); typeof count === "number"; count = this.#read())
        this.#events?.bytes(this.#buffer.subarray(0, count));
    if (fd === null || this.#isOver) return false;
    try {
      // A line's telegram is far shorter than the system's own buffer: what does not fit is a line that stands still.
      return writeSync(fd, bytes) === bytes.length;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== "EAGAIN") this.#end(message);
      return false;
    }
  }

  async close(): Promise<void> {
    this.#isOver = true;
    this.#events = null;
    if (!this.#binding.isOpen) return;
    await this.#binding.close().catch(() => {
      // A device that is gone answers with an error, which says what was wanted.
    });
  }

  #await(): void {
    this.#binding.poller.once("readable", (error) => {
      if (error !== null) return this.#end(error.message);
      this.#drain();
    });
  }

  #drain(): void {
    while (this.#events !== null) {
      const count = this.#read();
      if (count === null) return this.#await();
      if (typeof count === "string") return this.#end(count);
      this.#events.bytes(this.#buffer.subarray(0, count));
    }
  }

  /** Bytes read; null: none are there; a text: why there never will be any. */
  #read(): number | string | null {
    const { fd } = this.#binding;
    if (fd === null) return "the port was closed";
    try {
      const count = readSync(fd, this.#buffer, 0, BUFFER_BYTES, null);
      return count === 0 ? "the port ended" : count;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      return code === "EAGAIN" || code === "EINTR" ? null : message;
    }
  }

  #end(reason: string): void {
    const events = this.#events;
    this.#isOver = true;
    this.#events = null;
    events?.ended(reason);
  }
}

/**
 * Linux then wakes the reader at once; an FTDI adapter otherwise keeps bytes back for up to 16 ms. Adapters without the
 * knob and ptys refuse, and nothing is lost but those milliseconds.
 * @returns whether it is so now; null where that cannot be asked
 */
async function askForLowLatency(binding: PolledBinding): Promise<boolean | null> {
  const flags = { dtr: true, rts: true, lowLatency: true };
  await binding.set(flags).catch(() => {
    // See above: a port without the knob works too.
  });
  try {
    // Linux says it, other systems do not know of it.
    const { lowLatency } = { lowLatency: null, ...(await binding.get()) } as { lowLatency: boolean | null };
    return lowLatency;
  } catch {
    return null;
  }
}
