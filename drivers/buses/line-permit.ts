// A run or infeed permit on a relay: the wanted state, written at once and again whenever the relay differs from it.
import { coilWrite, registerWrite, type WriteStyle } from "../gates/output-target.ts";
import type { DeviceImage } from "../inputs/device-image.ts";
import type { PermitOutput } from "../inputs/wiring.ts";
import type { Job, JobHost, JobOwner } from "./job.ts";
import { type NumberFormat, numberFrom, registersOf } from "./number-format.ts";
import { type BusRequest, exceptionText } from "./request.ts";

export class LinePermit {
  readonly #output: PermitOutput;
  readonly #format: NumberFormat;
  readonly #writes: WriteStyle;
  readonly #host: JobHost;
  #isWanted: boolean | null = null;
  /** The relay as last read or written on this connection. */
  #isOn: boolean | null = null;
  #job: { job: Job; on: boolean } | null = null;

  constructor(o: { output: PermitOutput; format: NumberFormat; writes: WriteStyle; host: JobHost }) {
    this.#output = o.output;
    this.#format = { ...o.format, bits: 16 };
    this.#writes = o.writes;
    this.#host = o.host;
  }

  get isDropped(): boolean {
    return this.#isOn === false;
  }

  /** @param o.mayMove the device's watchdog runs; raised without it, nothing would let it fall */
  want(isAllowed: boolean, o: { mayMove: boolean }): void {
    this.#isWanted = isAllowed;
    if (this.#job?.on === isAllowed) return;
    // An "on" that has not gone out yet must not follow the "off" that overtakes it.
    if (this.#job !== null) this.#host.drop(this.#job.job);
    this.#job = null;
    if (!isAllowed || o.mayMove) this.#write(isAllowed);
  }

  lost(): void {
    this.#isOn = null;
    this.#job = null;
  }

  /** The relay read back; a tripped watchdog drops it, and a late "on" out of an old socket may have switched it. */
  sampled(image: DeviceImage, o: { mayMove: boolean }): void {
    const output = this.#output;
    this.#seen("coil" in output ? image.coil(output.coil) : this.#isOnBy(image.holding, output.register), o);
  }

  #seen(isOn: boolean, o: { mayMove: boolean }): void {
    this.#isOn = isOn;
    const isWanted = this.#isWanted;
    if (isWanted === null || isWanted === isOn || this.#job !== null) return;
    if (!isWanted || o.mayMove) this.#write(isWanted);
  }

  #write(on: boolean): void {
    if (!this.#host.isOpen()) return;
    const job: Job = { purpose: this.#owner(on), request: this.#request(on), probe: this.#readBack() };
    this.#job = { job, on };
    // Dropping a permit is a withdrawal: before all else. Raising one can wait for gates.
    this.#host.add(on ? "readBack" : "withdrawal", job);
  }

  #request(on: boolean): BusRequest {
    const output = this.#output;
    if ("coil" in output) return coilWrite(output.coil, [on], this.#writes);
    return registerWrite(output.register, registersOf(on ? output.on : output.off, this.#format), this.#writes);
  }

  #readBack(): BusRequest {
    const output = this.#output;
    return "coil" in output
      ? { kind: "readCoils", address: output.coil, count: 1 }
      : { kind: "readHolding", address: output.register, count: 1 };
  }

  /** What is not "off" may let it run. */
  #isOnBy(registers: ArrayLike<number>, at: number): boolean {
    return "register" in this.#output && numberFrom(registers, at, this.#format) !== this.#output.off;
  }

  #owner(on: boolean): JobOwner {
    const ended = (): void => {
      if (this.#job?.on === on) this.#job = null;
    };
    return {
      answered: (reply) => {
        ended();
        if (reply.kind === "written") this.#isOn = on;
        if (reply.kind === "exception") this.#host.complain(`line permit: ${exceptionText(reply)}`);
      },
      overdue: ended,
      probed: (reply) => {
        if (reply.kind !== "values") return;
        const isOn = "coil" in this.#output ? ((reply.values[0] ?? 0) & 1) === 1 : this.#isOnBy(reply.values, 0);
        this.#seen(isOn, { mayMove: false });
      },
      lost: ended,
    };
  }
}
