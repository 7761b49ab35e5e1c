// A reader that goes: what only tells ends quietly, what has started something ends it first, a service runs on.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { ModbusServer } from "../../../simulators/wired/plc/server.ts";
import * as controller from "../../../src/cli/commands/controller.ts";
import * as gateway from "../../../src/cli/commands/gateway.ts";
import * as parent from "../../../src/cli/commands/run.ts";
import { exitCode } from "../../../src/process/exit-code.ts";

const main = fileURLToPath(new URL("../../../src/cli/main.ts", import.meta.url));
const closedPipe = JSON.stringify(new URL("../../../src/cli/closed-pipe.ts", import.meta.url).href);
let child: ChildProcess | undefined;
afterEach(() => child?.kill("SIGKILL"));

/** @param args of node; standard error is read to its end */
function start(args: string[]): ChildProcess & { said(): string; stdout: NodeJS.ReadableStream & { destroy(): void } } {
  const started = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  child = started;
  let text = "";
  started.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  return Object.assign(started, { said: () => text });
}

/** A script in which the reader's rule is in force, with `reader`. */
const script = (text: string): string[] => [
  "--input-type=module",
  "-e",
  `const { endWithReader } = await import(${closedPipe}); const reader = endWithReader(); ${text}`,
];

/** Says something again and again; `lost` settles when nobody has read it, and nobody the next ten times. */
const chatter = `const { on } = await import("node:events");
  setInterval(() => console.log("still here"), 2);
  const lost = (async () => { let times = 0; for await (const _ of on(process.stdout, "error")) if (++times > 10) return; })();`;

test("a command whose reader has gone before it says a word: not a word of it, and it ends", async () => {
  const command = start([main, "faults"]);
  command.stdout.destroy();
  expect(await once(command, "close")).toEqual([exitCode.readerGone, null]);
  expect(command.said()).toBe("");
});

test("a device that is watched for ever: quietly ended when the reader goes", async () => {
  let count = 0;
  const server = new ModbusServer({
    ...{ host: "127.0.0.1", port: 0, unit: 1 },
    serve: () => {
      count += 1;
      return { kind: "values", values: [count] };
    },
  });
  const port = String(await server.listen());
  const what = ["--table", "holdingRegisters", "--count", "1", "--watch"];
  const watch = start([main, "probe", "modbus", "127.0.0.1", "--port", port, ...what]);
  await once(watch.stdout, "data");
  watch.stdout.destroy();
  expect(await once(watch, "close")).toEqual([exitCode.readerGone, null]);
  expect(watch.said()).toBe("");
  await server.cut();
});

test("what ends in its own order when it is interrupted does so, told once, and says no more", async () => {
  const orderly = start(
    script(`let told = 0; ${chatter}
      process.on("SIGINT", () => { told += 1; });
      await lost; console.error("told", told); process.exit(7);`),
  );
  await once(orderly.stdout, "data");
  orderly.stdout.destroy();
  expect(await once(orderly, "close")).toEqual([7, null]);
  expect(orderly.said()).toBe("told 1\n");
});

test("a service runs on without a reader: controller, gateway and their parent are some", async () => {
  expect([controller.isService, gateway.isService, parent.isService]).toEqual([true, true, true]);
  const listener = createServer();
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const { port } = listener.address() as { port: number };
  const service = start(
    script(`reader.isNotNeeded(); process.on("SIGINT", () => process.exit(1));
      ${chatter} await lost;
      (await import("node:net")).connect(${port}, "127.0.0.1");`),
  );
  await once(service.stdout, "data");
  service.stdout.destroy();
  const [socket] = await once(listener, "connection");
  expect(service.exitCode).toBeNull();
  expect(service.said()).toBe("");
  socket.destroy();
  listener.close();
});

test("standard error without a reader: the exit code is the one of the work", async () => {
  const wrong = start([main, "probe"]);
  wrong.stderr?.destroy();
  wrong.stdout.destroy();
  expect(await once(wrong, "close")).toEqual([exitCode.usedWrongly, null]);
});

test("standard output that cannot be written for another reason: said in a sentence, failed", async () => {
  const full = spawn("/bin/sh", ["-c", `"$0" "$1" faults > /dev/full`, process.execPath, main], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  child = full;
  let said = "";
  full.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    said += chunk;
  });
  expect(await once(full, "close")).toEqual([exitCode.failed, null]);
  expect(said).toMatch(/^coline: standard output cannot be written: ENOSPC[^\n]*\n$/);
});
