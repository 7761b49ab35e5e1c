// Writes a simulated line's journal into a folder, segment by segment, so that a day of it need not be held in memory.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { simulate } from "../../simulators/virtual/simulate.ts";
import type { SimulationOptions } from "../../simulators/virtual/simulation.ts";

export interface SimulatedJournal {
  simulatedNs: number;
  /** Per belt; from the first parcel in to the last one out. */
  parcelsPerHour: number;
  finished: boolean;
}

const LIMIT_NS = 48 * 3600e9;

export function simulatedJournal(o: SimulationOptions & { folder: string; parcels: number }): SimulatedJournal {
  const { folder, ...options } = o;
  const put = (name: string, bytes: Buffer): void => writeFileSync(join(folder, name), bytes);
  const run = simulate({ limitNs: LIMIT_NS, keepsNothing: true, ...options, onClosed: put });
  for (const [name, { bytes }] of run.disk) put(name, bytes);
  return {
    simulatedNs: run.endedNs,
    parcelsPerHour: Math.round((o.parcels * 3600e9) / run.endedNs),
    finished: run.finished,
  };
}
