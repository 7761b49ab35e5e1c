// One driver for each scanner of the site, by its `driver` key.
import type { ScannerClock } from "../../drivers/scanners/clock.ts";
import type { ScannerPort } from "../../drivers/scanners/port.ts";
import { SerialScanner } from "../../drivers/scanners/serial-scanner.ts";
import type { Site } from "../config/load.ts";

/** Nothing is opened yet. */
export function openScanners(site: Site, clock: Pick<ScannerClock, "nowNs" | "heardAfterNs">): readonly ScannerPort[] {
  return site.line.scanners.map(
    (config) =>
      new SerialScanner({
        config,
        clock: {
          ...clock,
          setTimer(delayMs, run) {
            const timer = setTimeout(run, delayMs);
            return () => clearTimeout(timer);
          },
        },
      }),
  );
}
