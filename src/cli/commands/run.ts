// `coline run SITE`: both processes of a site under one parent, for a machine without systemd or a first look.
import { resolve } from "node:path";
import { exitCode, noRestart } from "../../process/exit-code.ts";
import { openLog } from "../../process/log.ts";
import { CONTROLLER_NODE_FLAGS, inNormalClass, realTimePrefix } from "../../process/real-time.ts";
import { type ChildPlan, supervise } from "../../process/supervise.ts";
import { onlySite, runAsked } from "../run-asked.ts";

export const summary = "run a site: controller and gateway, started again when they die";
export const isService = true;

const usage = `usage: coline run SITE

Runs the controller and the gateway of the site folder SITE until SIGTERM or Ctrl-C. The controller gets real-time
priority where the system allows it; the log says when not. On a plant use the systemd services (docs/guides/deploy.md).
`;

export const run = (args: string[]): Promise<number> =>
  runAsked(args, { name: "run", usage, read: onlySite, run: runBoth });

async function runBoth(site: string): Promise<number> {
  const { log, flush } = openLog("coline-run");
  const supervisor = supervise({
    children: plans(resolve(site)),
    // Another controller on this site: whoever started this one has to decide which it shall be.
    noRestart: [...noRestart, exitCode.alreadyRunning],
    say: ({ event, ...more }) => log.info(more, event),
  });
  const stop = (): void => supervisor.stop();
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  const code = await supervisor.ended;
  process.off("SIGTERM", stop);
  process.off("SIGINT", stop);
  flush();
  return code;
}

/** The controller comes back at once, however often it dies: every second without it is parcels on the safe path. */
function plans(site: string): ChildPlan[] {
  const coline = process.argv[1] as string;
  const controller = [process.execPath, ...CONTROLLER_NODE_FLAGS, coline, "controller", site];
  const gateway = [process.execPath, coline, "gateway", site];
  return [
    { name: "controller", command: [...realTimePrefix().argv, ...controller], backOffMs: 100, backOffMaxMs: 200 },
    { name: "gateway", command: inNormalClass(gateway), backOffMs: 500, backOffMaxMs: 10_000 },
  ];
}
