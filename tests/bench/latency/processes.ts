// Starts and ends the benchmark's processes: devices, bare loop, controller, gateway, and what keeps the cores busy.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { CONTROLLER_NODE_FLAGS, REAL_TIME_PRIORITY, realTimePrefix } from "../../../src/process/real-time.ts";
import type { FromDevices, Reaction, Shift, ShiftRecord, ToDevices } from "./messages.ts";
import { type BeltGroup, type BenchBus, benchOf } from "./site.ts";

const coline = fileURLToPath(new URL("../../../src/cli/main.ts", import.meta.url));
/** As `npm ci` or `npm run build` left it: what a site starts, without types to be stripped first. */
const builtColine = fileURLToPath(new URL("../../../dist/src/cli/main.js", import.meta.url));
const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const STOP_WITHIN_MS = 10_000;
const POLL_MS = 50;

/** The measuring process goes before what it measures, else its own timestamps wait behind the controller's loop. */
const DEVICES_PRIORITY = REAL_TIME_PRIORITY + 1;

export interface Running {
  readonly child: ChildProcess;
  stop(): Promise<void>;
}

export interface Devices extends Running {
  listening: Extract<FromDevices, { kind: "listening" }>;
  /** Its belts, for a site. */
  group: BeltGroup;
  /** Settles when every gate is armed and the bare loop is there. @throws after `withinMs` */
  ready(withinMs: number): Promise<void>;
  shift(shift: Shift): Promise<ShiftRecord>;
}

/** Devices that only have to be there get what the controller leaves. */
const BESIDE_PRIORITY = REAL_TIME_PRIORITY - 1;

/**
 * @param folder for the links to the ttys
 * @param beside belts beside those that are measured: their numbers, and how many they are; left out: those that are
 */
export async function startDevices(
  folder: string,
  o: { bus: BenchBus; belts?: number; beside?: { first: number } },
): Promise<Devices> {
  const { bus, beside } = o;
  const first = beside?.first ?? 0;
  const bench = benchOf(bus, o.belts);
  const prefix = realTimePrefix(beside === undefined ? DEVICES_PRIORITY : BESIDE_PRIORITY).argv;
  const args = [folder, bus, String(first), String(bench.belts)];
  const running = start([...prefix, process.execPath, ...CONTROLLER_NODE_FLAGS, script("devices.ts"), ...args], {
    ipc: true,
  });
  const { child } = running;
  const hasEnded = gone(child, "the devices");
  const answer = async <K extends FromDevices["kind"]>(kind: K): Promise<Extract<FromDevices, { kind: K }>> => {
    const [message] = (await Promise.race([once(child, "message"), hasEnded])) as [FromDevices];
    if (message.kind !== kind) throw new Error(`the devices answered ${message.kind}, not ${kind}`);
    return message as Extract<FromDevices, { kind: K }>;
  };
  const tell = (message: ToDevices): void => void child.send(message);
  hasEnded.catch(() => undefined); // Whoever waits for an answer is told; at the end nobody does.
  const listening = await answer("listening");
  return {
    ...running,
    listening,
    group: { bus, first, bench, ...listening },
    async ready(withinMs) {
      for (const endMs = performance.now() + withinMs; ; await pause(POLL_MS)) {
        tell({ kind: "areReady" });
        if ((await answer("ready")).isReady) return;
        if (performance.now() > endMs) throw new Error(`the line was not ready within ${withinMs} ms`);
      }
    },
    async shift(shift) {
      tell({ kind: "shift", shift });
      return (await answer("done")).record;
    },
  };
}

/**
 * @param o.logFile its log, which would otherwise hide the figures
 * @param o.isBuilt from `dist/` rather than from the sources
 */
export function startController(
  site: string,
  o: {
    realTime: boolean;
    nodeFlags: readonly string[];
    logFile: string;
    isBuilt?: boolean;
    env?: Readonly<Record<string, string>>;
  },
): Running {
  const env = { ...(o.realTime ? {} : { COLINE_REAL_TIME: "off" }), ...o.env };
  const log = openSync(o.logFile, "a");
  const main = o.isBuilt === true ? builtColine : coline;
  const running = start([process.execPath, ...o.nodeFlags, main, "controller", site], { env, stderr: log });
  closeSync(log);
  return running;
}

export interface Memory {
  /** Heap, stacks, buffers. */
  ownMb: number;
  /** Code and the pages of the release cache that it has read. */
  mappedMb: number;
}

/** Resident memory of a running process (Linux, proc(5): RssAnon and RssFile of /proc/PID/status). */
export function memoryOf({ child }: Running): Memory {
  const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
  const mb = (field: string): number => Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]) / 1024;
  return { ownMb: mb("RssAnon"), mappedMb: mb("RssFile") };
}

export interface BareLoop extends Running {
  /** How long the disk took for each of its appends since the last call. */
  disk(): Promise<readonly Reaction[]>;
}

/** With the same flags and the same priority as the controller, and a file on the same disk. */
export function startBareLoop(o: { tty: string; port: number; file: string; realTime: boolean }): BareLoop {
  const prefix = o.realTime ? realTimePrefix().argv : [];
  const command = [process.execPath, ...CONTROLLER_NODE_FLAGS, script("bare-loop.ts"), o.tty, String(o.port), o.file];
  const running = start([...prefix, ...command], { ipc: true });
  return {
    ...running,
    async disk() {
      const answer = once(running.child, "message");
      running.child.send({ kind: "disk" });
      const [disk] = await answer;
      return disk as Reaction[];
    },
  };
}

/** Resolves with the gateway's address when it answers. */
export const startGateway = (site: string): Promise<Running & { url: string }> => startAndHearUrl("gateway", site);

/** Controller and gateway under one parent. */
export const startSite = (site: string): Promise<Running & { url: string }> => startAndHearUrl("run", site);

/** The log is read for the gateway's address, and for nothing else. */
async function startAndHearUrl(command: "gateway" | "run", site: string): Promise<Running & { url: string }> {
  const running = start([process.execPath, coline, command, site], { stderr: "pipe" });
  const lines = createInterface({ input: running.child.stderr as NodeJS.ReadableStream });
  const url = await Promise.race([
    gone(running.child, `coline ${command}`),
    new Promise<string>((found) => {
      lines.on("line", (line) => {
        if (line.includes('"gateway running"')) found((JSON.parse(line) as { url: string }).url);
      });
    }),
  ]);
  return { ...running, url };
}

/** One busy loop of normal priority for each core. */
export function saturateCores(): Running[] {
  return Array.from({ length: availableParallelism() }, () => start([process.execPath, "-e", "for (;;);"], {}));
}

function start(
  command: readonly string[],
  o: { env?: Record<string, string>; stderr?: "pipe" | number; ipc?: true },
): Running {
  const [program = "", ...args] = command;
  const child = spawn(program, args, {
    env: { ...process.env, ...o.env },
    stdio: ["ignore", "ignore", o.stderr ?? "inherit", ...(o.ipc ? ["ipc" as const] : [])],
  });
  running.add(child);
  child.once("exit", () => running.delete(child));
  return { child, stop: () => stop(child) };
}

/** What still runs goes with this process, however it ends. */
const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(1));

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  const enforce = setTimeout(() => child.kill("SIGKILL"), STOP_WITHIN_MS);
  await gone;
  clearTimeout(enforce);
}

async function gone(child: ChildProcess, name: string): Promise<never> {
  const [code, signal] = await once(child, "exit");
  throw new Error(`${name} ended (${signal ?? `exit code ${code}`})`);
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
