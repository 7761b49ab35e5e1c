// The byte port under modbus-serial: one TCP connection, 16-bit transaction ids, framing, and an end by reset.
import { EventEmitter } from "node:events";
import { connect, type Socket } from "node:net";
import { crc16 } from "./crc16.ts";
import type { ModbusTransport } from "./modbus-wire.ts";

/**
 * modbus-serial's own TCP port writes a promise tick late, counts ids modulo 256 and never forgets one, so that a late
 * reply can pass for another request's (its issue 573). This port writes at once and forgets.
 */
const HEADER_BYTES = 6;
/** Unit identifier and protocol data unit: at most 1 + 253 bytes, at least unit, function code and one byte. */
const MAX_LENGTH = 254;
const MIN_LENGTH = 3;
/** modbus-serial keeps a table by id and never clears it; these few numbers are used in turn. */
const SLOTS = 8;
/** At most two requests are out at a time; what is older has been given up. */
const MAX_OUT = 4;
/** Two requests are some 60 bytes; more than this unsent means that the peer does not read. */
const MAX_UNSENT_BYTES = 2048;

export class ModbusTcpPort extends EventEmitter implements ModbusTransport {
  /** Read and set by modbus-serial: the slot of the next request, and of the reply just handed over. */
  _transactionIdWrite = 1;
  _transactionIdRead = 1;
  isOpen = false;
  readonly #address: { host: string; port: number };
  readonly #onEnded: (why: string) => void;
  #socket: Socket | null = null;
  #received: Buffer = Buffer.alloc(0);
  /** Transaction id on the wire → slot. */
  readonly #out = new Map<number, number>();
  #lastId = 0;

  readonly #onStray: (bytes: number) => void;

  /** @param o.onStray a reply came that nobody waits for any more, of so many bytes */
  constructor(o: { host: string; port: number; onEnded: (why: string) => void; onStray?: (bytes: number) => void }) {
    super();
    this.#onStray = o.onStray ?? (() => {});
    this.#address = { host: o.host, port: o.port };
    this.#onEnded = o.onEnded;
  }

  open(callback: (error?: Error) => void): void {
    const socket = connect({ ...this.#address, noDelay: true });
    this.#socket = socket;
    socket.once("connect", () => {
      this.isOpen = true;
      callback();
    });
    socket.on("data", (chunk) => this.#receive(chunk));
    socket.on("error", (error) => this.#end(error.message));
    socket.on("end", () => this.#end("closed by the device"));
    socket.on("close", () => this.#end("closed"));
  }

  /** modbus-serial's wish; the end is a reset all the same. */
  close(callback?: () => void): void {
    this.reset();
    callback?.();
  }

  /** Nothing of this connection is sent or heard any more, not by our kernel's resending either. */
  reset(): void {
    this.isOpen = false;
    const socket = this.#socket;
    this.#socket = null;
    socket?.resetAndDestroy();
  }

  /** A request as modbus-serial builds it: unit, function code, data, CRC. On the wire before this returns. */
  write(request: Buffer): void {
    const socket = this.#socket;
    if (socket === null) return;
    if (socket.writableLength > MAX_UNSENT_BYTES) return this.#end("the device does not read what it is sent");
    this.#lastId = (this.#lastId + 1) & 0xffff;
    const length = request.length - 2;
    const frame = Buffer.allocUnsafe(HEADER_BYTES + length);
    frame.writeUInt16BE(this.#lastId, 0);
    frame.writeUInt16BE(0, 2);
    frame.writeUInt16BE(length, 4);
    request.copy(frame, HEADER_BYTES, 0, length);
    this.#remember(this.#lastId);
    socket.write(frame);
  }

  #remember(id: number): void {
    this.#out.set(id, this._transactionIdWrite);
    this._transactionIdWrite = (this._transactionIdWrite % SLOTS) + 1;
    if (this.#out.size <= MAX_OUT) return;
    for (const oldest of this.#out.keys()) {
      this.#out.delete(oldest);
      return;
    }
  }

  #receive(chunk: Buffer): void {
    if (this.#socket === null) return;
    let bytes = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    while (bytes.length >= HEADER_BYTES) {
      const length = bytes.readUInt16BE(4);
      if (bytes.readUInt16BE(2) !== 0 || length < MIN_LENGTH || length > MAX_LENGTH)
        return this.#end("the device sent something that is not Modbus TCP");
      if (bytes.length < HEADER_BYTES + length) break;
      this.#deliver(bytes.readUInt16BE(0), bytes.subarray(HEADER_BYTES, HEADER_BYTES + length));
      // A reply may have led to a reset.
      if (this.#socket === null) return;
      bytes = bytes.subarray(HEADER_BYTES + length);
    }
    this.#received = bytes;
  }

  #deliver(id: number, reply: Buffer): void {
    const slot = this.#out.get(id);
    if (slot === undefined) {
      return this.#onStray(reply.length);
    }
    this.#out.delete(id);
    this._transactionIdRead = slot;
    // modbus-serial speaks RTU inside and checks a CRC that Modbus TCP does not have.
    const withCrc = Buffer.allocUnsafe(reply.length + 2);
    reply.copy(withCrc);
    withCrc.writeUInt16LE(crc16(reply), reply.length);
    this.emit("data", withCrc);
  }

  #end(why: string): void {
    if (this.#socket === null) return;
    this.reset();
    this.#onEnded(why);
  }
}
