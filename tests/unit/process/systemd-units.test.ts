// The shipped units: what systemd itself says of them where it is installed, and the keys the design depends on.
import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { noRestart } from "../../../src/process/exit-code.ts";
import { REAL_TIME_PRIORITY } from "../../../src/process/real-time.ts";

const folder = new URL("../../../config/systemd/", import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, folder), "utf8");
const UNITS = ["coline-controller@.service", "coline-gateway@.service"];

/** Key → values of all sections, in order. */
function keys(unit: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const line of read(unit).split("\n")) {
    const [, key, value] = /^([A-Za-z]+)=(.*)$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) found.set(key, [...(found.get(key) ?? []), value]);
  }
  return found;
}

const systemd = spawnSync("systemd-analyze", ["--version"]).status === 0;
const left = systemd ? "" : " (LEFT OUT: systemd-analyze verify, not installed here; the keys alone are checked)";

test.each(UNITS)(`%s is what systemd takes${left}`, async (unit) => {
  const found = keys(unit);
  for (const key of ["Type", "ExecStart", "Restart", "WatchdogSec", "WantedBy"]) expect(found.get(key)).toHaveLength(1);
  if (!systemd) return;
  const copies = mkdtempSync(join(tmpdir(), "coline-units-"));
  try {
    // An instance of a template, with a program that exists here.
    const instance = join(copies, unit.replace("@.", "@site1."));
    writeFileSync(instance, read(unit).replaceAll("/usr/bin/coline", "/bin/true"));
    const { stderr } = await promisify(execFile)("systemd-analyze", ["--man=no", "verify", instance]);
    expect(stderr.split("\n").filter((line) => line.includes("coline-"))).toEqual([]);
  } finally {
    rmSync(copies, { recursive: true, force: true });
  }
});

test("the controller is real-time at exec, with the priority the program itself would ask for", () => {
  const controller = keys(UNITS[0] as string);
  expect(controller.get("CPUSchedulingPolicy")).toEqual(["fifo"]);
  expect(controller.get("CPUSchedulingPriority")).toEqual([String(REAL_TIME_PRIORITY)]);
  expect(controller.has("RestrictRealtime")).toBe(false);
});

test.each(UNITS)("%s always comes back, but for what a person has to put right first", (unit) => {
  const found = keys(unit);
  expect(found.get("Restart")).toEqual(["always"]);
  expect(found.get("StartLimitIntervalSec")).toEqual(["0"]);
  expect(found.get("RestartPreventExitStatus")).toEqual([noRestart.join(" ")]);
});

test.each(UNITS)("%s has no rights it does not need, and shares the network of the other", (unit) => {
  const found = keys(unit);
  expect(found.get("NoNewPrivileges")).toEqual(["yes"]);
  expect(found.get("CapabilityBoundingSet")).toEqual([""]);
  expect(found.get("ProtectSystem")).toEqual(["strict"]);
  expect(found.get("User")).toEqual(["coline"]);
  expect(found.has("PrivateNetwork")).toBe(false);
});

test("the controller may open its serial ports: nothing in its unit shuts devices out, on an older systemd either", () => {
  const found = keys(UNITS[0] as string);
  for (const key of ["PrivateDevices", "DevicePolicy", "DeviceAllow", "ProtectClock"])
    expect(found.has(key)).toBe(false);
});

test("neither service takes the other down with it", () => {
  for (const unit of UNITS) {
    for (const key of ["Requires", "BindsTo", "PartOf"]) expect(keys(unit).has(key)).toBe(false);
  }
});
