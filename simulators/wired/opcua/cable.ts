// The cable between a client and the simulated server: a relay of bytes that can be cut, slowed, split and silenced.
import { connect, createServer, type Server, type Socket } from "node:net";
import type { UaFaults } from "./plan.ts";

export class Cable {
  readonly #faults: UaFaults;
  readonly #behind: number;
  readonly #pairs = new Set<{ client: Socket; server: Socket }>();
  /** What waits to be sent in pieces. */
  readonly #pieces = new WeakMap<Socket, Buffer[]>();
  #listener: Server | null = null;
  #port = 0;

  /** @param o.behind port of the server on this machine */
  constructor(o: { behind: number; faults: UaFaults }) {
    this.#behind = o.behind;
    this.#faults = o.faults;
  }

  /** Resolves with the port; the same one again after a `cut`, and while it listens already. */
  plug(host: string, port: number): Promise<number> {
    if (this.#listener !== null) return Promise.resolve(this.#port);
    const listener = createServer({ noDelay: true }, (client) => this.#accept(client));
    this.#listener = listener;
    return new Promise((resolve, reject) => {
      listener.once("error", reject);
      listener.listen(this.#port === 0 ? port : this.#port, host, () => {
        const address = listener.address();
        if (address === null || typeof address === "string") return reject(new Error("no port"));
        this.#port = address.port;
        resolve(this.#port);
      });
    });
  }

  /** Resets every connection and refuses new ones. */
  cut(): Promise<void> {
    const listener = this.#listener;
    this.#listener = null;
    const closed = new Promise<void>((resolve) => (listener === null ? resolve() : listener.close(() => resolve())));
    this.resetAll();
    return closed;
  }

  resetAll(): void {
    for (const { client, server } of this.#pairs) {
      client.resetAndDestroy();
      server.destroy();
    }
    this.#pairs.clear();
  }

  /** To every client, between what the server sends. */
  inject(bytes: Buffer): void {
    for (const { client } of this.#pairs) client.write(bytes);
  }

  #accept(client: Socket): void {
    const server = connect({ host: "127.0.0.1", port: this.#behind, noDelay: true });
    const pair = { client, server };
    this.#pairs.add(pair);
    const end = (): void => {
      this.#pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      socket.on("error", end);
      socket.on("close", end);
    }
    client.on("data", (bytes) => server.write(bytes));
    server.on("data", (bytes) => this.#back(client, bytes));
  }

  #back(client: Socket, bytes: Buffer): void {
    const { silent, delayMs } = this.#faults;
    if (silent) return;
    if (delayMs > 0) setTimeout(() => this.#write(client, bytes), delayMs);
    else this.#write(client, bytes);
  }

  #write(client: Socket, bytes: Buffer): void {
    if (client.destroyed || this.#faults.silent) return;
    const { splitBytes } = this.#faults;
    const waiting = this.#pieces.get(client) ?? [];
    const isIdle = waiting.length === 0;
    if (splitBytes === 0 && isIdle) {
      client.write(bytes);
      return;
    }
    const step = splitBytes === 0 ? bytes.length : splitBytes;
    for (let at = 0; at < bytes.length; at += step) waiting.push(bytes.subarray(at, at + step));
    this.#pieces.set(client, waiting);
    if (isIdle) this.#sendPieces(client, waiting);
  }

  /** A turn of the event loop apart, or the system would join them. */
  #sendPieces(client: Socket, waiting: Buffer[]): void {
    const piece = waiting[0];
    if (piece === undefined || client.destroyed) return;
    client.write(piece);
    setImmediate(() => {
      waiting.shift();
      this.#sendPieces(client, waiting);
    });
  }
}
