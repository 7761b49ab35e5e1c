// Endless traffic that is disturbed again and again, and sorted when that is over; and the evidence of it.
import { createRandom, type Random } from "../../../simulators/world/random.ts";
import { type LineRig, type LineRigOptions, type LineRun, sleep, startLine } from "../line-rig.ts";

export interface DisturbedRun extends LineRun {
  /** How long each disturbance was, ms. */
  lastedMs: readonly number[];
}

export interface DisturbedRunOptions {
  times: number;
  seed: number;
  rig?: Partial<LineRigOptions>;
  /** Begins the disturbance and settles when it is over. */
  disturb(line: LineRig, forMs: number): Promise<void>;
  /** Range from which the length of each is drawn, ms. */
  forMs: { min: number; max: number };
}

/** Parcels that leave when it is over: without them the line has not come back. */
const SORTED_AGAIN = 5;

/** Traffic between two disturbances: from one that meets a line not yet sorting again, to one that meets a full belt. */
const BETWEEN_MS = { min: 300, max: 5000 };

export async function disturbedRun(o: DisturbedRunOptions): Promise<DisturbedRun> {
  const random: Random = createRandom(o.seed);
  const line = await startLine({ parcels: null, seed: o.seed, ...o.rig });
  await line.rig.startTraffic();
  const lastedMs: number[] = [];
  while (lastedMs.length < o.times) {
    await sleep(random.integer(BETWEEN_MS.min, BETWEEN_MS.max));
    const forMs = random.integer(o.forMs.min, o.forMs.max);
    await o.disturb(line, forMs);
    lastedMs.push(forMs);
    await line.ready();
  }
  await line.sorted(SORTED_AGAIN);
  await line.trafficDone();
  return { ...(await line.finish()), lastedMs };
}
