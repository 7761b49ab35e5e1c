// Requests to bytes and back through modbus-serial, with the unit in each call and every echo compared.
import type { EventEmitter } from "node:events";
import ModbusRTU from "modbus-serial";
import type { MachineWireEvents } from "./machine-port.ts";
import type { BusRequest } from "./request.ts";

export type ModbusWireEvents = Omit<MachineWireEvents, "noticed">;

/** What carries the telegrams: a port object of modbus-serial's. Emits "data" with one whole reply, check sum and all. */
export interface ModbusTransport extends EventEmitter {
  _transactionIdWrite: number;
  _transactionIdRead: number;
  isOpen: boolean;
  open(callback: (error?: Error) => void): void;
  close(callback?: () => void): void;
  /** A whole request, check sum and all; handed to the system before it returns. */
  write(request: Buffer): void;
  reset(): void;
  /** Reads what has come already. Left out: its replies are told when the system's turn comes. */
  catchUp?(): void;
}

/** What a transport has to say besides its replies. */
export interface TransportEvents {
  /** Once for each connection or attempt, and not after `reset`. */
  ended(why: string): void;
  /** The reply to the last request was damaged beyond reading. */
  missed(why: string): void;
}

export interface ModbusWireOptions {
  unit: number;
  /** A new transport for each connection. */
  transport(events: TransportEvents): ModbusTransport;
  /** Replies that make no sense are noise, as on a serial line, and no reason to end the connection. */
  isNoisy?: boolean;
  events: ModbusWireEvents;
}

/** modbus-serial's error for an exception reply carries its code; every other error means a reply that makes no sense. */
type ModbusError = Error & { modbusCode?: number };

export class ModbusWire {
  readonly #options: ModbusWireOptions;
  #port: ModbusTransport | null = null;
  #lastTag = 0;
  #client: InstanceType<typeof ModbusRTU.default> | null = null;

  constructor(options: ModbusWireOptions) {
    this.#options = options;
  }

  connect(): void {
    const { events } = this.#options;
    const transport = this.#options.transport({
      ended: (why) => {
        if (this.#port === transport) this.#forget();
        events.ended(why);
      },
      missed: (why) => events.missed(this.#lastTag, why),
    });
    this.#port = transport;
    this.#client = new ModbusRTU.default(transport);
    this.#client.open(() => events.connected());
  }

  reset(): void {
    this.#port?.reset();
    this.#forget();
  }

  catchUp(): void {
    this.#port?.catchUp?.();
  }

  /** On the wire before this returns. Deadlines are the scheduler's: modbus-serial's own timer stays off. */
  send(tag: number, request: BusRequest): void {
    const client = this.#client;
    if (client === null) return;
    const { unit } = this.#options;
    this.#lastTag = tag;
    switch (request.kind) {
      case "readCoils":
        return client.writeFC1(unit, request.address, request.count, this.#bits(tag, request.count));
      case "readInputs":
        return client.writeFC2(unit, request.address, request.count, this.#bits(tag, request.count));
      case "readHolding":
        return client.writeFC3(unit, request.address, request.count, this.#registers(tag, request.count));
      case "readRegisters":
        return client.writeFC4(unit, request.address, request.count, this.#registers(tag, request.count));
      case "writeCoil": {
        const { address, on } = request;
        return client.writeFC5(unit, address, on, this.#written(tag, { address, state: on }));
      }
      case "writeRegister": {
        const { address, value } = request;
        return client.writeFC6(unit, address, value, this.#written(tag, { address, value }));
      }
      case "writeCoils": {
        const { address, on } = request;
        return client.writeFC15(unit, address, [...on], this.#written(tag, { address, length: on.length }));
      }
      case "writeRegisters": {
        const { address, values } = request;
        return client.writeFC16(unit, address, [...values], this.#written(tag, { address, length: values.length }));
      }
    }
  }

  /** modbus-serial believes the reply's own byte count, and would take its CRC for data. */
  #registers(tag: number, count: number) {
    return (error: ModbusError | null, result: { data: number[] } | undefined): void => {
      if (error !== null || result === undefined) return this.#failed(tag, error);
      if (result.data.length !== count)
        return this.#broken(tag, `asked for ${count} registers, came ${result.data.length}`);
      this.#options.events.reply(tag, { kind: "values", values: result.data });
    };
  }

  #bits(tag: number, count: number) {
    return (error: ModbusError | null, result: { buffer: Buffer } | undefined): void => {
      if (error !== null || result === undefined) return this.#failed(tag, error);
      if (result.buffer.length !== Math.ceil(count / 8))
        return this.#broken(tag, `asked for ${count} bits, came ${result.buffer.length} bytes`);
      this.#options.events.reply(tag, { kind: "values", values: wordsOfBits(result.buffer) });
    };
  }

  /** A write is answered by its own address and value, or count (6.5, 6.6 and 6.12 of the application protocol). */
  #written(tag: number, wanted: Readonly<Record<string, number | boolean>>) {
    return (error: ModbusError | null, echo: object | undefined): void => {
      if (error !== null || echo === undefined) return this.#failed(tag, error);
      const seen = echo as Record<string, unknown>;
      if (Object.keys(wanted).every((key) => seen[key] === wanted[key]))
        return this.#options.events.reply(tag, { kind: "written" });
      this.#broken(tag, `the echo of a write differs: wrote ${JSON.stringify(wanted)}, came ${JSON.stringify(seen)}`);
    };
  }

  #failed(tag: number, error: ModbusError | null): void {
    if (error?.modbusCode === undefined) return this.#broken(tag, error?.message ?? "empty reply");
    this.#options.events.reply(tag, { kind: "exception", code: error.modbusCode });
  }

  /** A reply that makes no sense says nothing of what was done, and the next one may make none either. */
  #broken(tag: number, why: string): void {
    if (this.#options.isNoisy === true) return this.#options.events.missed(tag, `reply makes no sense: ${why}`);
    this.reset();
    this.#options.events.ended(`reply makes no sense: ${why}`);
  }

  #forget(): void {
    this.#port = null;
    this.#client = null;
  }
}

/** Two bytes to a word, the first bit in bit 0. */
function wordsOfBits(bytes: Buffer): number[] {
  const words: number[] = [];
  for (let i = 0; i < bytes.length; i += 2) words.push((bytes[i] ?? 0) | ((bytes[i + 1] ?? 0) << 8));
  return words;
}
