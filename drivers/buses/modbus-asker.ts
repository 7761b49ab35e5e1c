// Asks a device one question after the other, each with a deadline: for tools and tests, not for gates.
import { ModbusTcpPort } from "./modbus-port.ts";
import { type ModbusTransport, ModbusWire, type TransportEvents } from "./modbus-wire.ts";
import type { BusReply, BusRequest } from "./request.ts";
import { RtuLine } from "./rtu/rtu-line.ts";
import { RtuUnitPort } from "./rtu/rtu-port.ts";
import type { RtuLineSettings } from "./rtu/timing.ts";

export type ModbusPlace = { host: string; port: number } | { path: string; settings: RtuLineSettings };

export interface ModbusAsker {
  /** Resolves with the reply. @throws Error when there is none in time, or the connection ends */
  ask(request: BusRequest): Promise<BusReply>;
  close(): void;
}

/** @throws Error when there is no connection in time */
export async function openAsker(o: { place: ModbusPlace; unit: number; timeoutMs: number }): Promise<ModbusAsker> {
  const { place, unit, timeoutMs } = o;
  const carrier = "host" in place ? tcp(place) : rtu(place, { unit, timeoutMs });
  let pending: { tag: number; resolve: (reply: BusReply) => void; reject: (error: Error) => void } | null = null;
  let lastTag = 0;
  const fail = (why: string): void => pending?.reject(new Error(why));
  let connected: () => void = () => {};
  const wire = new ModbusWire({
    unit,
    isNoisy: !("host" in place),
    transport: carrier.transport,
    events: {
      connected: () => connected(),
      reply: (tag, reply) => pending?.tag === tag && pending.resolve(reply),
      missed: (tag, why) => pending?.tag === tag && fail(why),
      ended: fail,
    },
  });
  const within = <T>(what: string, begin: (resolve: (value: T) => void, reject: (error: Error) => void) => void) =>
    new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(what)), timeoutMs);
      begin(
        (value) => {
          clearTimeout(timer);
          resolve(value);
        },
        (error) => {
          clearTimeout(timer);
          reject(error);
        },
      );
    });
  const close = (): void => {
    wire.reset();
    carrier.close();
  };
  try {
    await within<void>(`no connection within ${timeoutMs} ms`, (resolve, reject) => {
      connected = () => resolve();
      pending = { tag: -1, resolve: () => {}, reject };
      wire.connect();
    });
  } catch (error) {
    close();
    throw error;
  }
  return {
    ask: (request) =>
      within(`no reply within ${timeoutMs} ms`, (resolve, reject) => {
        lastTag += 1;
        pending = { tag: lastTag, resolve, reject };
        wire.send(lastTag, request);
      }),
    close,
  };
}

interface Carrier {
  transport(events: TransportEvents): ModbusTransport;
  close(): void;
}

const tcp = (place: { host: string; port: number }): Carrier => ({
  transport: ({ ended }) => new ModbusTcpPort({ ...place, onEnded: ended }),
  close: () => {},
});

function rtu(place: { path: string; settings: RtuLineSettings }, o: { unit: number; timeoutMs: number }): Carrier {
  const line = new RtuLine({ ...place, nowNs: () => Number(process.hrtime.bigint()) });
  line.use();
  return {
    transport: (events) => new RtuUnitPort({ line, address: o.unit, timeoutMs: o.timeoutMs, events }),
    close: () => line.unuse(),
  };
}
