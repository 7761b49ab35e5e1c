// The request to the kernel for processors that wake at once: what is written, and what is said where it cannot be.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { holdWakeLatency } from "../../../src/process/wake-latency.ts";

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "coline-wake-"));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

test("the request is a 32-bit number of microseconds", () => {
  const device = join(folder(), "device");
  writeFileSync(device, "");
  expect(holdWakeLatency(20, device)).toEqual({ isHeld: true, us: 20 });
  expect(readFileSync(device).readInt32LE()).toBe(20);
});

test("where the system has no such device, or the site leaves it to the system, that is said", () => {
  expect(holdWakeLatency(0, join(folder(), "absent", "device"))).toEqual({
    isHeld: false,
    reason: "this system has no /dev/cpu_dma_latency",
  });
  expect(holdWakeLatency(null)).toEqual({
    isHeld: false,
    reason: "left to the system by realTime.wakeLatencyUs",
  });
});
