// One driver for each scanner of the site, by its `driver` key.

import { scannerOf } from "../../drivers/registry.ts";
import type { ScannerClock } from "../../drivers/scanners/clock.ts";
import type { ScannerPort } from "../../drivers/scanners/port.ts";
import type { Site } from "../config/load.ts";

/** Nothing is opened yet. */
export function openScanners(
  site: Site,
  clock: Pick<ScannerClock, "nowNs" | "heardAfterNs">,
): Promise<readonly ScannerPort[]> {
  const timed: ScannerClock = {
    ...clock,
    setTimer(delayMs, run) {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
  };
  return Promise.all(site.line.scanners.map((config) => scannerOf(config, timed)));
}
