// Keeps a raw TCP connection to a terminal server: makes it, notices that nobody is there any more, and makes it anew.
import { connect, type Socket } from "node:net";
import type { ScannerClock } from "./clock.ts";
import type { LinkEvents, ScannerLink } from "./port.ts";
import type { TcpScannerConfig } from "./tcp-schema.ts";

const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 2000;
/** The kernel then asks a quiet peer each second, and gives up after ten unanswered ones. */
const KEEP_ALIVE_AFTER_MS = 1000;
/** Far more than a telegram. */
const BUFFER_BYTES = 4096;

/**
 * What libuv hands over in a turn came to this machine after the turn before had asked, as at a serial port
 * (docs/decisions/0016); the way from the scanner to here is `transitMs` more. A connection that has just been made may
 * bring what the terminal server has kept meanwhile: its first bytes came at any time since the one before last spoke.
 *
 * A peer that went without a word leaves a connection on which nothing ever comes. On silence another one is made beside
 * it, and takes its place when it stands: a scanner that had nothing to say loses nothing by that.
 */
export class TcpLink implements ScannerLink {
  readonly #config: TcpScannerConfig;
  readonly #clock: ScannerClock;
  readonly #events: LinkEvents;
  #socket: Socket | null = null;
  /** Not connected yet. */
  #dialled: Socket | null = null;
  #isUp: boolean | null = null;
  #downReason = "";
  #connectedNs = 0;
  /** When this link last spoke, over all its connections; 0: never yet. */
  #heardNs = 0;
  #keptSinceNs = 0;
  #renewals = 0;
  #retryMs = FIRST_RETRY_MS;
  #cancelRetry: () => void = () => undefined;
  #cancelDeadline: () => void = () => undefined;

  constructor(config: TcpScannerConfig, clock: ScannerClock, events: LinkEvents) {
    this.#config = config;
    this.#clock = clock;
    this.#events = events;
  }

  open(): void {
    this.#dial();
  }

  verify(): void {
    if (this.#socket === null || this.#dialled !== null) return;
    this.#renewals += 1;
    this.#dial();
  }

  async send(bytes: Uint8Array): Promise<void> {
    const socket = this.#socket;
    if (socket === null) return;
    await new Promise<void>((resolve) => socket.write(bytes, () => resolve()));
  }

  facts(): Readonly<Record<string, string | number | boolean | null>> {
    const { host, port, transitMs } = this.#config;
    return { host, port, transitMs, renewals: this.#renewals };
  }

  async close(): Promise<void> {
    this.#drop();
  }

  #dial(): void {
    const { host, port, connectTimeoutMs } = this.#config;
    const socket: Socket = connect({
      host,
      port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_AFTER_MS,
      onread: {
        buffer: Buffer.allocUnsafe(BUFFER_BYTES),
        callback: (count, buffer) => {
          if (this.#socket === socket) this.#take(buffer.subarray(0, count));
          return true;
        },
      },
    });
    this.#dialled = socket;
    this.#cancelDeadline = this.#clock.setTimer(connectTimeoutMs, () => {
      this.#lost(socket, `no answer from ${host}:${port} within ${connectTimeoutMs} ms`);
    });
    socket.once("connect", () => this.#connected(socket));
    socket.once("error", (error) => this.#lost(socket, error.message));
    socket.once("close", () => this.#lost(socket, `${host}:${port} ended the connection`));
  }

  #connected(socket: Socket): void {
    if (this.#dialled !== socket) return;
    this.#cancelDeadline();
    const before = this.#socket;
    this.#dialled = null;
    this.#socket = socket;
    before?.resetAndDestroy();
    this.#connectedNs = this.#clock.nowNs();
    this.#keptSinceNs = this.#heardNs;
    this.#isUp = true;
    this.#events.up();
  }

  #take(bytes: Uint8Array): void {
    const nowNs = this.#clock.nowNs();
    const { settleMs, transitMs } = this.#config;
    this.#retryMs = FIRST_RETRY_MS;
    this.#heardNs = nowNs;
    const isSettling = nowNs < this.#connectedNs + settleMs * 1e6;
    const heardAfterNs = Math.max(0, this.#clock.heardAfterNs() - transitMs * 1e6);
    this.#events.bytes(bytes, isSettling ? Math.min(this.#keptSinceNs, heardAfterNs) : heardAfterNs);
  }

  /** Of a socket that has been given up already: nothing. Otherwise the other one goes with it. */
  #lost(socket: Socket, reason: string): void {
    if (socket !== this.#dialled && socket !== this.#socket) return;
    this.#drop();
    if (this.#isUp !== false || reason !== this.#downReason) this.#events.down(reason);
    this.#isUp = false;
    this.#downReason = reason;
    this.#cancelRetry = this.#clock.setTimer(this.#retryMs, () => this.#dial());
    this.#retryMs = Math.min(2 * this.#retryMs, LONGEST_RETRY_MS);
  }

  /** Sockets end by reset: a peer that wakes up late must not go on with what it held. */
  #drop(): void {
    this.#cancelRetry();
    this.#cancelDeadline();
    const [dialled, socket] = [this.#dialled, this.#socket];
    this.#dialled = null;
    this.#socket = null;
    dialled?.destroy();
    socket?.resetAndDestroy();
  }
}
