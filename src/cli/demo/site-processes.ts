// Runs `coline run SITE` as a child of a simulation, keeps its log in a file, and learns from it what runs, and where.
import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";

export type SiteChild = "controller" | "gateway";

export interface SiteProcesses {
  /** http://127.0.0.1:PORT, as soon as the gateway says so. @throws when the processes end before */
  gatewayUrl: Promise<string>;
  readonly logFile: string;
  /** The exit code, when they have ended by themselves. */
  readonly ended: Promise<number>;
  /** Its process now; null: it is about to be started. */
  pid(child: SiteChild): number | null;
  /** Process of their parent: while it stands still, nobody is started again. */
  readonly parentPid: number;
  /** SIGTERM, and its exit code. */
  stop(): Promise<number>;
}

export function runSite(o: {
  siteFolder: string;
  logFile: string;
  /** More of the environment. */
  env?: Readonly<Record<string, string>>;
}): SiteProcesses {
  const coline = process.argv[1] as string;
  const child = spawn(process.execPath, [coline, "run", o.siteFolder], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, ...o.env },
  });
  const log = createWriteStream(o.logFile);
  const ended = new Promise<number>((resolve) => child.once("exit", (code) => resolve(code ?? 1)));
  const pids = new Map<string, number>();
  return {
    gatewayUrl: gatewayUrl(child, {
      ended,
      hear(line) {
        log.write(`${line}\n`);
        notePid(line, pids);
      },
    }),
    logFile: o.logFile,
    ended,
    pid: (name) => pids.get(name) ?? null,
    parentPid: child.pid ?? 0,
    async stop() {
      child.kill("SIGTERM");
      const code = await ended;
      log.end();
      return code;
    },
  };
}

function gatewayUrl(child: ChildProcess, o: { ended: Promise<number>; hear: (line: string) => void }): Promise<string> {
  const found = new Promise<string>((resolve) => {
    if (child.stderr === null) return;
    createInterface({ input: child.stderr }).on("line", (line) => {
      o.hear(line);
      const url = urlIn(line);
      if (url !== null) resolve(url);
    });
  });
  const url = Promise.race([
    found,
    o.ended.then((code) => {
      throw new Error(`controller and gateway ended with exit code ${code} before they were ready`);
    }),
  ]);
  url.catch(() => {
    // Nobody may be waiting for it; whoever waits sees it.
  });
  return url;
}

function urlIn(line: string): string | null {
  const { msg, url } = saidIn(line);
  return msg === "gateway running" && typeof url === "string" ? url : null;
}

function notePid(line: string, pids: Map<string, number>): void {
  const { child, childPid, msg } = saidIn(line);
  if (typeof child !== "string") return;
  if (msg === "started" && typeof childPid === "number") pids.set(child, childPid);
  if (msg === "ended") pids.delete(child);
}

/** A process that was killed may leave half a line before the next one's. */
function saidIn(line: string): Readonly<Record<string, unknown>> {
  const text = line.slice(Math.max(0, line.lastIndexOf('{"level"')));
  try {
    return text.startsWith("{") ? (JSON.parse(text) as Record<string, unknown>) : {};
  } catch {
    return {}; // Not a line of the log: it stands in the file as it came.
  }
}
