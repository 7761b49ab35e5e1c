// Signals: once cleanly, twice at once, never for ever; each end with its exit code.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, expect, test } from "vitest";
import { exitCode } from "../../../src/process/exit-code.ts";

const module = JSON.stringify(new URL("../../../src/process/stop.ts", import.meta.url).href);
let child: ChildProcess | undefined;
afterEach(() => child?.kill("SIGKILL"));

async function start(stop: string, withinMs = 60_000): Promise<ChildProcess & { said(): string }> {
  const script = `const { onStop } = await import(${module});
    onStop(${stop}, { withinMs: ${withinMs} }); setInterval(() => {}, 1000); console.log("up");`;
  const started = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "pipe"] });
  child = started;
  let text = "";
  started.stdout.on("data", (chunk) => {
    text += chunk;
  });
  started.stderr.on("data", (chunk) => {
    text += chunk;
  });
  await once(started.stdout, "data");
  return Object.assign(started, { said: () => text });
}

test.each(["SIGTERM", "SIGINT"] as const)("%s: stops once and ends with 0", async (signal) => {
  const process = await start(`async (why) => console.log("stopping by", why)`);
  process.kill(signal);
  expect(await once(process, "close")).toEqual([exitCode.done, null]);
  expect(process.said()).toContain(`stopping by ${signal}`);
});

test("a stop that fails ends with 1 and says why", async () => {
  const process = await start(`async () => { throw new Error("bus would not close"); }`);
  process.kill("SIGTERM");
  expect(await once(process, "close")).toEqual([exitCode.failed, null]);
  expect(process.said()).toContain("bus would not close");
});

test("a stop that hangs is cut off at its bound", async () => {
  const process = await start("() => new Promise(() => {})", 20);
  process.kill("SIGTERM");
  expect(await once(process, "close")).toEqual([exitCode.failed, null]);
  expect(process.said()).toContain("not stopped 20 ms after SIGTERM");
});

test("a second signal ends it at once", async () => {
  const process = await start(`() => { console.log("began"); return new Promise(() => {}); }`);
  process.kill("SIGTERM");
  await once(process.stdout as NodeJS.ReadableStream, "data");
  process.kill("SIGTERM");
  expect(await once(process, "close")).toEqual([exitCode.stoppedTwice, null]);
});
