// `coline gateway SITE`: the process beside the controller; takes releases in, answers questions, carries spending over.
import { mkdirSync } from "node:fs";
import { loadSite } from "../../config/load.ts";
import { problemText } from "../../config/problem.ts";
import { type Gateway, OpenToEveryone, startGateway } from "../../gateway/gateway.ts";
import { exitCode } from "../../process/exit-code.ts";
import { openLog } from "../../process/log.ts";
import { openNotifier } from "../../process/notify.ts";
import { FolderInUse, ownerLock } from "../../process/owner-lock.ts";
import { onlySite, runAsked } from "../run-asked.ts";
import { untilStopped } from "../until-stopped.ts";

export const summary = "run the gateway of a site: HTTP API, release store, histories";
export const isService = true;

const usage = `usage: coline gateway SITE

SITE is a site's folder. Ends on SIGTERM; the line sorts on meanwhile. Logs to stderr, one JSON object a line.
`;
const STOP_WITHIN_MS = 10_000;

export const run = (args: string[]): Promise<number> =>
  runAsked(args, { name: "gateway", usage, read: onlySite, run: serve });

async function serve(folder: string): Promise<number> {
  const loaded = loadSite(folder);
  if (!loaded.ok) {
    for (const problem of loaded.problems) process.stderr.write(`${problemText(problem)}\n`);
    return exitCode.badSite;
  }
  const { dataFolder } = loaded.site;
  mkdirSync(dataFolder, { recursive: true });
  try {
    await ownerLock("gateway", dataFolder);
  } catch (error) {
    if (!(error instanceof FolderInUse)) throw error;
    process.stderr.write(`coline: ${error.message}\n`);
    return exitCode.alreadyRunning;
  }
  const logging = openLog("gateway");
  const { log } = logging;
  const notifier = openNotifier();
  let gateway: Gateway;
  try {
    gateway = await startGateway({ site: loaded.site, log });
  } catch (error) {
    process.stderr.write(`coline: ${(error as Error).message}\n`);
    return error instanceof OpenToEveryone ? exitCode.badSite : exitCode.failed;
  }
  log.info({ site: loaded.site.line.site, url: gateway.url }, "gateway running");
  notifier.ready(`site ${loaded.site.line.site} at ${gateway.url}`);
  if (notifier.watchdogEveryMs !== null) setInterval(notifier.watchdog, notifier.watchdogEveryMs).unref();
  const stop = (): Promise<void> => gateway.stop();
  return untilStopped({ name: "gateway", logging, notifier, stop, withinMs: STOP_WITHIN_MS });
}
