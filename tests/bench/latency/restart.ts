// How long after kill -9 the controller sorts again, with the whole release cache: from its start to a command at a gate.
import type { Devices, Running } from "./processes.ts";

export interface RestartFigures {
  /** From the start of the new process to its first command at a gate, ms, one a restart, in order of size. */
  toFirstCommandMs: readonly number[];
}

const RATE_PER_S = 100;
const BEFORE_MS = 1500;
/** So long may a restart take; parcels come all the while. */
const WITHIN_MS = 10_000;

export const PARCELS_PER_RESTART = ((BEFORE_MS + WITHIN_MS) / 1000) * RATE_PER_S;

/** @throws when no command comes within 10 s */
export async function measureRestarts(o: {
  restarts: number;
  firstParcel: number;
  devices: Devices;
  start: () => Running;
}): Promise<RestartFigures> {
  const times: number[] = [];
  let controller = o.start();
  for (let count = 0; count < o.restarts; count += 1) {
    await o.devices.ready(60_000);
    const firstParcel = o.firstParcel + count * PARCELS_PER_RESTART;
    const shift = o.devices.shift({ ratePerS: RATE_PER_S, parcels: PARCELS_PER_RESTART, warmUp: 0, firstParcel });
    await new Promise((resolve) => setTimeout(resolve, BEFORE_MS));
    const ended = new Promise((resolve) => controller.child.once("exit", resolve));
    controller.child.kill("SIGKILL");
    await ended;
    const startedNs = Number(process.hrtime.bigint());
    controller = o.start();
    const { parcels } = await shift;
    const arrivedNs = parcels.flatMap(({ atNs, ns }) => (ns === null || atNs + ns <= startedNs ? [] : [atNs + ns]));
    if (arrivedNs.length === 0) throw new Error(`no command within ${WITHIN_MS} ms of a restart`);
    times.push((Math.min(...arrivedNs) - startedNs) / 1e6);
  }
  await controller.stop();
  return { toFirstCommandMs: times.sort((a, b) => a - b) };
}

export function restartReport({ toFirstCommandMs }: RestartFigures): string {
  const at = (index: number): string => `${((toFirstCommandMs[index] ?? 0) / 1000).toFixed(2)} s`;
  const middle = at(Math.floor(toFirstCommandMs.length / 2));
  return `restart: first command at a gate ${middle} after kill -9 and start (median of ${toFirstCommandMs.length}, longest ${at(toFirstCommandMs.length - 1)})`;
}
