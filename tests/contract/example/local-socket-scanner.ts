// A scanner whose vendor's own service hands its telegrams on over a Unix socket: the whole driver, as docs/drivers.md shows it.
import { connect, type Socket } from "node:net";
import { z } from "zod";
import type { ScannerClock } from "../../../drivers/scanners/clock.ts";
import { FramedScanner } from "../../../drivers/scanners/framed-scanner.ts";
import type { LinkEvents, ScannerDriver, ScannerLink, ScannerLook } from "../../../drivers/scanners/port.ts";
import { scannerKeys, scannerProblems, scannerSettings, withProfile } from "../../../drivers/scanners/schema.ts";

// The schema.

const driver = z.literal("local-socket").describe("A scanner whose vendor's service listens on a Unix socket.");
const socket = z.string().startsWith("/").max(107).describe("Absolute path of the service's socket.");

export const localSocketScannerSchema = z
  .strictObject({ driver, socket, ...scannerKeys })
  .transform(withProfile)
  .pipe(
    z.strictObject({ driver, socket, ...scannerSettings }).superRefine((scanner, context) => {
      for (const { path, message } of scannerProblems(scanner)) context.addIssue({ code: "custom", path, message });
    }),
  );

type LocalSocketConfig = z.output<typeof localSocketScannerSchema>;

// The driver.

export const localSocketDriver: ScannerDriver<LocalSocketConfig> = {
  make: (o) => new FramedScanner({ ...o, link: (events) => new LocalSocketLink(o.config, o.clock, events) }),
  look,
};

/** From the first attempt on; doubled up to the second with each that fails. */
const RETRY_MS = { first: 50, longest: 2000 };

class LocalSocketLink implements ScannerLink {
  readonly #path: string;
  readonly #clock: ScannerClock;
  readonly #events: LinkEvents;
  #socket: Socket | null = null;
  /** Null: nothing has been told yet. */
  #isUp: boolean | null = null;
  #downReason = "";
  #retryMs = RETRY_MS.first;
  #cancelRetry: () => void = () => undefined;

  constructor(config: LocalSocketConfig, clock: ScannerClock, events: LinkEvents) {
    this.#path = config.socket;
    this.#clock = clock;
    this.#events = events;
  }

  open(): void {
    const socket = connect({ path: this.#path });
    this.#socket = socket;
    let reason = "the service ended the connection";
    socket.once("connect", () => this.#connected());
    // In the turn in which the bytes are read, and as old as the loop's last look at its sockets: nothing may wait here.
    socket.on("data", (bytes) => this.#events.bytes(bytes, this.#clock.heardAfterNs()));
    socket.once("error", ({ message }) => {
      reason = message;
    });
    socket.once("close", () => this.#lost(reason));
  }

  /** A service on this machine that has died has closed its socket: silence is the scanner's own. */
  verify(): void {}

  async send(bytes: Uint8Array): Promise<void> {
    const socket = this.#socket;
    if (socket !== null) await new Promise<void>((resolve) => socket.write(bytes, () => resolve()));
  }

  facts(): Readonly<Record<string, string>> {
    return { socket: this.#path };
  }

  async close(): Promise<void> {
    this.#cancelRetry();
    this.#socket?.removeAllListeners("close").destroy();
    this.#socket = null;
  }

  #connected(): void {
    this.#retryMs = RETRY_MS.first;
    this.#isUp = true;
    this.#events.up();
  }

  #lost(reason: string): void {
    this.#socket = null;
    if (this.#isUp !== false || reason !== this.#downReason) this.#events.down(reason);
    this.#isUp = false;
    this.#downReason = reason;
    this.#cancelRetry = this.#clock.setTimer(this.#retryMs, () => this.open());
    this.#retryMs = Math.min(2 * this.#retryMs, RETRY_MS.longest);
  }
}

/** For `coline check --devices`: does anybody listen? */
async function look({ socket: path }: LocalSocketConfig): Promise<ScannerLook> {
  const socket = connect({ path });
  const error = await new Promise<string | null>((resolve) => {
    socket.once("connect", () => resolve(null));
    socket.once("error", ({ message }) => resolve(message));
  });
  socket.destroy();
  return { facts: { socket: path }, notices: [], error };
}
