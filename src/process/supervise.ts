// The tiny parent of `coline run`: starts the processes of a site, starts them again when they die, ends them all.
import { type ChildProcess, spawn } from "node:child_process";
import { exitCode } from "./exit-code.ts";
import { STOP_WITH_PARENT } from "./stop.ts";

export interface ChildPlan {
  name: string;
  /** Program and arguments. */
  command: readonly string[];
  /** Pause before the first restart, ms; doubles with each death in a row up to `backOffMaxMs`. */
  backOffMs: number;
  backOffMaxMs: number;
}

export interface SuperviseOptions {
  children: readonly ChildPlan[];
  /** Exit codes after which a restart would not help: everything ends, with that code. */
  noRestart: readonly number[];
  /** A child that ran so long starts its back-off afresh. */
  steadyAfterMs?: number;
  /** What is still there so long after it was asked to stop is killed. */
  stopWithinMs?: number;
  say(event: { child: string; event: string } & Record<string, unknown>): void;
}

export interface Supervisor {
  /** Settles when all children have ended for good: 0, or why it ended by itself or badly. */
  readonly ended: Promise<number>;
  stop(): void;
  /** Pids now, by name; for tests and for people. */
  pids(): Record<string, number | undefined>;
}

const STEADY_AFTER_MS = 30_000;
const STOP_WITHIN_MS = 12_000;

/**
 * Children get a pipe as stdin that ends with this process, however it ends; they stop then (see `onStop`). Otherwise
 * they do not depend on it: it passes no data, and a parent that hangs costs nothing but restarts.
 */
export function supervise(o: SuperviseOptions): Supervisor {
  const running = new Map<string, ChildProcess>();
  const waiting = new Map<string, NodeJS.Timeout>();
  let stopping = false;
  let outcome: number = exitCode.done;
  let settle: (code: number) => void = () => {};
  const ended = new Promise<number>((resolve) => {
    settle = resolve;
  });

  const start = (plan: ChildPlan, deaths: number): void => {
    waiting.delete(plan.name);
    const [program, ...args] = plan.command as [string, ...string[]];
    const startedMs = performance.now();
    const env = { ...process.env, ...STOP_WITH_PARENT };
    // A session of its own: Ctrl-C in a terminal reaches the parent alone, and each child hears of it once.
    const child = spawn(program, args, { stdio: ["pipe", "inherit", "inherit"], env, detached: true });
    running.set(plan.name, child);
    o.say({ child: plan.name, event: "started", childPid: child.pid });
    let over = false;
    const end = (code: number | null, signal: string | null, error?: Error): void => {
      if (over) return;
      over = true;
      running.delete(plan.name);
      o.say({
        child: plan.name,
        event: "ended",
        code,
        signal,
        ...(error === undefined ? {} : { error: error.message }),
      });
      const steady = performance.now() - startedMs >= (o.steadyAfterMs ?? STEADY_AFTER_MS);
      onEnd(plan, { code, deaths: steady ? 1 : deaths + 1 });
    };
    child.on("exit", (code, signal) => end(code, signal));
    child.on("error", (error) => end(null, null, error));
    // A child that closes its stdin is none of our business.
    child.stdin?.on("error", () => {});
  };

  const onEnd = (plan: ChildPlan, { code, deaths }: { code: number | null; deaths: number }): void => {
    if (stopping) {
      if (code !== exitCode.done) outcome = outcome === exitCode.done ? exitCode.failed : outcome;
      if (running.size === 0) settle(outcome);
      return;
    }
    if (code !== null && o.noRestart.includes(code)) {
      o.say({ child: plan.name, event: "not started again: a person has to act first", code });
      stop(code);
      return;
    }
    const pauseMs = Math.min(plan.backOffMs * 2 ** (deaths - 1), plan.backOffMaxMs);
    o.say({ child: plan.name, event: "starts again", inMs: pauseMs });
    waiting.set(plan.name, setTimeout(start, pauseMs, plan, deaths));
  };

  const stop = (why: number = exitCode.done): void => {
    if (stopping) return;
    stopping = true;
    outcome = why;
    for (const timer of waiting.values()) clearTimeout(timer);
    for (const child of running.values()) child.kill("SIGTERM");
    if (running.size === 0) settle(outcome);
    setTimeout(() => {
      for (const [name, child] of running) {
        o.say({ child: name, event: "did not stop, killed" });
        child.kill("SIGKILL");
      }
    }, o.stopWithinMs ?? STOP_WITHIN_MS).unref();
  };

  for (const plan of o.children) start(plan, 0);
  return {
    ended,
    stop: () => stop(),
    pids: () => Object.fromEntries([...running].map(([name, child]) => [name, child.pid])),
  };
}
