// A serial line of simulated PLCs on a virtual clock (fake timers): each telegram of it may meet a trouble of its own.
import { vi } from "vitest";
import type { PlcPort } from "../../../../drivers/buses/port.ts";
import { openModbusRtu, RtuLines } from "../../../../drivers/buses/rtu/modbus-rtu.ts";
import type { PlcWiring } from "../../../../drivers/inputs/wiring.ts";
import type { OpenSerialPort, SerialPortEvents } from "../../../../drivers/serial/serial-port.ts";
import { decodeRequest, encodeReply } from "../../../../simulators/wired/plc/pdu.ts";
import { PlcProgram } from "../../../../simulators/wired/plc/program.ts";
import { withSum } from "../../../../simulators/wired/plc/rtu-telegrams.ts";
import { HeardEvents } from "../../../contract/heard-events.ts";
import { deviceOn } from "../../../contract/rtu-rig.ts";
import { plan, wiring } from "../../../contract/small-plant.ts";
import { VirtualTerminals } from "../../../simulation/virtual-terminals.ts";
import { NOTHING } from "../field-device.ts";

export const TIMEOUT_MS = 40;
/** Of one exchange on this line, the device's thinking included. */
const WIRE_MS = 2;

/** What one telegram meets. `port lost`: the port ends in its place, or with its reply under way. */
export const TROUBLES = [
  "request lost",
  "reply lost",
  "reply late",
  "reply damaged",
  "reply cut short",
  "noise before the reply",
  "port lost before it",
  "port lost after it",
] as const;
export type Trouble = (typeof TROUBLES)[number];

class Unit {
  readonly terminals = new VirtualTerminals();
  readonly program = new PlcProgram({ plan: plan(), terminals: this.terminals });

  serve(pdu: Buffer, nowNs: number): Buffer {
    this.terminals.nowNs = nowNs;
    this.program.scan(nowNs);
    const request = decodeRequest(pdu);
    return encodeReply(pdu, request.kind === "exception" ? request : this.program.serve(request, nowNs));
  }
}

/** The wire behind the port, and the units on it. */
export class VirtualLine {
  readonly #units = new Map<number, Unit>();
  #open: { events: SerialPortEvents | null } | null = null;
  /** What has come while the loop stood. */
  #unread: Uint8Array[] = [];
  #stands = false;
  #skippedMs = 0;
  isPlugged = true;
  /** The loop stands when the first half of the next reply has been read. */
  standsWithinNext = false;
  /** Replies take so much longer. */
  delayMs = 0;
  /** Units that neither hear nor answer. */
  readonly deaf = new Set<number>();
  /** Telegrams sent so far, whoever they were for. */
  readonly sent: { unit: number; code: number }[] = [];
  /** What the telegram of this number meets, counted from 0. */
  trouble: (nth: number) => Trouble | null = () => null;

  constructor(count: number) {
    for (let unit = 1; unit <= count; unit += 1) this.#units.set(unit, new Unit());
  }

