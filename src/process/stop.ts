// Decides how a process ends on SIGTERM and SIGINT: once cleanly, the second time at once.
import { exitCode } from "./exit-code.ts";

/**
 * Runs `stop` at the first signal and ends with its outcome: 0, or 1 when it threw or took longer than `withinMs`.
 * A second signal ends the process at once.
 * @returns takes the handlers off again, for a process that ends by itself
 */
export function onStop(stop: (signal: string) => Promise<void>, o: { withinMs: number }): () => void {
  let stopping = false;
  const onSignal = (signal: string): void => {
    if (stopping) process.exit(exitCode.stoppedTwice);
    stopping = true;
    const late = setTimeout(() => {
      process.stderr.write(`coline: not stopped ${o.withinMs} ms after ${signal}, ending all the same\n`);
      process.exit(exitCode.failed);
    }, o.withinMs);
    stop(signal).then(
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
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
  return () => {
    process.off("SIGTERM", onSignal);
    process.off("SIGINT", onSignal);
  };
}
