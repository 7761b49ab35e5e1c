// When the device's count is echoed, and whether its watchdog can be taken to run.
import type { DeviceImage } from "../../inputs/device-image.ts";
import type { Job, JobHost, JobOwner } from "../job.ts";
import type { EchoConfig } from "./schema.ts";
import { aliveForNs, FEEDS_PER_TIMEOUT, type Watchdog, type WatchedRegisters } from "./watchdog.ts";

/** So many echoes must have been taken before the device may move anything. */
const ECHOES_TO_RUN = 3;

export class WatchdogEcho implements Watchdog {
  readonly reads: WatchedRegisters;
  readonly #config: EchoConfig;
  readonly #host: JobHost;
  readonly #timeoutNs: number;
  #aliveNs = Number.NEGATIVE_INFINITY;
  #count: number | null = null;
  #countChangedNs = Number.NEGATIVE_INFINITY;
  #echoed: number | null = null;
  #lastTakenNs = Number.NEGATIVE_INFINITY;
  #taken = 0;
  #isOut = false;

  constructor(o: { config: EchoConfig; host: JobHost }) {
    this.#config = o.config;
    this.#host = o.host;
    this.#timeoutNs = o.config.timeoutMs * 1e6;
    this.reads = [{ from: "inputRegisters", span: { address: o.config.counterRegister, count: 1 } }];
  }

  alive(nowNs: number): void {
    this.#aliveNs = nowNs;
  }

  /** Requests do not feed it: they may go on while the loop stands. */
  isStarving(): boolean {
    return false;
  }

  isRunning(nowNs: number): boolean {
    // Half the timeout: the device must be known as disarmed before it is.
    return this.#taken >= ECHOES_TO_RUN && nowNs - this.#lastTakenNs < this.#timeoutNs / 2;
  }

  get stopsAtNs(): number {
    return this.#taken >= ECHOES_TO_RUN ? this.#lastTakenNs + this.#timeoutNs / 2 : Number.POSITIVE_INFINITY;
  }

  opened(): void {}

  answered(): void {}

  lost(): void {
    this.#taken = 0;
    this.#count = null;
    this.#echoed = null;
    this.#isOut = false;
  }

  tripped(): void {
    this.#taken = 0;
  }

  sampled(image: DeviceImage, nowNs: number): void {
    const count = image.registers[this.#config.counterRegister] ?? 0;
    if (count !== this.#count) this.#countChangedNs = nowNs;
    else if (nowNs - this.#countChangedNs > this.#timeoutNs && this.#taken > 0) {
      this.#host.complain("the watchdog's counter stands still: is the device's program running?");
      this.#taken = 0;
    }
    this.#count = count;
    if (this.#isDue(nowNs)) this.#echo(count);
  }

  #isDue(nowNs: number): boolean {
    if (this.#isOut || this.#count === this.#echoed) return false;
    if (nowNs - this.#aliveNs > aliveForNs(this.#timeoutNs)) return false;
    return this.#taken < ECHOES_TO_RUN || nowNs - this.#lastTakenNs >= this.#timeoutNs / FEEDS_PER_TIMEOUT;
  }

  #echo(count: number): void {
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
    const request = { kind: "writeRegister" as const, address: this.#config.echoRegister, value: count };
    const probe = { kind: "readRegisters" as const, address: this.#config.counterRegister, count: 1 };
    const job: Job = { purpose: owner, request, probe };
    this.#isOut = true;
    this.#echoed = count;
    this.#host.add("readBack", job);
  }
}
