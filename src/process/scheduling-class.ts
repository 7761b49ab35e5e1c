// Reads from the kernel which scheduling class this process really has, whatever was asked for.
import { readFileSync } from "node:fs";

export interface SchedulingClass {
  policy: "other" | "fifo" | "rr" | "batch" | "idle" | "deadline" | "unknown";
  /** 1..99 under fifo and rr, else 0. */
  priority: number;
  /** Goes before every process of the normal class. */
  realTime: boolean;
}

/** @param stat content of /proc/PID/stat; that of this process when left out */
export function schedulingClass(stat?: string): SchedulingClass {
  const text = stat ?? readStat();
  // The second field is the program's name in parentheses and may hold spaces and parentheses itself.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  // proc_pid_stat(5) counts from 1: field 40 rt_priority, 41 policy; the slice begins with field 3.
  const priority = Number(fields[37]);
  const policy = POLICIES[Number(fields[38])] ?? "unknown";
  const realTime = policy === "fifo" || policy === "rr" || policy === "deadline";
  return {
    policy,
    priority: Number.isInteger(priority) ? priority : 0,
    realTime,
  };
}

/** SCHED_* of sched(7), by number. */
const POLICIES: Readonly<Record<number, SchedulingClass["policy"]>> = {
  0: "other",
  1: "fifo",
  2: "rr",
  3: "batch",
  5: "idle",
  6: "deadline",
};

function readStat(): string {
  try {
    return readFileSync("/proc/self/stat", "utf8");
  } catch {
    return ""; // No /proc (not Linux, or hidden): the class is unknown, and says so.
  }
}
