// The simulated scanner itself: pace, line noise, a plug that is really pulled, and no process left behind.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readlinkSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SerialPort } from "serialport";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ScannerProcess } from "../../simulators/wired/scanner/process.ts";
import { openPtyScanner } from "../../simulators/wired/scanner/pty-scanner.ts";
import { eventually } from "./eventually.ts";

let folder = "";
let linkPath = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "coline-scanner-"));
  linkPath = join(folder, "scan1");
});
afterEach(() => rm(folder, { recursive: true }));

test("bytes are not on the wire sooner than the baud rate allows", async () => {
  const scanner = openPtyScanner({ linkPath, baud: 9600 });
  const startNs = Number(process.hrtime.bigint());
  const lastByteNs = await scanner.send(Buffer.alloc(24, 0x41));
  // 24 characters of 10 bits: 25 ms.
  expect(lastByteNs - startNs).toBeGreaterThanOrEqual(25e6);
  scanner.unplug();
});

test("two sends keep their order, byte for byte, also when the pty's buffer is full before anyone reads", async () => {
  const scanner = openPtyScanner({ linkPath, baud: null });
  const sent = [Buffer.alloc(6000, "a"), Buffer.from([0, 3, 4, 10, 13, 17, 19, 26, 127, 255]), Buffer.alloc(6000, "b")];
  const early = sent.slice(0, 2).map((bytes) => scanner.send(bytes));
  const port = new SerialPort({ path: linkPath, baudRate: 115_200, autoOpen: false });
  const received: Buffer[] = [];
  port.on("data", (bytes: Buffer) => received.push(bytes));
  await new Promise<void>((resolve) => port.open(() => resolve()));
  await Promise.all([...early, scanner.send(sent[2] ?? Buffer.alloc(0))]);
  const whole = Buffer.concat(sent);
  // What is in the buffer until the port has been opened is dropped by the opening, as on a real port.
  await eventually(() => Buffer.concat(received).at(-1)).toBe(0x62);
  // The end of a row of equal bytes looks like the whole of it while it is still on its way.
  await eventually(() => Buffer.concat(received).length).toBeGreaterThanOrEqual(6000);
  await eventually(() => whole.subarray(-Buffer.concat(received).length).equals(Buffer.concat(received))).toBe(true);
  await new Promise<void>((resolve) => port.close(() => resolve()));
  scanner.unplug();
});

test("an unplugged scanner has no link, sends nothing, and can be plugged in again", async () => {
  const scanner = new ScannerProcess({ linkPath, baud: 115_200 });
  await scanner.start();
  expect(readlinkSync(linkPath)).toMatch(/^\/dev\/pts\//);
  const endless = scanner.send(Buffer.alloc(100_000));
  const cut = expect(endless).rejects.toThrow("ended");
  await scanner.unplug();
  await cut;
  expect(existsSync(linkPath)).toBe(false);
  await expect(scanner.send(Buffer.from("A"))).rejects.toThrow("unplugged");
  await scanner.plug();
  await expect(scanner.garble(20)).resolves.toBeGreaterThan(0);
  await scanner.stop();
});

test("the process ends when its parent is killed", async () => {
  const main = new URL("../../simulators/wired/scanner/process.ts", import.meta.url).href;
  const parent = spawn(
    process.execPath,
    [
      "--input-type=module",
      "--eval",
      `const { ScannerProcess } = await import(${JSON.stringify(main)});
       const scanner = new ScannerProcess({ linkPath: ${JSON.stringify(linkPath)}, baud: null });
       await scanner.start();
       console.log("ready");`,
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  await once(parent.stdout, "data");
  expect(existsSync(linkPath)).toBe(true);
  parent.kill("SIGKILL");
  await eventually(() => existsSync(linkPath)).toBe(false);
});

test("the process ends without a word when its parent reads no more answers", async () => {
  const main = fileURLToPath(new URL("../../simulators/wired/scanner/main.ts", import.meta.url));
  const child = spawn(process.execPath, [main, linkPath, "0"], { stdio: ["pipe", "pipe", "pipe"] });
  let said = "";
  child.stderr.on("data", (bytes: Buffer) => {
    said += bytes.toString();
  });
  await once(child.stdout, "data");
  child.stdout.destroy();
  const ended = once(child, "exit");
  child.stdin.write('{"id":1,"text":"A"}\n');
  expect(await ended).toEqual([0, null]);
  expect(said).toBe("");
  expect(existsSync(linkPath)).toBe(false);
});

test("a link that cannot be made is an error with its reason, and no process stays", async () => {
  const scanner = new ScannerProcess({ linkPath: join(folder, "missing", "scan1"), baud: null });
  await expect(scanner.start()).rejects.toThrow("ENOENT");
});
