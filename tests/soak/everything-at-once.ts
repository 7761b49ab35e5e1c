// Runs many seeds of half an hour of everything at once, on all cores, and goes on after one that does not pass.
// `npm run soak:everything -- --seeds 1..1000 --hours 0.5`
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { runManySeeds } from "../../src/cli/simulate/many-seeds.ts";
import { FigureSum, type SeedOutcome } from "../../src/cli/simulate/outcome.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "1..1000" },
    hours: { type: "string", default: "0.5" },
    scenario: { type: "string", default: "everything-at-once" },
    site: { type: "string", default: fileURLToPath(new URL("../../config/sites/common-line", import.meta.url)) },
  },
});
/** Of the released and readable parcels of all seeds together. */
const LEAST_DELIVERED = 0.8;
const SAY_EVERY_MS = 10_000;

const [firstSeed = 1, lastSeed = firstSeed] = values.seeds.split("..").map(Number);
const wanted = lastSeed - firstSeed + 1;
const sum = new FigureSum({ scenario: values.scenario, firstSeed });
const beganMs = performance.now();
let saidMs = 0;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const wallS = (): number => (performance.now() - beganMs) / 1000;
const percent = (share: number | null): string => (share === null ? "none due" : `${(share * 100).toFixed(1)} %`);

await runManySeeds({
  asked: { folder: values.site, scenario: values.scenario, hours: Number(values.hours), minutes: null, swarm: false },
  ...{ firstSeed, lastSeed, goesOn: true },
  onOutcome(outcome) {
    sum.add(outcome);
    if (!outcome.run.passed) tell(outcome);
    if (performance.now() - saidMs < SAY_EVERY_MS && sum.seeds < wanted) return;
    saidMs = performance.now();
    const { parcels, deliveredShare, violations, failed } = sum.total(wallS(), null);
    const leftMin = (wallS() / sum.seeds) * ((wanted - sum.seeds) / 60);
    say(
      `${sum.seeds} of ${wanted} seeds, ${parcels} parcels, ${percent(deliveredShare)} delivered, ` +
        `${violations} violations, ${failed.length} seeds not passed; ${leftMin.toFixed(1)} min left`,
    );
  },
});

const { failed, ...figures } = sum.total(wallS(), null);
say(JSON.stringify({ ...figures, failedSeeds: failed.map(({ seed }) => seed) }, null, 2));
const share = figures.deliveredShare ?? 0;
if (share < LEAST_DELIVERED) say(`! ${percent(share)} delivered, ${percent(LEAST_DELIVERED)} wanted`);
if (failed.length > 0 || share < LEAST_DELIVERED) process.exitCode = 1;

/** With the story of the first of its findings. */
function tell({ run: { seed, failures, violations, missedAfterwards } }: SeedOutcome): void {
  const [first] = [...violations, ...missedAfterwards];
  for (const failure of failures) say(`! seed ${seed}: ${failure}`);
  if (first === undefined) return;
  const { rule, clause, detail } = first.finding;
  say(`! seed ${seed}: ${violations.length} violations; ${clause === 0 ? rule : `law ${clause} (${rule})`}: ${detail}`);
  for (const line of first.story) say(`    ${line}`);
}
