// The watch over loop and kernel, with a terminal of its own as the probe.
import { openTtyEcho } from "../../drivers/serial/tty-echo.ts";
import type { Log } from "../process/log.ts";
import { type LoopWatch, loopWatch, NO_PROBE } from "./loop-watch.ts";

/** Without a probe, which the log then says, only the loop is watched. */
export function openPortWatch(log: Pick<Log, "warn">): LoopWatch & { close(): void } {
  const echo = openTtyEcho();
  if (typeof echo !== "string") return { ...loopWatch(echo), close: echo.close };
  log.warn(echo);
  return { ...loopWatch(NO_PROBE), close: () => undefined };
}
