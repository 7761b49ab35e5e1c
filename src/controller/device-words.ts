// Says in the log what the drivers of devices have to say for themselves: each new word once, and no flood of them.
import type { Log } from "../process/log.ts";
import type { Plant } from "./plant.ts";

/** A device has one new word in this time at most; the newest is said then. */
const QUIET_NS = 10e9;

export class DeviceWords {
  readonly #log: Pick<Log, "warn">;
  readonly #said = new Map<string, { text: string; atNs: number }>();

  constructor(log: Pick<Log, "warn">) {
    this.#log = log;
  }

  /** @param nowNs monotonic */
  look(devices: ReturnType<Plant["health"]>, nowNs: number): void {
    for (const { deviceId, lastError, connected, armed } of devices) {
      if (typeof deviceId !== "string" || typeof lastError !== "string") continue;
      const said = this.#said.get(deviceId);
      if (said?.text === lastError || (said !== undefined && nowNs - said.atNs < QUIET_NS)) continue;
      this.#said.set(deviceId, { text: lastError, atNs: nowNs });
      this.#log.warn({ deviceId, connected, armed }, `device ${deviceId}: ${lastError}`);
    }
  }
}
