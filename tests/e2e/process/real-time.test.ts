// The scheduling class: read from the kernel, asked for at exec, not inherited by helpers.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { CONTROLLER_NODE_FLAGS, inNormalClass, realTimePrefix } from "../../../src/process/real-time.ts";
import { schedulingClass } from "../../../src/process/scheduling-class.ts";

const run = promisify(execFile);
const source = (name: string): string => JSON.stringify(new URL(`../../../src/process/${name}`, import.meta.url).href);

/** proc_pid_stat(5): 52 fields, priority and policy are the 40th and 41st. */
const stat = (name: string, priority: number, policy: number): string =>
  `7 (${name}) R ${[...Array(36).fill("1"), priority, policy, ...Array(11).fill("0")].join(" ")}\n`;

test.each([
  ["node", 0, 0, "other", false],
  ["node", 10, 1, "fifo", true],
  ["(a) R 1 2) b", 5, 2, "rr", true],
  ["node", 0, 77, "unknown", false],
])("the stat line of %s with priority %i and policy %i is %s", (name, priority, policy, expected, realTime) => {
  expect(schedulingClass(stat(name, priority, policy))).toEqual({ policy: expected, priority, realTime });
});

test("no stat line to read: the class is unknown, never real-time", () => {
  expect(schedulingClass("")).toEqual({ policy: "unknown", priority: 0, realTime: false });
});

test("a process that asks for real time has it with the controller's flags, or knows why not", async () => {
  const script = `const { execRealTime } = await import(${source("real-time.ts")});
    const { schedulingClass } = await import(${source("scheduling-class.ts")});
    console.log(JSON.stringify({ start: execRealTime(["-e", process.env.SCRIPT]), now: schedulingClass(), pid: process.pid }));`;
  const env = { ...process.env, SCRIPT: script };
  const child = run(process.execPath, ["--input-type=module", "-e", script], { env });
  const { start, now, pid } = JSON.parse((await child).stdout) as {
    start: { realTime: boolean; reason?: string; flags: boolean };
    now: { realTime: boolean; priority: number };
    pid: number;
  };
  expect(pid).toBe(child.child.pid);
  expect(start.flags).toBe(true);
  expect(start.realTime).toBe(now.realTime);
  if (realTimePrefix().argv.length > 0) expect(start).toMatchObject({ realTime: true, priority: now.priority });
  else expect(start.reason).toMatch(/not allowed|not found/);
});

test("switched off in the environment, a process keeps the normal class, has the flags all the same and says why", async () => {
  const script = `const { execRealTime } = await import(${source("real-time.ts")});
    console.log(JSON.stringify(execRealTime(["-e", process.env.SCRIPT])));`;
  const env = { ...process.env, SCRIPT: script, COLINE_REAL_TIME: "off" };
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", script], { env });
  const reason = "switched off by COLINE_REAL_TIME=off";
  expect(JSON.parse(stdout)).toEqual({ realTime: false, reason, flags: true });
});

test("what a real-time process spawns is of the normal class; what a normal one spawns is left alone", async () => {
  const script = `const { inNormalClass } = await import(${source("real-time.ts")});
    const { execFileSync } = await import("node:child_process");
    const [file, ...args] = inNormalClass(["cat", "/proc/self/stat"]);
    process.stdout.write(execFileSync(file, args));`;
  const command = [...realTimePrefix().argv, process.execPath, "--input-type=module", "-e", script];
  const { stdout } = await run(command[0] as string, command.slice(1));
  expect(schedulingClass(stdout)).toEqual({ policy: "other", priority: 0, realTime: false });
  if (!schedulingClass().realTime) expect(inNormalClass(["true"])).toEqual(["true"]);
});

test("Node accepts the controller's flags", async () => {
  const { stdout } = await run(process.execPath, [...CONTROLLER_NODE_FLAGS, "-p", "1"]);
  expect(stdout.trim()).toBe("1");
});
