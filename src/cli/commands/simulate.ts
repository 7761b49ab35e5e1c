// `coline simulate SITE`: runs a scenario on the simulated line in virtual time, and judges it against the law.
import { parseArgs } from "node:util";
import { scenarioNames } from "../../../simulators/scenarios/load-scenario.ts";
import type { PlannedFault } from "../../../simulators/scenarios/planned-fault.ts";
import { SHORTEST_S } from "../../../simulators/scenarios/shorten.ts";
import { runScenario } from "../../../simulators/virtual/scenario-run.ts";
import type { ScenarioRun } from "../../../simulators/virtual/scenario-verdict.ts";
import { shrinkFaults } from "../../../simulators/virtual/shrink.ts";
import { runAsked } from "../run-asked.ts";
import { runManySeeds } from "../simulate/many-seeds.ts";
import { FigureSum } from "../simulate/outcome.ts";
import { type PreparedRun, prepareRun, type SimulationAsked } from "../simulate/prepared-run.ts";
import { simulateWired } from "../simulate/wired/simulate-wired.ts";
import { headText, runText, shrunkText } from "../simulate/words.ts";

export const summary = "run a scenario on the simulated line in virtual time, and judge it against the law";

const WIRED_MINUTES = 1.5;
const MOST_WIRED_MINUTES = 600;

const usage = `usage: coline simulate SITE (--scenario NAME|FILE | --swarm) [--seed N | --seeds A..B] [--hours H] [--shrink] [--json]
       coline simulate SITE (--scenario NAME|FILE | --swarm) --wired [--minutes M] [--seed N] [--json]

  SITE        folder with line.yaml, chutes.yaml, customs.yaml and gateway.yaml
  --scenario  ${scenarioNames().join(", ")}; or a file
  --swarm     draws the faults from the seed (and without --scenario the traffic too)
  --seed      the same seed gives the same run; left out: 1
  --seeds     runs many on all cores, and stops at the first that does not pass
  --wired     on real serial lines and sockets, with controller and gateway as processes, in real time; then the verdict and
              the reasons of each fault are compared with the virtual line's
  --minutes   with --wired: the scenario shortened to so many minutes of running belt; left out: ${WIRED_MINUTES}
  --hours     hours of running belt; left out: the scenario's own duration
  --shrink    of a seed that does not pass: the fewest faults that still break it
  --json      at the end one JSON object on standard output, everything else on standard error

A run passes when no clause of the law was broken, every fault was injected, every expected reason occurred, the expected
share was delivered, and the line sorted again after the last fault.
exit code: 0 passed, 1 not, 2 used wrongly
`;

interface Asked extends SimulationAsked {
  firstSeed: number;
  lastSeed: number;
  shrink: boolean;
  json: boolean;
  wired: boolean;
}

/** A run takes seconds: half an hour at the most for a list of faults. */
const MOST_SHRINKING_RUNS = 200;

export const run = (args: string[]): Promise<number> =>
  runAsked(args, { name: "simulate", usage, read, run: simulate });

async function simulate(asked: Asked): Promise<number> {
  const prepared = prepareRun(asked);
  if (!prepared.ok) {
    process.stderr.write(prepared.report);
    return 1;
  }
  if (!asked.wired) return simulateSeeds(asked, prepared.run);
  const { folder: siteFolder, firstSeed: seed, json } = asked;
  return simulateWired({ siteFolder, seed, json, prepared: prepared.run });
}

