// What the system says of a port: adapter, latency timer, a name that stays, and what is to be done about it.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { portFacts, portNotices } from "../../../drivers/scanners/port-facts.ts";
import { isUnstableName } from "../../../drivers/scanners/port-name.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "coline-sys-"));
});
afterEach(() => rmSync(root, { recursive: true }));

/** A port's node, and what sysfs would hold of it. */
function port(name: string, o: { driver?: string; latency?: string } = {}): string {
  const device = join(root, "class/tty", name, "device");
  mkdirSync(device, { recursive: true });
  if (o.driver !== undefined) symlinkSync(join("/sys/bus/usb-serial/drivers", o.driver), join(device, "driver"));
  if (o.latency !== undefined) writeFileSync(join(device, "latency_timer"), o.latency);
  const node = join(root, name);
  writeFileSync(node, "");
  const link = join(root, "by-id-of-it");
  symlinkSync(node, link);
  return link;
}

test("an FTDI adapter tells its latency timer, by the device behind the link", async () => {
  const path = port("ttyUSB0", { driver: "ftdi_sio", latency: "16\n" });
  const facts = await portFacts(path, { sysRoot: root });
  expect(facts).toEqual({ device: join(root, "ttyUSB0"), adapter: "ftdi_sio", latencyTimerMs: 16 });
  expect(portNotices({ path, facts, isLowLatency: true })).toMatchObject([{ code: "latencyTimer" }]);
  expect(portNotices({ path, facts: { ...facts, latencyTimerMs: 1 }, isLowLatency: true })).toEqual([]);
});

test("an adapter without the knob is no trouble: nobody could turn it", async () => {
  const path = port("ttyUSB0", { driver: "cp210x" });
  const facts = await portFacts(path, { sysRoot: root });
  expect(facts).toMatchObject({ adapter: "cp210x", latencyTimerMs: null });
  expect(portNotices({ path, facts, isLowLatency: false })).toEqual([]);
});

test("an adapter that could, and did not take low latency", async () => {
  const path = port("ttyUSB0", { driver: "ftdi_sio", latency: "1" });
  const facts = await portFacts(path, { sysRoot: root });
  expect(portNotices({ path, facts, isLowLatency: false })).toMatchObject([{ code: "noLowLatency" }]);
});

test("nothing at the path", async () => {
  const path = join(root, "gone");
  const facts = await portFacts(path, { sysRoot: root });
  expect(facts.device).toBe(null);
  expect(portNotices({ path, facts, isLowLatency: null })).toEqual([
    { code: "missing", text: `nothing is at ${path}` },
  ]);
});

describe("a name", () => {
  test.each(["/dev/ttyUSB0", "/dev/ttyACM12", "/dev/ttyXRUSB1"])("%s goes to whoever is plugged in first", (path) => {
    expect(isUnstableName(path)).toBe(true);
    const facts = { device: path, adapter: null, latencyTimerMs: null };
    expect(portNotices({ path, facts, isLowLatency: null })).toMatchObject([{ code: "unstableName" }]);
  });

  test.each([
    "/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A6008isP-if00-port0",
    "/dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0-port0",
    "/dev/ttyS0",
    "/dev/scanner-top",
  ])("%s stays", (path) => {
    expect(isUnstableName(path)).toBe(false);
  });
});
