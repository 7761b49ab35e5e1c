// The cable to the PLCs is pulled under traffic and plugged in again, so that our own kernel sends again what it holds.
import { sleep } from "../line-rig.ts";
import { layCable } from "./cable.ts";
import { type DisturbedRun, disturbedRun } from "./disturbed-run.ts";

/** From less than the kernel's first resending (200 ms) to several of them; ms. */
const CUT_MS = { min: 50, max: 4000 };

/** Needs what `whyNoCable` asks for. */
export function cutRun(o: { times: number; seed: number }): Promise<DisturbedRun> {
  const cable = layCable();
  return disturbedRun({
    ...o,
    rig: { atHost: { plc1: cable.host, permits: cable.host }, rig: { plcNetwork: cable.network } },
    forMs: CUT_MS,
    async disturb(_, forMs) {
      cable.pull();
      await sleep(forMs);
      cable.plug();
    },
  });
}
