// What a device's machine is made of: gates, line permits, watchdog, polls and sampler, by configuration and wiring.
import { gatesOf } from "../gates/gate-of.ts";
import { GateSet } from "../gates/gate-set.ts";
import { InputSampler, sampledDevice } from "../inputs/sampler.ts";
import type { PlcWiring } from "../inputs/wiring.ts";
import type { JobHost } from "./job.ts";
import { LinePermit } from "./line-permit.ts";
import { formatOf } from "./number-format.ts";
import { PollCycle, type Sample } from "./poll-cycle.ts";
import type { ModbusDevice } from "./schema.ts";
import type { Watchdog } from "./watchdogs/watchdog.ts";
import { watchdogOf } from "./watchdogs/watchdog-of.ts";

export interface DevicePartsOptions {
  device: ModbusDevice;
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

  constructor({ device, wiring, host, onSample }: DevicePartsOptions) {
    const format = formatOf(device);
    const { writes } = device;
    this.#host = host;
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
    this.watchdog.lost();
    this.poll.lost();
    this.#sampler.lost();
    for (const permit of this.linePermits.values()) permit.lost();
    this.gates.lost(nowNs);
  }

  sampled(sample: Sample, nowNs: number): void {
    const { image } = this.poll;
    this.watchdog.sampled(image, sample.nowNs);
    this.#sampler.sampled(image, sample, this.#host.emit);
    this.gates.sampled(image, sample);
    if (!sample.outputsRead) return;
    const mayMove = this.watchdog.isRunning(nowNs);
    for (const permit of this.linePermits.values()) permit.sampled(image, { mayMove });
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
