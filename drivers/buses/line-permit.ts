// A run or infeed permit on a relay: the wanted state, written at once and again whenever the relay differs from it.
import type { Job, JobHost, JobOwner } from "./job.ts";
import type { BusRequest } from "./request.ts";

export class LinePermit {
  readonly coil: number;
  readonly #host: JobHost;
  #isWanted: boolean | null = null;
  /** The relay as last read or written on this connection. */
  #isOn: boolean | null = null;
  #job: { job: Job; on: boolean } | null = null;

  constructor(o: { coil: number; host: JobHost }) {
    this.coil = o.coil;
    this.#host = o.host;
  }

  get isDropped(): boolean {
    return this.#isOn === false;
  }

  want(isAllowed: boolean): void {
    this.#isWanted = isAllowed;
    if (this.#job?.on === isAllowed) return;
    // An "on" that has not gone out yet must not follow the "off" that overtakes it.
    if (this.#job !== null) this.#host.drop(this.#job.job);
    this.#job = null;
    this.#write(isAllowed);
  }

  lost(): void {
    this.#isOn = null;
    this.#job = null;
  }

  /** The relay read back; a tripped watchdog drops it, and a late "on" out of an old socket may have switched it. */
  sampled(isOn: boolean, o: { mayMove: boolean }): void {
    this.#isOn = isOn;
    const isWanted = this.#isWanted;
    if (isWanted === null || isWanted === isOn || this.#job !== null) return;
    if (!isWanted || o.mayMove) this.#write(isWanted);
  }

  #write(on: boolean): void {
    if (!this.#host.isOpen()) return;
    const request: BusRequest = { kind: "writeCoil", address: this.coil, on };
    const probe: BusRequest = { kind: "readCoils", address: this.coil, count: 1 };
    const job: Job = { purpose: this.#owner(on), request, probe };
    this.#job = { job, on };
    // Dropping a permit is a withdrawal: before all else. Raising one can wait for gates.
    this.#host.add(on ? "readBack" : "withdrawal", job);
  }

  #owner(on: boolean): JobOwner {
    const ended = (): void => {
      if (this.#job?.on === on) this.#job = null;
    };
    return {
      answered: (reply) => {
        ended();
        if (reply.kind === "written") this.#isOn = on;
        if (reply.kind === "exception")
          this.#host.complain(`line permit on coil ${this.coil}: exception ${reply.code}`);
      },
      overdue: ended,
      probed: (reply) => {
        if (reply.kind === "values") this.sampled(((reply.values[0] ?? 0) & 1) === 1, { mayMove: false });
      },
      lost: ended,
    };
  }
}
