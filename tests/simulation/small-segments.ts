// Runs of the virtual line whose journals have several checkpoints, for the tests that play them again.
import { simulate } from "../../simulators/virtual/simulate.ts";
import type { Simulated, SimulationOptions } from "../../simulators/virtual/simulation.ts";
import { drawnFaults, exampleSite } from "./virtual-run.ts";

export const LIMIT_NS = 120e9;
/** Small enough that a run of a minute has several checkpoints. */
export const SMALL = { segmentBytes: 150_000, sliceChars: 20_000 };

export const sites = { "common-line": exampleSite("common-line"), "plain-coils": exampleSite("plain-coils") } as const;

/** With the faults of the seed, unless told otherwise. */
export function runOf(
  o: Partial<Omit<SimulationOptions, "site">> & { site: keyof typeof sites; seed: number },
): Simulated {
  const { site, seed, ...rest } = o;
  const faults = drawnFaults(seed, sites[site]);
  return simulate({ parcels: 40, faults, limitNs: LIMIT_NS, journalLimits: SMALL, ...rest, site: sites[site], seed });
}

export const same = { difference: null, passedOver: [] } as const;

/** While storage is full no inputs are written: the only thing that a run with faults may leave out. */
export const isDiskFull = ({ why }: { why: string }): boolean => why.includes("the disk was full");
