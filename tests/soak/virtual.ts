// Runs many seeds of the virtual line with drawn faults until one breaks the law, or does not sort again after them.
// `npm run soak:virtual -- --seeds 1..200 --site common-line`
import { parseArgs } from "node:util";
import { drawnFaults, exampleSite, judgedRun } from "../simulation/virtual-run.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "1..50" },
    parcels: { type: "string", default: "110" },
    site: { type: "string", default: "common-line" },
    /** Plain coils stay disarmed after a doubt until a person has tested them: no liveness is asked of them. */
    "safety-only": { type: "boolean", default: false },
  },
});
const [first = 1, last = first] = values.seeds.split("..").map(Number);
const site = exampleSite(values.site);
const totals = { seeds: 0, parcels: 0, due: 0, delivered: 0, missedAfterwards: 0 };

for (let seed = first; seed <= last; seed++) {
  const faults = drawnFaults(seed, site);
  const { run, report, breaches, missedAfterwards } = judgedRun({
    site,
    seed,
    parcels: Number(values.parcels),
    faults,
  });
  totals.seeds += 1;
  totals.parcels += report.parcels;
  totals.due += report.released.due;
  totals.delivered += report.released.delivered;
  totals.missedAfterwards += missedAfterwards.length;
  const { due, delivered } = report.released;
  const end = run.finished ? "" : " NOT FINISHED";
  process.stdout.write(`seed ${seed}  ${faults.map(({ kind }) => kind).join(" ")}  ${delivered}/${due}${end}\n`);
  const isLive = values["safety-only"] || (missedAfterwards.length === 0 && run.finished);
  if (report.findings.length === 0 && breaches === 0 && isLive) continue;
  const said = { seed, faults, findings: report.findings, breaches, missedAfterwards };
  process.stdout.write(`${JSON.stringify(said, null, 2)}\n`);
  process.exit(1);
}
process.stdout.write(`${JSON.stringify(totals)}\n`);
