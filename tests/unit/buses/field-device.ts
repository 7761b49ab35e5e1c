// A device of the field in memory: four tables, refusals, and a machine that is driven against it in virtual time.
import type { PlcEvent } from "../../../drivers/buses/job.ts";
import { PlcMachine } from "../../../drivers/buses/plc-machine.ts";
import type { PlcAction, PlcInput } from "../../../drivers/buses/plc-steps.ts";
import type { GatePermit } from "../../../drivers/buses/port.ts";
import type { BusReply, BusRequest } from "../../../drivers/buses/request.ts";
import { modbusTcpDeviceSchema } from "../../../drivers/buses/schema.ts";
import type { PlcWiring } from "../../../drivers/inputs/wiring.ts";

export const MS = 1e6;
export const NOTHING: PlcWiring = { encoders: [], eyes: [], signals: [], drives: [], gates: [], linePermits: [] };

export class FieldDevice {
  readonly coils = new Map<number, boolean>();
  readonly inputs = new Map<number, boolean>();
  readonly holding = new Map<number, number>();
  readonly registers = new Map<number, number>();
  /** Answers with this exception instead; null: as it should. */
  refuse: (request: BusRequest) => number | null = () => null;
  /** True: the request is carried out and not answered. */
  isSilent: (request: BusRequest) => boolean = () => false;
  /** What a write does besides. */
  onWrite: (request: BusRequest) => void = () => {};

  serve(request: BusRequest): BusReply {
    const code = this.refuse(request);
    if (code !== null) return { kind: "exception", code };
    switch (request.kind) {
      case "readCoils":
        return this.#bits(this.coils, request);
      case "readInputs":
        return this.#bits(this.inputs, request);
      case "readHolding":
        return this.#words(this.holding, request);
      case "readRegisters":
        return this.#words(this.registers, request);
      case "writeCoil":
        this.coils.set(request.address, request.on);
        break;
      case "writeCoils":
        for (const [index, on] of request.on.entries()) this.coils.set(request.address + index, on);
        break;
      case "writeRegister":
        this.holding.set(request.address, request.value);
        break;
      case "writeRegisters":
        for (const [index, value] of request.values.entries()) this.holding.set(request.address + index, value);
        break;
    }
    this.onWrite(request);
    return { kind: "written" };
  }

  #bits(table: Map<number, boolean>, { address, count }: { address: number; count: number }): BusReply {
    const values = new Array<number>(Math.ceil(count / 16)).fill(0);
    for (let i = 0; i < count; i += 1)
      if (table.get(address + i) === true) values[i >> 4] = (values[i >> 4] ?? 0) | (1 << (i & 15));
    return { kind: "values", values };
  }

  #words(table: Map<number, number>, { address, count }: { address: number; count: number }): BusReply {
    return { kind: "values", values: Array.from({ length: count }, (_, i) => table.get(address + i) ?? 0) };
  }
}

const REPLY_NS = 0.2 * MS;

/** Machine and device on one clock; each reply takes 0.2 ms, and the loop lives unless told otherwise. */
export class Bench {
  nowNs = 0;
  isLoopAlive = true;
  readonly device = new FieldDevice();
  readonly machine: PlcMachine;
  readonly requests: { atNs: number; request: BusRequest }[] = [];
  readonly events: PlcEvent[] = [];
  readonly looks: number[] = [];
  /** Last looks that say no. */
  readonly forbidden = new Set<number>();
  #connection = 0;
  #due: { atNs: number; input: PlcInput; connection: number }[] = [];

  constructor(o: { device?: object; wiring?: Partial<PlcWiring> }) {
    const config = { id: "io", driver: "modbus-tcp", host: "bench", timeoutMs: 50, pollMs: 5, ...o.device };
    this.machine = new PlcMachine({
      device: modbusTcpDeviceSchema.parse(config),
      wiring: { ...NOTHING, ...o.wiring },
      lastLook: (id) => {
        this.looks.push(id);
        return !this.forbidden.has(id);
      },
    });
    this.input({ kind: "open" });
  }

  input(input: PlcInput): void {
    for (const action of this.machine.handle(input, this.nowNs)) this.#perform(action);
  }

  /** Until so many ms from now. */
  run(forMs: number): void {
    const untilNs = this.nowNs + forMs * MS;
    for (;;) {
      const [next] = this.#due.sort((a, b) => a.atNs - b.atNs);
      const lifeNs = (Math.floor(this.nowNs / MS) + 1) * MS;
      const atNs = Math.min(
        next?.atNs ?? Number.POSITIVE_INFINITY,
        Math.max(this.nowNs, this.machine.wakeAtNs()),
        lifeNs,
      );
      if (atNs > untilNs) break;
      this.nowNs = atNs;
      if (this.isLoopAlive && atNs === lifeNs) this.machine.alive(atNs);
      if (next !== undefined && next.atNs <= atNs) {
        this.#due.shift();
        if (next.connection === this.#connection) this.input(next.input);
      } else this.input({ kind: "wake" });
    }
    this.nowNs = untilNs;
  }

  permit(id: number, o: Partial<GatePermit> = {}): void {
    const times = { fromNs: this.nowNs, untilNs: this.nowNs + 100 * MS };
    const permit = { id, gateId: "g", chuteId: "c1", ...times, window: null, maxOutMs: 40, ...o };
    this.input({ kind: "permit", permit });
  }

  get isArmed(): boolean {
    const last = this.events.findLast((event) => event.kind === "device");
    return last?.kind === "device" && last.armed;
  }

  outcomes(id: number): string[] {
    return this.events.flatMap((event) => (event.kind === "command" && event.id === id ? [event.outcome] : []));
  }

  get positions(): string[] {
    return this.events.flatMap((event) => (event.kind === "gate" ? [event.position] : []));
  }

  /** Writes that went out since. */
  writes(fromNs = 0): BusRequest[] {
    return this.requests
      .filter(({ atNs, request }) => atNs >= fromNs && !("count" in request))
      .map((each) => each.request);
  }

  #perform(action: PlcAction): void {
    switch (action.kind) {
      case "connect":
        this.#connection += 1;
        this.#due.push({ atNs: this.nowNs + REPLY_NS, input: { kind: "connected" }, connection: this.#connection });
        return;
      case "reset":
        this.#connection += 1;
        return;
      case "send": {
        this.requests.push({ atNs: this.nowNs, request: action.request });
        const isSilent = this.device.isSilent(action.request);
        const reply = this.device.serve(action.request);
        if (isSilent) return;
        const input: PlcInput = { kind: "reply", tag: action.tag, reply };
        this.#due.push({ atNs: this.nowNs + REPLY_NS, input, connection: this.#connection });
        return;
      }
      case "event":
        this.events.push(action.event);
        return;
      case "closed":
        return;
      default:
        action satisfies never;
    }
  }
}
