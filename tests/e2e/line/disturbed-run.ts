// Endless traffic that is disturbed again and again, and the evidence of it.

import { delivered } from "../../../simulators/world/checkers/delivered.ts";
import { createRandom, type Random } from "../../../simulators/world/random.ts";
import { type LineRig, type LineRigOptions, type LineRun, sleep, startLine } from "../line-rig.ts";

export interface DisturbedRun extends LineRun {
  /** How long each disturbance was, ms. */
  lastedMs: readonly number[];
  /** Of the parcels that came when it was over: due in an outbound chute, and delivered. */
  after: { due: number; delivered: number };
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
  const readyNs = line.nowNs();
  const { fed } = await line.rig.status();
  await line.until("undisturbed parcels", async () => (await line.rig.status()).fed >= fed + UNDISTURBED);
  await line.trafficDone();
  const run = await line.finish();
  return { ...run, lastedMs, after: deliveredAfter(run, readyNs) };
}

const UNDISTURBED = 10;

function deliveredAfter({ evidence }: LineRun, fromNs: number): { due: number; delivered: number } {
  const parcels = evidence.truth.parcels.filter(({ fedNs }) => fedNs > fromNs);
  return delivered({ ...evidence, truth: { ...evidence.truth, parcels } });
}
