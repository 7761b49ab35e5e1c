// The figures of one or many simulated seeds, as `coline simulate --json` ends with them.
import type { PlannedFault } from "../../../simulators/scenarios/planned-fault.ts";
import type { Violation } from "../../../simulators/virtual/run-watch.ts";
import type { ScenarioRun } from "../../../simulators/virtual/scenario-verdict.ts";

/** What a worker tells of a seed. */
export interface SeedOutcome {
  run: ScenarioRun;
  /** Processor seconds that the seed took. */
  cpuS: number;
}

export interface SimulationFigures {
  scenario: string;
  /** How many were run. */
  seeds: number;
  firstSeed: number;
  parcels: number;
  violations: number;
  /** Per wall second, all workers together. */
  parcelsPerSecond: number;
  /** Of the released and readable parcels; null: there were none. */
  deliveredShare: number | null;
  simulatedHours: number;
  passed: boolean;
  perChute: Readonly<Record<string, number>>;
  ends: Readonly<Record<string, number>>;
  lateHolds: number;
  injected: Readonly<Record<string, number>>;
  reasons: Readonly<Record<string, number>>;
  /** Of the seeds that did not pass. */
  failed: readonly { seed: number; failures: readonly string[]; findings: readonly Violation[] }[];
  /** With `--shrink`: the faults that still break the first of them. */
  shrunk: readonly PlannedFault[] | null;
}

export class FigureSum {
  readonly #runs: Pick<SimulationFigures, "scenario" | "firstSeed">;
  #seeds = 0;
  #parcels = 0;
  #violations = 0;
  #due = 0;
  #delivered = 0;
  #simulatedS = 0;
  #lateHolds = 0;
  readonly #tallies = { perChute: {}, ends: {}, injected: {}, reasons: {} } as Record<
    TallyName,
    Record<string, number>
  >;
  readonly #failed: SimulationFigures["failed"][number][] = [];

  constructor(of: Pick<SimulationFigures, "scenario" | "firstSeed">) {
    this.#runs = of;
  }

  add({ run }: SeedOutcome): void {
    this.#seeds += 1;
    this.#parcels += run.parcels;
    this.#violations += run.violations.length;
    this.#due += run.due;
    this.#delivered += run.delivered;
    this.#simulatedS += run.simulatedS;
    this.#lateHolds += run.lateHolds;
    for (const name of TALLIES) {
      const tally = this.#tallies[name];
      for (const [key, count] of Object.entries(run[name])) tally[key] = (tally[key] ?? 0) + count;
    }
    if (run.passed) return;
    const { seed, failures, violations, missedAfterwards } = run;
    this.#failed.push({ seed, failures, findings: [...violations, ...missedAfterwards] });
  }

  get seeds(): number {
    return this.#seeds;
  }

  get parcels(): number {
    return this.#parcels;
  }

  total(wallS: number, shrunk: readonly PlannedFault[] | null): SimulationFigures {
    return {
      ...this.#runs,
      seeds: this.#seeds,
      parcels: this.#parcels,
      violations: this.#violations,
      parcelsPerSecond: Math.round((this.#parcels / Math.max(wallS, 0.001)) * 10) / 10,
      deliveredShare: this.#due === 0 ? null : Math.round((this.#delivered / this.#due) * 1e6) / 1e6,
      simulatedHours: Math.round((this.#simulatedS / 3600) * 1000) / 1000,
      passed: this.#failed.length === 0,
      ...this.#tallies,
      lateHolds: this.#lateHolds,
      failed: this.#failed,
      shrunk,
    };
  }
}

const TALLIES = ["perChute", "ends", "injected", "reasons"] as const;
type TallyName = (typeof TALLIES)[number];
