// What controller and gateway do from their start to their end: run until somebody says stop, then end in order, telling.
import type { LogHandle } from "../process/log.ts";
import type { Notifier } from "../process/notify.ts";
import { onStop } from "../process/stop.ts";

/** Never settles: ending the process is `onStop`'s, with its own exit code. */
export function untilStopped(o: {
  name: string;
  logging: LogHandle;
  notifier: Notifier;
  stop(): Promise<void>;
  withinMs: number;
}): Promise<number> {
  const { log, flush } = o.logging;
  onStop(
    async (why) => {
      log.info({ why }, `${o.name} stopping`);
      o.notifier.stopping();
      await o.stop();
      log.info(`${o.name} stopped`);
      flush();
    },
    { withinMs: o.withinMs },
  );
  return new Promise(() => {});
}
