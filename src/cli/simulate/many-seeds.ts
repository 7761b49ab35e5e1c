// Runs many seeds on all cores, a process each, and stops at the first that does not pass, unless told to go on.
import { type ChildProcess, fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { SeedOutcome } from "./outcome.ts";
import type { SimulationAsked } from "./prepared-run.ts";
import type { FromWorker, ToWorker } from "./seed-worker.ts";

const ending = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
const workerFile = fileURLToPath(new URL(`./seed-worker${ending}`, import.meta.url));

/**
 * Seeds are handed out in order; those under way when one fails are finished or given up, never half reported.
 * @param o.onOutcome each seed as it is done, in the order of their ends
 * @param o.goesOn all seeds are run, whichever of them pass
 * @returns the outcome with the lowest seed that did not pass; null: all passed
 * @throws when a worker breaks
 */
export function runManySeeds(o: {
  asked: SimulationAsked;
  firstSeed: number;
  lastSeed: number;
  onOutcome: (outcome: SeedOutcome) => void;
  goesOn?: boolean;
}): Promise<SeedOutcome | null> {
  const { asked, firstSeed, lastSeed, goesOn = false } = o;
  const wanted = Math.min(availableParallelism(), lastSeed - firstSeed + 1);
  let nextSeed = firstSeed;
  let failed: SeedOutcome | null = null;
  const workers: ChildProcess[] = [];
  return new Promise((resolve, reject) => {
    let busy = wanted;
    const end = (settle: () => void): void => {
      for (const worker of workers) worker.disconnect();
      settle();
    };
    const broken = (message: string): void => end(() => reject(new Error(message)));
    const giveOut = (worker: ChildProcess): void => {
      if ((failed === null || goesOn) && nextSeed <= lastSeed) {
        tell(worker, { kind: "seed", seed: nextSeed });
        nextSeed += 1;
        return;
      }
      busy -= 1;
      if (busy === 0) end(() => resolve(failed));
    };
    for (let index = 0; index < wanted; index += 1) {
      const worker = fork(workerFile, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
      workers.push(worker);
      worker.on("message", (message: FromWorker) => {
        if (message.kind === "trouble") return broken(message.message);
        const { outcome } = message;
        o.onOutcome(outcome);
        if (!outcome.run.passed && (failed === null || outcome.run.seed < failed.run.seed)) failed = outcome;
        giveOut(worker);
      });
      worker.on("error", (error) => broken(error.message));
      worker.on("exit", (code) => {
        if (worker.connected || (code !== 0 && code !== null)) broken(`a worker ended with ${code}`);
      });
      tell(worker, { kind: "asked", asked });
      giveOut(worker);
    }
  });
}

function tell(worker: ChildProcess, message: ToWorker): void {
  worker.send(message);
}
