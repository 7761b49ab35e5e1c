// One serial line with several Modbus units: one exchange at a time, silence between, dead units tried seldom.
import { type OpenSerialPort, openSerialPort, type SerialSettings } from "../../serial/serial-port.ts";
import { SharedLine } from "../bus-seat.ts";
import { ProbeSlots } from "./probe-slots.ts";
import { type Echo, ReplyReader } from "./reply-reader.ts";
import { type RtuLineSettings, type RtuTiming, rtuTiming } from "./timing.ts";

/** What the line says to one unit's transport. */
export interface LineUnit {
  /** Address on the line; the same over all its connections. */
  address: number;
  timeoutMs: number;
  /** It may be tried now. */
  opened(): void;
  reply(frame: Buffer): void;
  missed(why: string): void;
  ended(why: string): void;
}

export interface LineCounts {
  /** Bytes that were part of no reply that was waited for. */
  noiseBytes: number;
  /** Replies that were damaged beyond reading. */
  damaged: number;
  /** Times the port was lost. */
  portLosses: number;
}

/** To be written, so that what lies unread is read. */
const NOTHING = Buffer.alloc(0);
const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 2000;
/** A pause this long within a reply ends it: adapters hand bytes over in bursts. */
const LONGEST_PAUSE_MS = 20;

interface Exchange {
  unit: LineUnit;
  reader: ReplyReader;
}

type TimerName = "retry" | "slot" | "pause" | "free";

export class RtuLine {
  readonly timing: RtuTiming;
  readonly shared: SharedLine;
  readonly counts: LineCounts = { noiseBytes: 0, damaged: 0, portLosses: 0 };
  readonly #settings: SerialSettings;
  readonly #nowNs: () => number;
  readonly #openPort: typeof openSerialPort;
  /** By address, whoever is or wants to be connected. */
  readonly #units = new Map<number, LineUnit>();
  readonly #slots = new ProbeSlots<number>();
  readonly #wakes: (() => void)[] = [];
  #port: OpenSerialPort | null = null;
  #state: "closed" | "opening" | "open" | "lost" = "closed";
  #echo: Echo = null;
  #exchange: Exchange | null = null;
  #retryMs = FIRST_RETRY_MS;
  #users = 0;
  readonly #timers: Partial<Record<TimerName, NodeJS.Timeout>> = {};

