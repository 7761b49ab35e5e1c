// Plays what befalls the controller's machine: it is killed, stands still, loses its power, its disk is slow or full.
import { readdirSync, readFileSync } from "node:fs";
import type { giveOrders } from "../../../../simulators/wired/disk/orders.ts";
import { losePower } from "../../../../simulators/wired/disk/power-loss.ts";
import type { MachineFault } from "../../../../simulators/wired/faults.ts";
import type { Random } from "../../../../simulators/world/random.ts";
import type { SiteProcesses } from "../../demo/site-processes.ts";

export interface Machine {
  processes: Pick<SiteProcesses, "pid" | "parentPid">;
  disk: Pick<ReturnType<typeof giveOrders>, "give" | "synced">;
  random: Random;
}

const POLL_MS = 10;
/** No process outlives SIGKILL for so long, whatever its disk does. */
const GONE_WITHIN_MS = 10_000;

export class MachineFaults {
  readonly #of: Machine;
  /** The last controller that was killed: its parent may not have noticed yet. */
  #killed = 0;
  /** Which controller each fault makes stand still. */
  readonly #stalled = new Map<MachineFault, number>();
  #isOver = false;

  constructor(machine: Machine) {
    this.#of = machine;
  }

  /** Settles when the fault is there. What lasts is ended by `end`. */
  async begin(fault: MachineFault): Promise<void> {
    switch (fault.kind) {
      case "kill":
        return this.#kill();
      case "powerLoss":
        return this.#losePower();
      case "stall":
        return this.#stall(fault);
      case "slowDisk":
        return this.#of.disk.give({ syncMs: fault.syncNs / 1e6, isFull: false });
      case "fullDisk":
        return this.#of.disk.give({ syncMs: 0, isFull: true });
      default:
        fault satisfies never;
    }
  }

  end(fault: MachineFault): void {
    const { kind } = fault;
    if (kind === "stall") this.#goOn(fault);
    if (kind === "slowDisk" || kind === "fullDisk") this.#of.disk.give({ syncMs: 0, isFull: false });
  }

  /** The run is over: nobody waits for another controller. */
  stop(): void {
    this.#isOver = true;
    for (const pid of this.#stalled.values()) signal(pid, "SIGCONT");
    this.#stalled.clear();
  }

  /** One that is only coming up is killed too, as soon as it is there. */
  async #kill(): Promise<void> {
    while (!this.#isOver) {
      const pid = this.#of.processes.pid("controller");
      if (pid !== null && pid !== this.#killed && signal(pid, "SIGKILL")) {
        this.#killed = pid;
        return;
      }
      await sleep(POLL_MS);
    }
  }

  /** One that is not there cannot stand still either. */
  #stall(fault: MachineFault): void {
    const pid = this.#of.processes.pid("controller");
    if (pid === null || pid === this.#killed || !signal(pid, "SIGSTOP")) return;
    this.#stalled.set(fault, pid);
  }

  /** Where one fault overtakes another, the controller goes on at the end of the last. */
  #goOn(fault: MachineFault): void {
    const pid = this.#stalled.get(fault);
    this.#stalled.delete(fault);
    if (pid !== undefined && ![...this.#stalled.values()].includes(pid)) signal(pid, "SIGCONT");
  }

  /** Nobody starts again while the journal is cut to what a disk would have kept. */
  async #losePower(): Promise<void> {
    const { disk, random } = this.#of;
    const { parentPid } = this.#of.processes;
    signal(parentPid, "SIGSTOP");
    try {
      const pids = childrenOf(parentPid);
      for (const pid of pids) signal(pid, "SIGKILL");
      await Promise.all(pids.map(gone));
      losePower(disk.synced(), random);
    } finally {
      signal(parentPid, "SIGCONT");
    }
  }
}

/** @returns false: there is no such process any more */
function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}

const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);

/** A zombie without threads: nothing of it writes any more, though its parent has not seen it yet. */
async function gone(pid: number): Promise<void> {
  const byMs = performance.now() + GONE_WITHIN_MS;
  while (isWriting(pid)) {
    if (performance.now() > byMs) throw new Error(`process ${pid} did not end by SIGKILL`);
    await sleep(POLL_MS);
  }
}

function isWriting(pid: number): boolean {
  try {
    const state = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.[0];
    return state !== "Z" || readdirSync(`/proc/${pid}/task`).length > 1;
  } catch (error) {
    if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
