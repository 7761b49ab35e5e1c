// Decides how a process ends on SIGTERM and SIGINT (and with its parent): once cleanly, the second time at once.
import { exitCode } from "./exit-code.ts";

/** Set by `coline run` for its children: their stdin is a pipe that nothing is ever written to. */
export const STOP_WITH_PARENT = { COLINE_STOP_WITH: "stdin" } as const;

/**
 * Runs `stop` at the first signal and ends with its outcome: 0, or 1 when it threw or took longer than `withinMs`.
 * A second signal ends the process at once. A child of `coline run` also stops when its parent is gone, however that
 * went: then the pipe on its stdin ends.
 * @returns takes the handlers off again, for a process that ends by itself
 */
export function onStop(stop: (why: string) => Promise<void>, o: { withinMs: number }): () => void {
  let stopping = false;
  const begin = (why: string): void => {
    if (stopping) return;
    stopping = true;
    const late = setTimeout(() => {
      process.stderr.write(`coline: not stopped ${o.withinMs} ms after ${why}, ending all the same\n`);
      process.exit(exitCode.failed);
    }, o.withinMs);
    stop(why).then(
      () => {
        clearTimeout(late);
        process.exit(exitCode.done);
      },
      (error: unknown) => {
        process.stderr.write(`coline: stopping failed: ${error instanceof Error ? error.stack : String(error)}\n`);
        process.exit(exitCode.failed);
      },
    );
  };
  const onSignal = (signal: string): void => {
    if (stopping) process.exit(exitCode.stoppedTwice);
    begin(signal);
  };
  const onParentGone = (): void => begin("the end of its parent");
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
  const hasParent = process.env["COLINE_STOP_WITH"] === STOP_WITH_PARENT.COLINE_STOP_WITH;
  if (hasParent) {
    process.stdin.on("end", onParentGone);
    process.stdin.on("error", onParentGone);
    process.stdin.resume();
    (process.stdin as unknown as { unref?(): void }).unref?.();
  }
  return () => {
    process.off("SIGTERM", onSignal);
    process.off("SIGINT", onSignal);
    if (hasParent) process.stdin.pause();
  };
}