  /** @param o.openPort left out: a serial port of this machine */
  constructor(o: {
    path: string;
    settings: RtuLineSettings;
    nowNs: () => number;
    openPort?: typeof openSerialPort | undefined;
  }) {
    this.#settings = { path: o.path, dataBits: 8, ...o.settings };
    this.#nowNs = o.nowNs;
    this.#openPort = o.openPort ?? openSerialPort;
    this.timing = rtuTiming(o.settings);
    const { silenceNs, longestNs } = this.timing;
    this.shared = new SharedLine({ silenceNs, longestNs, onFree: () => this.#wakeAll() });
  }

  /** Called when the line has become free: each member may then ask for it. */
  onFree(wake: () => void): void {
    this.#wakes.push(wake);
  }

  /** A device lives on this line; the port is closed when the last one has gone. */
  use(): void {
    this.#users += 1;
  }

  unuse(): void {
    this.#users -= 1;
    if (this.#users === 0) this.#close();
  }

  /** The unit wants to be tried; it is told when it may be. */
  ask(unit: LineUnit): void {
    this.#units.set(unit.address, unit);
    this.#slots.ask(unit.address);
    if (this.#state === "closed") void this.#open();
    else this.#offerSlots();
  }

  /** The unit is done with this connection. */
  leave(unit: LineUnit): void {
    if (this.#exchange?.unit === unit) this.#exchange = null;
    if (this.#units.get(unit.address) !== unit) return;
    this.#units.delete(unit.address);
    if (this.#slots.drop(unit.address)) this.#offerSlots();
  }

  /** What has come and was not read yet, because this process was kept from it, is heard now. */
  catchUp(): void {
    this.#port?.write(NOTHING);
  }

  /** A whole telegram; it is handed to the system before this returns. */
  send(unit: LineUnit, request: Buffer): void {
    const port = this.#port;
    this.#clear("pause");
    // What lies unread belongs to nobody any more.
    this.#exchange = null;
    if (port === null || !port.write(NOTHING)) return;
    this.#exchange = { unit, reader: new ReplyReader({ request, echo: this.#echo }) };
    if (!port.write(request)) this.#lost("the line takes no more bytes");
  }

  async #open(): Promise<void> {
    if (this.#users === 0) return;
    this.#state = "opening";
    let port: OpenSerialPort;
    try {
      port = await this.#openPort(this.#settings);
    } catch (error) {
      return this.#lost(error instanceof Error ? error.message : String(error));
    }
    if (this.#users === 0 || this.#state !== "opening") return port.close();
    this.#port = port;
    this.#state = "open";
    this.#retryMs = FIRST_RETRY_MS;
    // Another adapter may have been put in.
    this.#echo = null;
    port.listen({ bytes: (bytes) => this.#heard(bytes), ended: (reason) => this.#lost(reason) });
    this.#slots.opened();
    this.#offerSlots();
  }

  #heard(bytes: Uint8Array): void {
    const exchange = this.#exchange;
    if (exchange === null) {
      this.counts.noiseBytes += bytes.length;
      return this.shared.noise(this.#nowNs());
    }
    const reading = exchange.reader.push(bytes);
    switch (reading.kind) {
      case "more":
        return this.#awaitMore(exchange);
      case "collision":
        return this.#damaged(exchange, "the line heard something else than it sent");
      case "reply":
        this.#clear("pause");
        this.#exchange = null;
        this.#echo = reading.echo;
        this.counts.noiseBytes += reading.noise;
        if (this.#slots.answered(exchange.unit.address)) this.#offerSlots();
        return exchange.unit.reply(Buffer.from(reading.frame));
    }
  }

  /** Bytes enough for a reply, and then silence: it will not get better. */
  #awaitMore(exchange: Exchange): void {
    this.#clear("pause");
    const pause = setTimeout(() => {
      // The rest may have come while this process stood: then it is no pause.
      this.catchUp();
      if (this.#timers.pause !== pause || this.#exchange !== exchange) return;
      if (exchange.reader.isDamaged) this.#damaged(exchange, "the reply was damaged");
    }, LONGEST_PAUSE_MS);
    this.#timers.pause = pause;
  }

  #damaged(exchange: Exchange, why: string): void {
    this.#clear("pause");
    this.#exchange = null;
    this.counts.damaged += 1;
    exchange.unit.missed(why);
  }

  #offerSlots(): void {
    this.#clear("slot");
    if (this.#state !== "open") return;
    const nowNs = this.#nowNs();
    const address = this.#slots.take(nowNs, (each) => (this.#units.get(each)?.timeoutMs ?? 0) * 1e6);
    const unit = address === null ? undefined : this.#units.get(address);
    // Not within the turn of whoever asked: a machine is not told of its connection while it asks for one.
    if (unit !== undefined) setImmediate(() => this.#state === "open" && unit.opened());
    const { dueNs } = this.#slots;
    if (dueNs === Number.POSITIVE_INFINITY) return;
    this.#timers.slot = setTimeout(() => this.#offerSlots(), Math.max(0, Math.ceil((dueNs - nowNs) / 1e6)));
  }

  #lost(reason: string): void {
    if (this.#state === "closed" || this.#state === "lost") return;
    this.#state = "lost";
    this.counts.portLosses += 1;
    this.#exchange = null;
    const port = this.#port;
    this.#port = null;
    if (port !== null) void port.close();
    this.#timers.retry = setTimeout(() => void this.#open(), this.#retryMs);
    this.#retryMs = Math.min(2 * this.#retryMs, LONGEST_RETRY_MS);
    const units = [...this.#units.values()];
    setImmediate(() => {
      for (const unit of units) unit.ended(reason);
    });
  }

  #close(): void {
    this.#state = "closed";
    for (const name of ["retry", "slot", "pause", "free"] as const) this.#clear(name);
    const port = this.#port;
    this.#port = null;
    if (port !== null) void port.close();
  }

  /** After the silence that parts two telegrams; whoever is next begins, the others go on waiting. */
  #wakeAll(): void {
    this.#clear("free");
    this.#timers.free = setTimeout(
      () => {
        for (const wake of this.#wakes) wake();
      },
      Math.ceil(this.timing.silenceNs / 1e6),
    );
  }

  #clear(name: TimerName): void {
    clearTimeout(this.#timers[name]);
    delete this.#timers[name];
  }
}
