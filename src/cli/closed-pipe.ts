// Decides how a command ends that writes to a pipe whose reader has gone, as in `coline journal SITE | head`: quietly.
import { exitCode } from "../process/exit-code.ts";

export interface Reader {
  /** Nobody reads standard output any more. */
  readonly isGone: boolean;
  /** Of a service: it runs on without a reader, since a line does not stop because nobody looks. */
  isNotNeeded(): void;
}

/**
 * A command that ends in an order of its own (it listens to Ctrl-C, since it has started processes or holds a device) is
 * told to, as by Ctrl-C; any other ends at once. Standard error without a reader stops nothing: who has gone was only told
 * of the work.
 */
export function endWithReader(): Reader {
  let isGone = false;
  let isNeeded = true;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (isGone || !isNeeded) return;
    if (error.code !== "EPIPE") return failed(error);
    isGone = true;
    if (process.listenerCount("SIGINT") === 0) process.exit(exitCode.readerGone);
    process.kill(process.pid, "SIGINT");
  });
  process.stderr.on("error", () => {
    // There is nowhere to say it.
  });
  return {
    get isGone() {
      return isGone;
    },
    isNotNeeded() {
      isNeeded = false;
    },
  };
}

/** A full disk behind `> file`: what is there must not pass for the whole. */
function failed(error: Error): never {
  process.stderr.write(`coline: standard output cannot be written: ${error.message}\n`);
  process.exit(exitCode.failed);
}
