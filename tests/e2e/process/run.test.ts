// `coline run SITE` as a person starts it: both processes up, each back after being killed, both gone at the end.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { exitCode } from "../../../src/process/exit-code.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const WAIT = { timeout: 50_000, interval: 50 };

interface Line {
  name: string;
  msg: string;
  child?: string;
  childPid?: number;
  url?: string;
}

let site: string;
let parent: ChildProcess | undefined;
let lines: Line[];
beforeEach(() => {
  site = mkdtempSync(join(tmpdir(), "coline-run-"));
  cpSync(join(root, "config/sites/common-line"), site, { recursive: true });
  const file = join(site, "gateway.yaml");
  writeFileSync(file, readFileSync(file, "utf8").replace(/port: \d+/, "port: 0"));
});
afterEach(async () => {
  if (parent !== undefined && parent.exitCode === null && parent.signalCode === null) {
    parent.kill("SIGTERM");
    await once(parent, "exit");
  }
  parent = undefined;
  rmSync(site, { recursive: true, force: true });
});

function coline(...args: string[]): ChildProcess {
  lines = [];
  const started = spawn(process.execPath, [join(root, "src/cli/main.ts"), ...args], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let rest = "";
  started.stderr.on("data", (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split("\n");
    rest = parts.pop() ?? "";
    for (const part of parts) if (part.startsWith("{")) lines.push(JSON.parse(part) as Line);
  });
  parent = started;
  return started;
}

const url = (): string => lines.findLast((line) => line.url !== undefined)?.url ?? "";
const pids = (child: string): number[] =>
  lines.filter((line) => line.child === child && line.msg === "started").map((line) => line.childPid ?? 0);
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const live = async (): Promise<{ status: number; run?: number }> => {
  const response = await fetch(`${url()}/v1/line`);
  return { status: response.status, ...((await response.json()) as object) };
};

test("both come up, each comes back after being killed, and SIGTERM ends both with 0", {
  timeout: 120_000,
}, async () => {
  const run = coline("run", site);
  await vi.waitFor(async () => expect(await live()).toMatchObject({ status: 200, run: 1 }), WAIT);

  const [controller] = pids("controller") as [number];
  process.kill(pids("gateway")[0] as number, "SIGKILL");
  await vi.waitFor(() => expect(pids("gateway")).toHaveLength(2), WAIT);
  await vi.waitFor(async () => expect(await live()).toMatchObject({ status: 200, run: 1 }), WAIT);
  expect(pids("controller")).toEqual([controller]);

  process.kill(controller, "SIGKILL");
  await vi.waitFor(async () => expect(await live()).toMatchObject({ status: 200, run: 2 }), WAIT);

  run.kill("SIGTERM");
  expect(await once(run, "exit")).toEqual([exitCode.done, null]);
  expect([...pids("controller"), ...pids("gateway")].filter(isAlive)).toEqual([]);
});

test("the parent is killed: both processes end by themselves", { timeout: 120_000 }, async () => {
  const run = coline("run", site);
  await vi.waitFor(async () => expect((await live()).status).toBe(200), WAIT);
  run.kill("SIGKILL");
  await vi.waitFor(() => expect([...pids("controller"), ...pids("gateway")].filter(isAlive)).toEqual([]), WAIT);
});

test("a site with a fault in its files ends the parent with the code for it, without trying again", async () => {
  writeFileSync(join(site, "line.yaml"), "site: [");
  const run = coline("run", site);
  expect(await once(run, "exit")).toEqual([exitCode.badSite, null]);
  expect(lines.filter((line) => line.msg === "starts again")).toEqual([]);
});

test("a second controller or gateway on the same site is refused, and its parent ends", {
  timeout: 120_000,
}, async () => {
  coline("run", site);
  await vi.waitFor(async () => expect((await live()).status).toBe(200), WAIT);
  const second = spawn(process.execPath, [join(root, "src/cli/main.ts"), "run", site], { stdio: "ignore" });
  expect(await once(second, "exit")).toEqual([exitCode.alreadyRunning, null]);
  const gateway = spawnSync(process.execPath, [join(root, "src/cli/main.ts"), "gateway", site], { encoding: "utf8" });
  expect(gateway.status).toBe(exitCode.alreadyRunning);
  expect(gateway.stderr).toContain(
    `RELEASE_STORE_IN_USE: the process ${pids("gateway").at(-1)} is already the gateway`,
  );
  expect((await live()).status).toBe(200);
});
