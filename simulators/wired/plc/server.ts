// A Modbus TCP server on plain sockets, so that replies can be late, split, glued together or left out.
import { createServer, type Server, type Socket } from "node:net";
import { decodeRequest, encodeReply } from "./pdu.ts";
import type { PlcReply, PlcRequest } from "./request.ts";

/** How the server misbehaves; all off by default. */
export interface ServerFaults {
  /** Every reply waits this long; 0: none. Requests are carried out when they arrive. */
  delayMs: number;
  /** Requests are carried out, and not answered. */
  silent: boolean;
  /** Requests are read and neither carried out nor answered. */
  deaf: boolean;
  /** Turns silent with the next command (function codes 5, 15 and 16), which it carries out. */
  silentFromCommand: boolean;
  /** So many commands (function codes 5, 15 and 16) are carried out and not answered. */
  lostReplies: number;
  /** Each reply is sent in pieces of this many bytes, a turn of the event loop apart; 0: whole. */
  splitBytes: number;
  /** This many replies are kept back and sent in one segment; 0: none. */
  coalesce: number;
  /** So many replies carry another unit's address. */
  wrongUnits: number;
  /** So many replies carry another transaction's identifier. */
  wrongIds: number;
}

export interface ModbusServerOptions {
  host: string;
  port: number;
  unit: number;
  serve: (request: PlcRequest) => PlcReply;
}

const HEADER_BYTES = 7;

export class ModbusServer {
  readonly faults: ServerFaults = {
    delayMs: 0,
    silent: false,
    deaf: false,
    silentFromCommand: false,
    lostReplies: 0,
    splitBytes: 0,
    coalesce: 0,
    wrongUnits: 0,
    wrongIds: 0,
  };
  readonly #options: ModbusServerOptions;
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;
  #port: number;

  constructor(options: ModbusServerOptions) {
    this.#options = options;
    this.#port = options.port;
  }

  /** Resolves with the port; the same one again after a `cut`, and while it listens already. */
  listen(): Promise<number> {
    if (this.#server !== null) return Promise.resolve(this.#port);
    const server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
    this.#server = server;
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.#port, this.#options.host, () => {
        const address = server.address();
        if (address === null || typeof address === "string") return reject(new Error("modbus server: no port"));
        this.#port = address.port;
        resolve(this.#port);
      });
    });
  }

  /** Resets every connection and refuses new ones until `listen` is called again. */
  cut(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    // Refuse first: a client that is reset comes back at once.
    const closed = new Promise<void>((resolve) => (server === null ? resolve() : server.close(() => resolve())));
    for (const socket of this.#sockets) socket.resetAndDestroy();
    return closed;
  }

  #accept(socket: Socket): void {
    if (this.#server === null) {
      socket.resetAndDestroy();
      return;
    }
    this.#sockets.add(socket);
    const outbox = new Outbox(socket, this.faults);
    let pending: Buffer = Buffer.alloc(0);
    socket.on("data", (chunk) => {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
      for (let frame = nextFrame(pending); frame !== null; frame = nextFrame(pending)) {
        if (frame === "garbage") {
          socket.resetAndDestroy();
          return;
        }
        pending = pending.subarray(frame.length);
        this.#answer(frame, outbox);
      }
    });
    // A client ends by reset as a rule; its going is all that matters here.
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.#sockets.delete(socket));
  }

  #answer(frame: Buffer, outbox: Outbox): void {
    const unit = frame[6];
    if (this.faults.deaf || unit !== this.#options.unit) return;
    const pdu = frame.subarray(HEADER_BYTES);
    const request = decodeRequest(pdu);
    const reply = encodeReply(pdu, request.kind === "exception" ? request : this.#options.serve(request));
    if (this.#isUnanswered(pdu[0] ?? 0)) return;
    const bytes = Buffer.alloc(HEADER_BYTES + reply.length);
    frame.copy(bytes, 0, 0, 4);
    bytes.writeUInt16BE(reply.length + 1, 4);
    bytes[6] = unit;
    reply.copy(bytes, HEADER_BYTES);
    this.#falsify(bytes);
    outbox.send(bytes);
  }

  #falsify(bytes: Buffer): void {
    const { faults } = this;
    if (faults.wrongUnits > 0) {
      faults.wrongUnits -= 1;
      bytes[6] = (bytes[6] ?? 0) ^ 1;
    }
    if (faults.wrongIds > 0) {
      faults.wrongIds -= 1;
      bytes.writeUInt16BE(bytes.readUInt16BE(0) ^ 0x8000, 0);
    }
  }

  #isUnanswered(functionCode: number): boolean {
    const { faults } = this;
    const isCommand = functionCode === 5 || functionCode === 15 || functionCode === 16;
    if (isCommand && faults.silentFromCommand) faults.silent = true;
    if (faults.silent || !isCommand || faults.lostReplies === 0) return faults.silent;
    faults.lostReplies -= 1;
    return true;
  }
}

/** A whole frame, null when more bytes are needed, "garbage" when these can be none. */
function nextFrame(bytes: Buffer): Buffer | null | "garbage" {
  if (bytes.length < HEADER_BYTES) return null;
  const length = bytes.readUInt16BE(4);
  if (bytes.readUInt16BE(2) !== 0 || length < 2 || length > 254) return "garbage";
  return bytes.length < length + 6 ? null : bytes.subarray(0, length + 6);
}

/** Sends replies in order, however they are delayed, split or glued. */
class Outbox {
  readonly #socket: Socket;
  readonly #faults: ServerFaults;
  #kept: Buffer[] = [];
  /** Pieces that wait for their turn. */
  #pieces: Buffer[] = [];

  constructor(socket: Socket, faults: ServerFaults) {
    this.#socket = socket;
    this.#faults = faults;
  }

  send(bytes: Buffer): void {
    const { delayMs } = this.#faults;
    if (delayMs > 0) setTimeout(() => this.#write(bytes), delayMs);
    else this.#write(bytes);
  }

  #write(bytes: Buffer): void {
    this.#kept.push(bytes);
    if (this.#kept.length < this.#faults.coalesce) return;
    const whole = this.#kept.length === 1 ? bytes : Buffer.concat(this.#kept);
    this.#kept = [];
    const { splitBytes } = this.#faults;
    if (splitBytes === 0 && this.#pieces.length === 0) return this.#toSocket(whole);
    const idle = this.#pieces.length === 0;
    for (let at = 0; at < whole.length; at += splitBytes || whole.length)
      this.#pieces.push(whole.subarray(at, at + (splitBytes || whole.length)));
    if (idle) this.#sendPieces();
  }

  #sendPieces(): void {
    const piece = this.#pieces[0];
    if (piece === undefined) return;
    this.#toSocket(piece);
    setImmediate(() => {
      this.#pieces.shift();
      this.#sendPieces();
    });
  }

  #toSocket(bytes: Buffer): void {
    if (!this.#socket.destroyed) this.#socket.write(bytes);
  }
}
