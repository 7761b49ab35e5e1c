// The byte port of one unit under modbus-serial: its requests go to the line, its replies come from there.
import { EventEmitter } from "node:events";
import type { ModbusTransport, TransportEvents } from "../modbus-wire.ts";
import type { LineUnit, RtuLine } from "./rtu-line.ts";

/**
 * modbus-serial's own buffered RTU port takes any reply of the right length for the one it waits for, and keeps what is
 * left over for the next. This one is handed whole telegrams that answer this very request.
 */
export class RtuUnitPort extends EventEmitter implements ModbusTransport, LineUnit {
  _transactionIdWrite = 1;
  _transactionIdRead = 1;
  isOpen = false;
  readonly address: number;
  readonly timeoutMs: number;
  readonly #line: RtuLine;
  readonly #events: TransportEvents;
  #onOpen: (() => void) | null = null;

  constructor(o: { line: RtuLine; address: number; timeoutMs: number; events: TransportEvents }) {
    super();
    this.address = o.address;
    this.timeoutMs = o.timeoutMs;
    this.#line = o.line;
    this.#events = o.events;
  }

  /** Calls back when the unit may be tried. */
  open(callback: (error?: Error) => void): void {
    this.#onOpen = callback;
    this.#line.ask(this);
  }

  close(callback?: () => void): void {
    this.reset();
    callback?.();
  }

  reset(): void {
    this.isOpen = false;
    this.#onOpen = null;
    this.#line.leave(this);
  }

  write(request: Buffer): void {
    if (this.isOpen) this.#line.send(this, request);
  }

  catchUp(): void {
    if (this.isOpen) this.#line.catchUp();
  }

  opened(): void {
    const onOpen = this.#onOpen;
    this.#onOpen = null;
    if (onOpen === null) return;
    this.isOpen = true;
    onOpen();
  }

  reply(frame: Buffer): void {
    if (this.isOpen) this.emit("data", frame);
  }

  missed(why: string): void {
    if (this.isOpen) this.#events.missed(why);
  }

  ended(why: string): void {
    if (!this.isOpen && this.#onOpen === null) return;
    this.reset();
    this.#events.ended(why);
  }
}
