// The serial driver on a real tty, with a simulated scanner in a process of its own at the other end.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { z } from "zod";
import type { ScannerPort } from "../../drivers/scanners/port.ts";
import { serialDriver } from "../../drivers/scanners/serial-scanner.ts";
import { serialScannerSchema } from "../../drivers/scanners/serial-schema.ts";
import { ScannerProcess } from "../../simulators/wired/scanner/process.ts";
import { openPtyScanner } from "../../simulators/wired/scanner/pty-scanner.ts";
import { eventually } from "./eventually.ts";
import { scannerClock } from "./scanner-clock.ts";
import { rigOn, type ScannerRig, type ScannerRigWish, settingsOf } from "./scanner-rig.ts";
import { scannerContract } from "./scanners.ts";

const clock = scannerClock();

scannerContract("serial scanner", openRig);

async function openRig(wish: ScannerRigWish): Promise<ScannerRig> {
  const folder = await mkdtemp(join(tmpdir(), "coline-scanner-"));
  const linkPath = join(folder, "scan1");
  const wire = new ScannerProcess({ linkPath, baud: 115_200 });
  if (!wish.unplugged) await wire.start();
  const scanner = openScanner({ path: linkPath, ...settingsOf(wish) });
  return rigOn(wire, scanner, () => rm(folder, { recursive: true }));
}

function openScanner(config: Omit<z.input<typeof serialScannerSchema>, "id" | "driver">): ScannerPort {
  return serialDriver.make({
    config: serialScannerSchema.parse({ id: "scan1", driver: "serial", ...config }),
    clock,
  });
}

test("a port that cannot be opened for another reason than before says the newest one, and is still down once", async () => {
  const folder = await mkdtemp(join(tmpdir(), "coline-scanner-"));
  const path = join(folder, "scan1");
  const scanner = openScanner({ path });
  const states: string[] = [];
  scanner.open({ telegram: () => undefined, state: (_, state) => states.push(state) });
  await expect.poll(() => scanner.lastError()).toContain("No such file");
  await writeFile(path, "no tty");
  await expect.poll(() => scanner.lastError(), { timeout: 15_000 }).toContain("ioctl");
  expect(states).toEqual(["down"]);
  await scanner.close();
  await rm(folder, { recursive: true });
});

test("a device that went without a hang-up is noticed by its silence, and the one now behind the path is opened", async () => {
  const folder = await mkdtemp(join(tmpdir(), "coline-scanner-"));
  const linkPath = join(folder, "scan1");
  const old = openPtyScanner({ linkPath, baud: null });
  const scanner = openScanner({ path: linkPath, silenceMs: 200 });
  const states: string[] = [];
  const codes: (string | undefined)[] = [];
  scanner.open({
    state: (_, state) => states.push(state),
    telegram: (_, telegram) => codes.push(telegram.codes[0]?.text),
  });
  await eventually(() => states[0]).toBe("up");
  // Takes the link over; the old pty stays open and quiet.
  const fresh = openPtyScanner({ linkPath, baud: null });
  await eventually(() => states.slice(0, 4)).toEqual(["up", "silent", "down", "up"]);
  await fresh.send(Buffer.from("\u0002A1\u0003"));
  await eventually(() => codes).toEqual(["A1"]);
  await scanner.close();
  old.unplug();
  fresh.unplug();
  await rm(folder, { recursive: true });
});

test("what lay in the wire before it was opened is thrown away: nobody knows when it came", async () => {
  const folder = await mkdtemp(join(tmpdir(), "coline-scanner-"));
  const linkPath = join(folder, "scan1");
  const wire = openPtyScanner({ linkPath, baud: null });
  await wire.send(Buffer.from("\u0002OLD\u0003"));
  const scanner = openScanner({ path: linkPath });
  const codes: (string | undefined)[] = [];
  let isUp = false;
  scanner.open({
    state: (_, state) => {
      isUp = state === "up";
    },
    telegram: (_, telegram) => codes.push(telegram.codes[0]?.text),
  });
  await eventually(() => isUp).toBe(true);
  await wire.send(Buffer.from("\u0002NEW\u0003"));
  await eventually(() => codes).toEqual(["NEW"]);
  expect(scanner.counts()).toMatchObject({ telegrams: 1, garbageBytes: 0 });
  await scanner.close();
  wire.unplug();
  await rm(folder, { recursive: true });
});

test("opening twice is a mistake of the caller and says so", async () => {
  const scanner = openScanner({ path: join(tmpdir(), "coline-no-such-port") });
  const events = { state: () => undefined, telegram: () => undefined };
  scanner.open(events);
  expect(() => scanner.open(events)).toThrow("scan1 is already open");
  await scanner.close();
});