async function simulateSeeds(asked: Asked, prepared: PreparedRun): Promise<number> {
  const say = (text: string): void => void (asked.json ? process.stderr : process.stdout).write(text);
  const sum = new FigureSum({ scenario: prepared.name, firstSeed: asked.firstSeed });
  const beginMs = performance.now();
  const wallS = (): number => (performance.now() - beginMs) / 1000;
  const failed =
    asked.firstSeed === asked.lastSeed
      ? oneSeed(asked.firstSeed, prepared, { sum, say, wallS })
      : await manySeeds(asked, prepared, { sum, say, wallS });
  const lastedS = wallS();
  const shrunk = failed !== null && asked.shrink ? shrink(failed, prepared, say) : null;
  const figures = sum.total(lastedS, shrunk);
  if (asked.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
  else if (figures.seeds > 1)
    say(
      `${figures.seeds} seeds, ${figures.parcels} parcels, ${figures.violations} violations, ${figures.parcelsPerSecond} parcels a second\n`,
    );
  return figures.passed ? 0 : 1;
}

interface Telling {
  sum: FigureSum;
  say(text: string): void;
  wallS(): number;
}

function head(seed: number, prepared: PreparedRun): string {
  const { site, name, isTaught } = prepared;
  return headText({ site: site.line.site, name, seed, isTaught, ...prepared.ofSeed(seed) });
}

/** @returns the run if it did not pass */
function oneSeed(seed: number, prepared: PreparedRun, { sum, say, wallS }: Telling): ScenarioRun | null {
  say(head(seed, prepared));
  const { scenario, drawn } = prepared.ofSeed(seed);
  const run = runScenario({
    site: prepared.site,
    scenario,
    seed,
    faults: drawn.flatMap(({ planned }) => planned),
  });
  sum.add({ run, cpuS: wallS() });
  say(runText(run, wallS()));
  return run.passed ? null : run;
}

async function manySeeds(
  asked: Asked,
  prepared: PreparedRun,
  { sum, say, wallS }: Telling,
): Promise<ScenarioRun | null> {
  const { firstSeed, lastSeed } = asked;
  say(`seeds ${firstSeed} to ${lastSeed}; the first of them:\n${head(firstSeed, prepared)}`);
  const failed = await runManySeeds({
    ...{ firstSeed, lastSeed },
    asked: { folder: asked.folder, scenario: asked.scenario, hours: asked.hours, swarm: asked.swarm, minutes: null },
    onOutcome(outcome) {
      sum.add(outcome);
      const { run } = outcome;
      const share = run.due === 0 ? "" : ` ${run.delivered}/${run.due}`;
      say(`seed ${run.seed}  ${run.passed ? "passed" : "FAILED"}${share}  ${outcome.cpuS.toFixed(1)} s\n`);
    },
  });
  if (failed !== null) say(`${head(failed.run.seed, prepared)}${runText(failed.run, wallS())}`);
  return failed?.run ?? null;
}

/** A shorter list breaks the run when it fails in the way in which the whole one did. */
function shrink(failed: ScenarioRun, prepared: PreparedRun, say: (text: string) => void): readonly PlannedFault[] {
  const { seed } = failed;
  const { scenario, drawn } = prepared.ofSeed(seed);
  const all = drawn.flatMap(({ planned }) => planned);
  // A fault that is left out is not injected, and what only it brings about does not occur.
  const bare = { ...scenario, expect: { ...scenario.expect, reasons: [] } };
  const isBreach = failed.violations.length > 0;
  const breaks = (faults: readonly PlannedFault[]): boolean => {
    const run = runScenario({ site: prepared.site, scenario: bare, seed, faults });
    const broken = isBreach ? run.violations.length > 0 : run.failures.length > 0;
    say(`shrinking: ${faults.length} faults ${broken ? "still break it" : "do not"}\n`);
    return broken;
  };
  if (!isBreach && !breaks(all)) {
    say("nothing to shrink: what failed is that a reason or a fault never came\n");
    return all;
  }
  const { faults, runs } = shrinkFaults(all, breaks, { mostRuns: MOST_SHRINKING_RUNS });
  say(shrunkText(faults, { runs, of: all.length }));
  return faults;
}

function read(args: string[]): Asked {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...{ scenario: text, seed: text, seeds: text, hours: text, minutes: text },
      ...{ swarm: flag, shrink: flag, json: flag, wired: flag },
    },
  });
  const [folder, ...rest] = positionals;
  const { scenario = null, swarm, shrink: shrinks, json, wired } = values;
  if (folder === undefined || rest.length > 0) throw new Error("give one SITE");
  if (scenario === null && !swarm) throw new Error("which --scenario, or --swarm?");
  refuseTogether(values);
  const [firstSeed, lastSeed] = seedsOf(values.seeds ?? values.seed ?? "1");
  const times = { hours: hoursOf(values.hours), minutes: wired ? minutesOf(values.minutes) : null };
  return { folder, scenario, swarm, shrink: shrinks, json, wired, ...times, firstSeed, lastSeed };
}

interface Together {
  seed?: string | undefined;
  seeds?: string | undefined;
  hours?: string | undefined;
  minutes?: string | undefined;
  shrink: boolean;
  wired: boolean;
}

/** @throws Error for what cannot be asked for at once */
function refuseTogether({ seed, seeds, hours, minutes, shrink, wired }: Together): void {
  if (seed !== undefined && seeds !== undefined) throw new Error("--seed or --seeds, not both");
  if (minutes !== undefined && !wired) throw new Error("--minutes goes with --wired");
  if (wired && (seeds !== undefined || hours !== undefined || shrink))
    throw new Error("--wired runs one seed in real time: without --seeds, --hours and --shrink");
}

function seedsOf(text: string): [number, number] {
  const [, first, last = first] = /^(\d{1,9})(?:\.\.(\d{1,9}))?$/.exec(text) ?? [];
  if (first === undefined || Number(last) < Number(first)) throw new Error(`seeds are 7 or 1..200, not "${text}"`);
  return [Number(first), Number(last)];
}

function hoursOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const hours = Number(text);
  if (!(hours > 0 && hours <= 96)) throw new Error(`--hours takes a number up to 96, not "${text}"`);
  return hours;
}

function minutesOf(text: string | undefined): number {
  if (text === undefined) return WIRED_MINUTES;
  const minutes = Number(text);
  if (!(minutes * 60 >= SHORTEST_S && minutes <= MOST_WIRED_MINUTES))
    throw new Error(`--minutes takes a number from ${SHORTEST_S / 60} to ${MOST_WIRED_MINUTES}, not "${text}"`);
  return minutes;
}
