// A worker process of `coline simulate --seeds`: prepares once, then runs each seed that it is sent.
import { runScenario } from "../../../simulators/virtual/scenario-run.ts";
import type { SeedOutcome } from "./outcome.ts";
import { prepareRun, type SimulationAsked } from "./prepared-run.ts";

/** The first message says what to run; every further one is a seed. */
export type ToWorker = { kind: "asked"; asked: SimulationAsked } | { kind: "seed"; seed: number };
export type FromWorker = { kind: "outcome"; seed: number; outcome: SeedOutcome } | { kind: "trouble"; message: string };

let ofSeed: ((seed: number) => SeedOutcome) | null = null;

process.on("message", (message: ToWorker) => {
  try {
    if (message.kind === "asked") ofSeed = prepared(message.asked);
    else if (ofSeed !== null) say({ kind: "outcome", seed: message.seed, outcome: ofSeed(message.seed) });
  } catch (error) {
    say({ kind: "trouble", message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});
// Without its parent nobody would read what it finds.
process.on("disconnect", () => process.exit(0));

function prepared(asked: SimulationAsked): (seed: number) => SeedOutcome {
  const ready = prepareRun(asked);
  if (!ready.ok) throw new Error(ready.report);
  const { site, ofSeed: drawn } = ready.run;
  return (seed) => {
    const begin = process.cpuUsage();
    const { scenario, drawn: faults } = drawn(seed);
    const run = runScenario({ site, scenario, seed, faults: faults.flatMap(({ planned }) => planned) });
    const { user, system } = process.cpuUsage(begin);
    return { run, cpuS: (user + system) / 1e6 };
  };
}

function say(message: FromWorker): void {
  process.send?.(message);
}