  readonly openPort = async (): Promise<OpenSerialPort> => {
    if (!this.isPlugged) throw new Error("no such port");
    const port: { events: SerialPortEvents | null } = { events: null };
    this.#open = port;
    return {
      isLowLatency: true,
      listen: (events) => {
        port.events = events;
      },
      write: (bytes) => {
        if (this.#open !== port) return false;
        this.#readAll();
        return bytes.length === 0 || this.#written(Buffer.from(bytes));
      },
      close: async () => {
        port.events = null;
        if (this.#open === port) this.#open = null;
      },
    };
  };

  readonly nowNs = (): number => (performance.now() + this.#skippedMs) * 1e6;

  /** Time passes in which nothing runs. */
  skip(ms: number): void {
    this.#skippedMs += ms;
  }

  /** The loop gets to its timers and callers, and not to its ports; when it goes on it reads what has come. */
  stand(on: boolean): void {
    this.#stands = on;
    if (!on) this.#readAll();
  }

  /** The port ends; whoever has it open is told in the turn of a later event. */
  lose(): void {
    const port = this.#open;
    this.#open = null;
    setTimeout(() => port?.events?.ended("unplugged"), 0);
  }

  hear(bytes: Uint8Array): void {
    if (this.#stands) this.#unread.push(bytes);
    else this.#open?.events?.bytes(bytes);
  }

  #readAll(): void {
    for (const bytes of this.#unread.splice(0)) this.#open?.events?.bytes(bytes);
  }

  /** Of this unit's plain gate. */
  isOut(unit: number): boolean {
    return this.#units.get(unit)?.terminals.isOn(1) ?? false;
  }

  #written(frame: Buffer): boolean {
    const [address = 0, code = 0] = frame;
    const trouble = this.trouble(this.sent.length);
    this.sent.push({ unit: address, code });
    if (trouble === "port lost before it") {
      this.lose();
      return true;
    }
    const unit = this.#units.get(address);
    if (unit === undefined || this.deaf.has(address) || trouble === "request lost") return true;
    const reply = withSum(Buffer.concat([Buffer.from([address]), unit.serve(frame.subarray(1, -2), this.nowNs())]));
    if (trouble === "port lost after it") this.lose();
    else this.#answer(reply, trouble);
    return true;
  }

  #answer(reply: Buffer, trouble: Trouble | null): void {
    if (trouble === "reply lost") return;
    if (trouble === "reply damaged") reply[reply.length - 1] = (reply.at(-1) ?? 0) ^ 0xff;
    const heard = trouble === "reply cut short" ? reply.subarray(0, -2) : reply;
    const bytes = trouble === "noise before the reply" ? Buffer.concat([Buffer.from([0, 3, 255]), heard]) : heard;
    const lateMs = trouble === "reply late" ? TIMEOUT_MS + 5 : 0;
    const { standsWithinNext } = this;
    this.standsWithinNext = false;
    const half = standsWithinNext ? Math.floor(bytes.length / 2) : 0;
    setTimeout(
      () => {
        this.hear(bytes.subarray(0, half));
        if (standsWithinNext) this.stand(true);
        this.hear(bytes.subarray(half));
      },
      WIRE_MS + this.delayMs + lateMs,
    );
  }
}

export interface LineUnderTest {
  line: VirtualLine;
  units: { plc: PlcPort; heard: HeardEvents }[];
  /** Lets virtual time pass. */
  run(ms: number): Promise<void>;
  /** Until all of them are armed; so many ms it took, or as many as it was given. */
  armedAfter(withinMs: number): Promise<number>;
  close(): Promise<void>;
}

/** Only looks: no gate, no permit, no watchdog. */
const watching: PlcWiring = { ...NOTHING, signals: [{ id: "seen", input: 0 }] };

/**
 * Units 1 to `count`, each with the small plant; nothing has been sent yet.
 * @param o.watching those of them that only have an input to be read
 */
export function openLine(count: number, o: { line?: VirtualLine; watching?: readonly number[] } = {}): LineUnderTest {
  const { line = new VirtualLine(count) } = o;
  const { nowNs } = line;
  const lines = new RtuLines(nowNs, line.openPort);
  const units = Array.from({ length: count }, (_, index) => {
    const unit = index + 1;
    const looksOnly = o.watching?.includes(unit) ?? false;
    const keys = { id: `plc${unit}`, unit, timeoutMs: TIMEOUT_MS, ...(looksOnly ? { watchdog: undefined } : {}) };
    const device = deviceOn("/dev/line", keys);
    const plc = openModbusRtu({ device, wiring: looksOnly ? watching : wiring, lines, nowNs });
    return { plc, heard: new HeardEvents() };
  });
  const life = setInterval(() => {
    for (const { plc } of units) plc.alive();
  }, 10);
  for (const { plc, heard } of units) {
    plc.alive();
    plc.open(heard);
  }
  const run = async (ms: number): Promise<void> => void (await vi.advanceTimersByTimeAsync(ms));
  return {
    ...{ line, units, run },
    armedAfter: async (withinMs) => {
      for (let ms = 0; ms < withinMs; ms += 1) {
        if (units.every(({ heard }) => heard.isArmed)) return ms;
        await run(1);
      }
      return withinMs;
    },
    close: async () => {
      const closed = Promise.all(units.map(({ plc }) => plc.close(200)));
      await run(300);
      await closed;
      clearInterval(life);
    },
  };
}
