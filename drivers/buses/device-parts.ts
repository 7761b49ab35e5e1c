// What a device's machine is made of: gates, line permits, watchdog, polls and sampler, by configuration and wiring.
import { gatesOf } from "../gates/gate-of.ts";
import { GateSet } from "../gates/gate-set.ts";
import { InputSampler, sampledDevice } from "../inputs/sampler.ts";
import type { PlcWiring } from "../inputs/wiring.ts";
import type { JobHost } from "./job.ts";
import { LinePermit } from "./line-permit.ts";
import { formatOf } from "./number-format.ts";
import { PollCycle, type Sample } from "./poll-cycle.ts";
import type { MachineDevice } from "./schema.ts";
import type { Watchdog } from "./watchdogs/watchdog.ts";
import { watchdogOf } from "./watchdogs/watchdog-of.ts";

/** One timeout for a request, one for the question after it. */
const BLIND_TIMEOUTS = 2;

export interface DevicePartsOptions {
  device: MachineDevice;
  wiring: PlcWiring;
  host: JobHost;
  onSample: (sample: Sample) => void;
}

export class DeviceParts {
  readonly gates: GateSet;
  readonly linePermits: ReadonlyMap<string, LinePermit>;
  readonly watchdog: Watchdog;
  readonly poll: PollCycle;
  readonly #sampler: InputSampler;
  readonly #host: JobHost;
  readonly #validInput: number | undefined;
  #seesUntilNs = Number.NEGATIVE_INFINITY;

  constructor({ device, wiring, host, onSample }: DevicePartsOptions) {
    const format = formatOf(device);
    const { writes } = device;
    this.#host = host;
    this.#validInput = wiring.validInput;
    this.watchdog = watchdogOf(device.watchdog, host);
    this.gates = new GateSet(device.id, gatesOf({ deviceId: device.id, wiring, format, writes, host }));
    this.linePermits = new Map(
      wiring.linePermits.map(({ id, ...output }) => [id, new LinePermit({ output, format, writes, host })]),
    );
    this.poll = new PollCycle({ device, wiring, watched: this.watchdog.reads, host, onSample });
    this.#sampler = new InputSampler(wiring, sampledDevice(device), format);
  }

  opened(nowNs: number): void {
    this.watchdog.opened();
    this.poll.opened(nowNs);
    this.gates.opened();
  }

  lost(nowNs: number): void {
    this.#seesUntilNs = Number.NEGATIVE_INFINITY;
    this.watchdog.lost();
    this.poll.lost();
    this.#sampler.lost();
    for (const permit of this.linePermits.values()) permit.lost();
    this.gates.lost(nowNs);
  }

  /**
   * The poll just read shows what eyes and counters see. One that does not counts as left out, and after as long as a silent
   * device is waited for there is nothing to be read of it.
   */
  sees(nowNs: number): boolean {
    if (!this.#isBlind) {
      this.#seesUntilNs = nowNs + BLIND_TIMEOUTS * this.#host.timeoutNs;
      return true;
    }
    if (nowNs <= this.#seesUntilNs) return true;
    this.#sampler.lost();
    return false;
  }

  sampled(sample: Sample, nowNs: number): void {
    const { image } = this.poll;
    this.watchdog.sampled(image, sample.nowNs);
    if (this.#isBlind) this.#sampler.signals(image, this.#host.emit);
    else this.#sampler.sampled(image, sample, this.#host.emit);
    this.gates.sampled(image, sample);
    if (!sample.outputsRead) return;
    const mayMove = this.watchdog.isRunning(nowNs);
    for (const permit of this.linePermits.values()) permit.sampled(image, { mayMove });
  }

  /** The device itself does not know what its eyes and counters see. */
  get #isBlind(): boolean {
    return this.#validInput !== undefined && !this.poll.image.input(this.#validInput);
  }

  /** The driver ends: gates home, permits off. */
  dropAll(): void {
    this.gates.withdrawAll();
    for (const permit of this.linePermits.values()) permit.want(false, { mayMove: false });
  }

  get isEverythingDropped(): boolean {
    if (!this.gates.isSettled) return false;
    for (const permit of this.linePermits.values()) if (!permit.isDropped) return false;
    return true;
  }
}
