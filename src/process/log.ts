// The log of a process: JSON lines on stderr that never make the process wait and never grow without bound.
import { type Logger, pino } from "pino";

export type Log = Logger;

export interface LogHandle {
  log: Logger;
  /** Lines lost because the reader of stderr was too slow or gone. */
  dropped(): number;
  /** Writes out what is buffered; to be called last. */
  flush(): void;
}

/**
 * Measured on a stalled stdout for 3 s: a synchronous destination blocked the loop for 2.9 s, an asynchronous one
 * without a bound grew; with 1 MiB it loses lines and counts them.
 * Not to be called between a scan and its command: one call costs up to 3 ms at worst.
 */
export function openLog(name: string, o: { level?: string; fd?: number } = {}): LogHandle {
  let dropped = 0;
  const destination = pino.destination({
    dest: o.fd ?? 2,
    sync: false,
    maxLength: 1 << 20,
  });
  destination.on("drop", () => {
    dropped += 1;
  });
  // EPIPE when the reader is gone: nobody is left to tell, the counter is in the metrics.
  destination.on("error", () => {
    dropped += 1;
  });
  const level = o.level ?? process.env["COLINE_LOG_LEVEL"] ?? "info";
  const log = pino(
    {
      name,
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    destination,
  );
  return { log, dropped: () => dropped, flush: () => flush(destination) };
}

function flush(destination: ReturnType<typeof pino.destination>): void {
  try {
    destination.flushSync();
  } catch {
    // Not open yet or already broken: there is nowhere left to write.
  }
}
