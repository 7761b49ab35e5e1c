// When the device's count is echoed, and whether its watchdog can be taken to run.
import type { Job, JobHost, JobOwner } from "./job.ts";
import type { ModbusTcpDevice } from "./schema.ts";

type WatchdogConfig = NonNullable<ModbusTcpDevice["watchdog"]>;

/** So many echoes must have been taken before the device may move anything. */
const ECHOES_TO_RUN = 3;
/** Six echoes in a timeout: four may be lost or late before the device trips. */
const ECHOES_PER_TIMEOUT = 6;
/** The loop must have said that it lives within this share of the timeout, and at least within 20 ms. */
const ALIVE_SHARE = 1 / 8;
const MIN_ALIVE_NS = 20e6;

export class WatchdogEcho {
  readonly #config: WatchdogConfig | null;
  readonly #host: JobHost;
  readonly #timeoutNs: number;
  #aliveNs = Number.NEGATIVE_INFINITY;
  #count: number | null = null;
  #countChangedNs = Number.NEGATIVE_INFINITY;
  #echoed: number | null = null;
  #lastTakenNs = Number.NEGATIVE_INFINITY;
  #taken = 0;
  #isOut = false;

  constructor(o: { config: WatchdogConfig | null; host: JobHost }) {
    this.#config = o.config;
    this.#host = o.host;
    this.#timeoutNs = (o.config?.timeoutMs ?? 0) * 1e6;
  }

  /** The controller's own loop lives; the only thing that keeps the device armed. */
  alive(nowNs: number): void {
    this.#aliveNs = nowNs;
  }

  /** True without a watchdog too: there is nothing that could trip. */
  isRunning(nowNs: number): boolean {
    if (this.#config === null) return true;
    // Half the timeout: the device must be known as disarmed before it is.
    return this.#taken >= ECHOES_TO_RUN && nowNs - this.#lastTakenNs < this.#timeoutNs / 2;
  }

  /** When `isRunning` turns false if nothing happens. */
  get stopsAtNs(): number {
    return this.#config !== null && this.#taken >= ECHOES_TO_RUN
      ? this.#lastTakenNs + this.#timeoutNs / 2
      : Number.POSITIVE_INFINITY;
  }

  lost(): void {
    this.#taken = 0;
    this.#count = null;
    this.#echoed = null;
    this.#isOut = false;
  }

  tripped(): void {
    if (this.#config !== null) this.#taken = 0;
  }

  /** The device's count as of the poll just read. */
  sampled(registers: Uint16Array, nowNs: number): void {
    if (this.#config === null) return;
    const count = registers[this.#config.counterRegister] ?? 0;
    if (count !== this.#count) this.#countChangedNs = nowNs;
    else if (nowNs - this.#countChangedNs > this.#timeoutNs && this.#taken > 0) {
      this.#host.complain("the watchdog's counter stands still: is the device's program running?");
      this.#taken = 0;
    }
    this.#count = count;
    if (this.#isDue(nowNs)) this.#echo(this.#config, count);
  }

  #isDue(nowNs: number): boolean {
    if (this.#isOut || this.#count === this.#echoed) return false;
    if (nowNs - this.#aliveNs > Math.max(MIN_ALIVE_NS, this.#timeoutNs * ALIVE_SHARE)) return false;
    return this.#taken < ECHOES_TO_RUN || nowNs - this.#lastTakenNs >= this.#timeoutNs / ECHOES_PER_TIMEOUT;
  }

  #echo(config: WatchdogConfig, count: number): void {
    const done = (): void => {
      this.#isOut = false;
    };
    const owner: JobOwner = {
      answered: (reply, { sentNs }) => {
        done();
        if (reply.kind === "written") {
          this.#taken = Math.min(ECHOES_TO_RUN, this.#taken + 1);
          // The device's own time runs from when it took the echo, which is not before it was sent.
          this.#lastTakenNs = sentNs;
        } else if (reply.kind === "exception") {
          this.#host.complain(`the watchdog's echo was refused with exception ${reply.code}`);
          this.#taken = 0;
        }
      },
      overdue: done,
      probed: done,
      lost: done,
    };
    const request = { kind: "writeRegister" as const, address: config.echoRegister, value: count };
    const probe = { kind: "readRegisters" as const, address: config.counterRegister, count: 1 };
    const job: Job = { purpose: owner, request, probe };
    this.#isOut = true;
    this.#echoed = count;
    this.#host.add("readBack", job);
  }
}
