// A scenario's faults on the wired line: each at its time, to the rig or to the machine, and told how often.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { WiredFault } from "../../../simulators/wired/faults.ts";
import { FaultClock } from "../../../src/cli/simulate/wired/fault-clock.ts";
import type { MachineFaults } from "../../../src/cli/simulate/wired/machine-faults.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const S = 1e9;
const faults: WiredFault[] = [
  { kind: "freeze", atNs: 1 * S, deviceId: "plc1", forNs: 0.2 * S },
  { kind: "slowDisk", atNs: 2 * S, syncNs: 0.1 * S, forNs: 3 * S },
  { kind: "noRead", atNs: 3 * S, scannerId: "scan1" },
  { kind: "kill", atNs: 4 * S },
];

function played(o: { inject?: () => Promise<void> } = {}) {
  const told: string[] = [];
  const machine = {
    begin: async ({ kind }: { kind: string }) => void told.push(`machine ${kind}`),
    end: ({ kind }: { kind: string }) => void told.push(`machine ${kind} over`),
    stop: () => void told.push("machine stop"),
  } as unknown as MachineFaults;
  const inject = o.inject ?? (async ({ kind }: { kind: string }) => void told.push(`rig ${kind}`));
  return { told, clock: new FaultClock(faults, { rig: { inject }, machine }) };
}

test("the machine's faults go to the machine and end there, all others to the rig, which ends them itself", async () => {
  const { told, clock } = played();
  await vi.advanceTimersByTimeAsync(900);
  expect(told).toEqual([]);
  await vi.advanceTimersByTimeAsync(3600);
  expect(told).toEqual(["rig freeze", "machine slowDisk", "rig noRead", "machine kill"]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(told.at(-1)).toBe("machine slowDisk over");
  // The world counts what waits for a parcel, when it has found one.
  expect(clock.counts).toEqual({ freeze: 1, slowDisk: 1, kill: 1 });
  expect(clock.played.map(({ forNs }) => forNs)).toEqual([0.2 * S, 3 * S, 0, 0]);
});

test("a run that is over plays no more; a fault that cannot be played is the run's trouble", async () => {
  const stopped = played();
  stopped.clock.stop();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(stopped.told).toEqual(["machine stop"]);
  const broken = played({ inject: () => Promise.reject(new Error("no device plc1")) });
  const trouble = expect(broken.clock.trouble).rejects.toThrow("no device plc1");
  await vi.advanceTimersByTimeAsync(1000);
  await trouble;
});
