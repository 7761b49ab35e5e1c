// The watch over loop and kernel, with a terminal of its own as the probe.
import { openTtyEcho, type TtyEcho } from "../../drivers/serial/tty-echo.ts";
import type { Log } from "../process/log.ts";
import { type LoopWatch, loopWatch, NO_PROBE, type Probe } from "./loop-watch.ts";

/** Without a probe, which the log then says, only the loop is watched. */
export function openPortWatch(log: Pick<Log, "warn">, echo = openTtyEcho()): LoopWatch & { close(): void } {
  if (typeof echo !== "string") return { ...loopWatch(lasting(echo, log)), close: echo.close };
  log.warn(echo);
  return { ...loopWatch(NO_PROBE), close: () => undefined };
}

/** A terminal that does not answer is changed for another one: until a probe is back, telegrams name nobody. */
function lasting(echo: TtyEcho, log: Pick<Log, "warn">): Probe {
  return {
    send: echo.send,
    isBack: echo.isBack,
    renew() {
      try {
        log.warn(`the probe for telegrams that come late is sent through another terminal: ${echo.renew()}`);
      } catch (error) {
        // Asked again when the next one is overdue.
        log.warn(`no other terminal for the probe, and no telegram names a parcel: ${(error as Error).message}`);
      }
    },
  };
}
