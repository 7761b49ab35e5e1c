// Brings the controller under SCHED_FIFO with the right Node flags at exec, and what it spawns back to the normal class.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { schedulingClass } from "./scheduling-class.ts";

/**
 * Above everything of the normal class, below the kernel's interrupt threads (50): the controller lives by interrupts.
 */
export const REAL_TIME_PRIORITY = 10;

/**
 * Two cores, OPC UA writes, p99/max in ms: without flags 2.6–12/30; FIFO alone 20–26/38, since V8's parallel collector
 * then waits for threads that compete with their own process; FIFO with --single-threaded-gc 1.8–4/9–36. A young
 * generation of 16 MB (64 gave nothing more) collects seldom and still in few milliseconds: 1.6–3.1/6 without FIFO.
 */
export const CONTROLLER_NODE_FLAGS: readonly string[] = ["--single-threaded-gc", "--max-semi-space-size=16"];

export type RealTimeStart =
  | { realTime: true; priority: number; flags: boolean }
  /** `reason` is a sentence for the log: why not, and what to do about it. */
  | { realTime: false; reason: string; flags: boolean };

/**
 * Replaces this process by itself under `chrt -f` and with the controller's Node flags, keeping pid, standard streams
 * and environment; the scheduling class can only be set so that all of Node's threads have it: at exec. Returns instead
 * when nothing is left to gain: it is so already, or it was tried (COLINE_EXEC in the environment) and is not allowed.
 * To be called before anything is opened: open sockets and files do not survive.
 * @param argv arguments after the Node binary: script and its own arguments
 */
export function execRealTime(argv: readonly string[] = process.argv.slice(1)): RealTimeStart {
  const now = schedulingClass();
  const flags = CONTROLLER_NODE_FLAGS.every((flag) => process.execArgv.includes(flag));
  if (now.realTime && flags) return { realTime: true, priority: now.priority, flags };
  const prefix = now.realTime ? { argv: [], reason: "" } : wantedPrefix();
  const tried = process.env["COLINE_EXEC"] === "1";
  const gain = !flags || prefix.argv.length > 0;
  if (!tried && gain && process.execve !== undefined) {
    const others = process.execArgv.filter((flag) => !CONTROLLER_NODE_FLAGS.includes(flag));
    const command = [...prefix.argv, process.execPath, ...CONTROLLER_NODE_FLAGS, ...others, ...argv];
    process.execve(command[0] as string, command, {
      ...process.env,
      COLINE_EXEC: "1",
    });
  }
  if (now.realTime) return { realTime: true, priority: now.priority, flags };
  return {
    realTime: false,
    reason: prefix.reason || "this Node cannot re-execute itself: start it under `chrt -f`",
    flags,
  };
}

/** COLINE_REAL_TIME=off in the environment: someone compares, or the machine has other masters. */
const wantedPrefix = (): { argv: string[]; reason: string } =>
  process.env["COLINE_REAL_TIME"] === "off"
    ? { argv: [], reason: "switched off by COLINE_REAL_TIME=off" }
    : realTimePrefix();

/** The words to put before a command so that it runs under SCHED_FIFO; none, and why, where the system does not allow it. */
export function realTimePrefix(priority = REAL_TIME_PRIORITY): {
  argv: string[];
  reason: string;
} {
  const chrt = CHRT_PLACES.find((place) => existsSync(place));
  if (chrt === undefined) return { argv: [], reason: "chrt was not found: install util-linux" };
  const argv = [chrt, "-f", String(priority)];
  const probe = spawnSync(chrt, ["-f", String(priority), "true"], {
    encoding: "utf8",
    timeout: 2000,
  });
  if (probe.status === 0) return { argv, reason: "" };
  const said = (probe.stderr ?? "").trim() || probe.error?.message || `exit ${probe.status}`;
  return {
    argv: [],
    reason: `real-time priority ${priority} is not allowed (${said}): run it by its systemd unit, or give the user LimitRTPRIO`,
  };
}

/**
 * The command as it has to be spawned from a real-time process: children inherit SCHED_FIFO, and a helper that spins
 * would starve the machine. Unchanged when this process is of the normal class.
 */
export function inNormalClass(command: readonly string[]): string[] {
  if (!schedulingClass().realTime) return [...command];
  const chrt = CHRT_PLACES.find((place) => existsSync(place)) ?? "chrt";
  return [chrt, "-o", "0", ...command];
}

const CHRT_PLACES = ["/usr/bin/chrt", "/bin/chrt", "/usr/sbin/chrt"];
