// `coline controller SITE`: the real-time process of a site; sorts until it is told to stop.
import { mkdirSync } from "node:fs";
import { type Controller, startController } from "../../controller/controller.ts";
import { codeVersion } from "../../process/code-version.ts";
import { dataPlaces } from "../../process/data-folder.ts";
import { exitCode } from "../../process/exit-code.ts";
import { openLog } from "../../process/log.ts";
import { openNotifier } from "../../process/notify.ts";
import { FolderInUse, ownerLock } from "../../process/owner-lock.ts";
import { execRealTime, type RealTimeStart } from "../../process/real-time.ts";
import { holdWakeLatency, type WakeLatency } from "../../process/wake-latency.ts";
import { provedSite } from "../proved-site.ts";
import { onlySite, runAsked } from "../run-asked.ts";
import { untilStopped } from "../until-stopped.ts";

export const summary = "run the real-time process of a site: devices, decisions, journal";
export const isService = true;

const usage = "usage: coline controller SITE\n\nSITE is a site's folder. Ends on SIGTERM with the gates withdrawn.\n";
const STOP_WITHIN_MS = 5000;

export const run = (args: string[]): Promise<number> =>
  runAsked(args, { name: "controller", usage, read: onlySite, run: control });

async function control(folder: string): Promise<number> {
  const realTime = execRealTime();
  const loaded = provedSite(folder);
  if (!loaded.ok) {
    process.stderr.write(loaded.report);
    return exitCode.badSite;
  }
  const logging = openLog("controller");
  const { log, flush } = logging;
  const { journalFolder } = dataPlaces(loaded.site.dataFolder);
  mkdirSync(journalFolder, { recursive: true });
  try {
    await ownerLock("controller", journalFolder);
  } catch (error) {
    if (!(error instanceof FolderInUse)) throw error;
    process.stderr.write(`coline: ${error.message}\n`);
    return exitCode.alreadyRunning;
  }
  sayRealTime(log, realTime);
  sayWakeLatency(log, holdWakeLatency(loaded.site.line.realTime.wakeLatencyUs));
  const notifier = openNotifier();
  const controller: Controller = await startController({
    site: loaded.site,
    log,
    codeVersion: codeVersion(),
    alive: () => notifier.watchdog(),
    fatal(error) {
      // The devices' watchdogs take the safe path; the next start reads what is durable.
      log.fatal({ error: error.message }, "the journal cannot be relied on any more");
      flush();
      process.exit(exitCode.failed);
    },
  });
  log.info({ site: loaded.site.line.site, layout: loaded.site.layout.hash.slice(0, 12) }, "controller running");
  notifier.ready(`site ${loaded.site.line.site}`);
  const stop = (): Promise<void> => controller.stop();
  return untilStopped({ name: "controller", logging, notifier, stop, withinMs: STOP_WITHIN_MS });
}

function sayWakeLatency(log: ReturnType<typeof openLog>["log"], wake: WakeLatency): void {
  if (wake.isHeld) log.info({ us: wake.us }, "the processor is kept from sleeping deeper than it wakes in this time");
  else log.warn({ reason: wake.reason }, "the processor may sleep: reactions on an idle machine take longer");
}

function sayRealTime(log: ReturnType<typeof openLog>["log"], start: RealTimeStart): void {
  if (start.realTime) log.info({ priority: start.priority }, "running with real-time priority (SCHED_FIFO)");
  else log.warn({ reason: start.reason }, "running WITHOUT real-time priority: stalls of 180 ms have been seen");
}
