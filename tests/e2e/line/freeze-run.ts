// The gates' PLC freezes under traffic, for shorter and for longer than its timeouts.
import { sleep } from "../line-rig.ts";
import { type DisturbedRun, disturbedRun } from "./disturbed-run.ts";

/** From less than a reply's timeout to far beyond the watchdog's; ms. */
const FREEZE_MS = { min: 50, max: 3000 };

export function freezeRun(o: { times: number; seed: number }): Promise<DisturbedRun> {
  return disturbedRun({
    ...o,
    forMs: FREEZE_MS,
    async disturb(line, forMs) {
      await line.rig.inject({ kind: "freeze", deviceId: "plc1", forNs: forMs * 1e6 });
      await sleep(forMs);
    },
  });
}
