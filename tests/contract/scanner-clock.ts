// The controller's clock for scanners under test: the loop of this process, watched as the controller watches its own.
import { afterAll } from "vitest";
import type { ScannerClock } from "../../drivers/scanners/clock.ts";
import { openTtyEcho } from "../../drivers/serial/tty-echo.ts";
import { openPortWatch } from "../../src/controller/open-port-watch.ts";

export const nowNs = (): number => Number(process.hrtime.bigint());

/** To be called once a file, at its top: what watches the loop ends with the file's tests. */
export function scannerClock(): ScannerClock {
  const echo = openTtyEcho();
  if (typeof echo === "string") throw new Error(echo);
  const watch = openPortWatch({ warn: () => undefined }, echo);
  const turns = setInterval(() => watch.turned(nowNs()), 3);
  afterAll(() => {
    clearInterval(turns);
    watch.close();
  });
  return {
    nowNs,
    heardAfterNs: watch.heardAfterNs,
    setTimer(delayMs, run) {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
  };
}
