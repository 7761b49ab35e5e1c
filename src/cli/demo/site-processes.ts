// Runs `coline run SITE` as a child of the demo, keeps its log in a file, and learns from it where the gateway listens.
import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";

export interface SiteProcesses {
  /** http://127.0.0.1:PORT, as soon as the gateway says so. @throws when the processes end before */
  gatewayUrl: Promise<string>;
  readonly logFile: string;
  /** SIGTERM, and its exit code. */
  stop(): Promise<number>;
}

export function runSite(o: { siteFolder: string; logFile: string }): SiteProcesses {
  const coline = process.argv[1] as string;
  const child = spawn(process.execPath, [coline, "run", o.siteFolder], { stdio: ["ignore", "ignore", "pipe"] });
  const log = createWriteStream(o.logFile);
  const ended = new Promise<number>((resolve) => child.once("exit", (code) => resolve(code ?? 1)));
  return {
    gatewayUrl: gatewayUrl(child, log, ended),
    logFile: o.logFile,
    async stop() {
      child.kill("SIGTERM");
      const code = await ended;
      log.end();
      return code;
    },
  };
}

function gatewayUrl(child: ChildProcess, log: NodeJS.WritableStream, ended: Promise<number>): Promise<string> {
  const found = new Promise<string>((resolve) => {
    if (child.stderr === null) return;
    createInterface({ input: child.stderr }).on("line", (line) => {
      log.write(`${line}\n`);
      const url = urlIn(line);
      if (url !== null) resolve(url);
    });
  });
  return Promise.race([
    found,
    ended.then((code) => {
      throw new Error(`controller and gateway ended with exit code ${code} before they were ready`);
    }),
  ]);
}

function urlIn(line: string): string | null {
  if (!line.includes('"gateway running"')) return null;
  const { url } = JSON.parse(line) as { url?: unknown };
  return typeof url === "string" ? url : null;
}
