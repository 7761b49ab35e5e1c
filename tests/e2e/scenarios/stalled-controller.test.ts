// A controller that is made to stand still on real wires: a process stands for as long as any such fault lasts, and goes on.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { MachineFault } from "../../../simulators/wired/faults.ts";
import { createRandom } from "../../../simulators/world/random.ts";
import { MachineFaults } from "../../../src/cli/simulate/wired/machine-faults.ts";

let controller: ChildProcess;
let pid: number | null;
let machine: MachineFaults;
beforeEach(async () => {
  controller = spawn(process.execPath, ["-e", `process.send("up"); setInterval(() => process.send("alive"), 1)`], {
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  pid = controller.pid ?? null;
  machine = new MachineFaults({
    processes: { pid: () => pid, parentPid: 0 },
    disk: { give: () => undefined, synced: () => null },
    random: createRandom(1),
  });
  await once(controller, "message");
});
afterEach(() => {
  machine.stop();
  controller.kill("SIGKILL");
});

const stall = (): MachineFault => ({ kind: "stall", forNs: 1e9 });
const stands = (): boolean =>
  readFileSync(`/proc/${controller.pid}/stat`, "utf8").split(") ").at(-1)?.startsWith("T") ?? false;
/** A signal takes a moment to arrive. */
const standsStill = (is: boolean): Promise<void> => vi.waitFor(() => expect(stands()).toBe(is));

test("it stands, and goes on where it stood", async () => {
  const fault = stall();
  await machine.begin(fault);
  await standsStill(true);
  machine.end(fault);
  await standsStill(false);
  await once(controller, "message");
});

test("of two that overlap, the one that ends first does not wake it", async () => {
  const [first, second] = [stall(), stall()];
  await machine.begin(first);
  await machine.begin(second);
  await standsStill(true);
  machine.end(first);
  // A process that goes on does so before its own signal handler would: the state says so at once.
  expect(stands()).toBe(true);
  machine.end(second);
  await standsStill(false);
});

test("a run that is over leaves nobody standing; one that is killed while it stands, or is not there, is no trouble", async () => {
  await machine.begin(stall());
  await standsStill(true);
  machine.stop();
  await standsStill(false);

  const killed = stall();
  await machine.begin(killed);
  controller.kill("SIGKILL");
  await once(controller, "exit");
  expect(() => machine.end(killed)).not.toThrow();
  pid = null;
  const nobody = stall();
  await machine.begin(nobody);
  expect(() => machine.end(nobody)).not.toThrow();
});
