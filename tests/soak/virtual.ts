// Many seeds of the virtual line with drawn faults: `npm run soak:virtual -- --seeds 1..200`; stops at the first violation.
import { parseArgs } from "node:util";
import { drawnFaults, exampleSite, judgedRun } from "../simulation/virtual-run.ts";

const { values } = parseArgs({
  options: { seeds: { type: "string", default: "1..50" }, parcels: { type: "string", default: "60" } },
});
const [first = 1, last = first] = values.seeds.split("..").map(Number);
const site = exampleSite("common-line");
const totals = { seeds: 0, parcels: 0, due: 0, delivered: 0, unfinished: 0, breachAlarms: 0 };

for (let seed = first; seed <= last; seed++) {
  const faults = drawnFaults(seed);
  const { run, report, breaches } = judgedRun({ site, seed, parcels: Number(values.parcels), faults });
  totals.seeds += 1;
  totals.parcels += report.parcels;
  totals.due += report.released.due;
  totals.delivered += report.released.delivered;
  totals.unfinished += run.finished ? 0 : 1;
  totals.breachAlarms += breaches;
  const { due, delivered } = report.released;
  const end = run.finished ? "" : " NOT FINISHED";
  process.stdout.write(`seed ${seed}  ${faults.map(({ kind }) => kind).join(" ")}  ${delivered}/${due}${end}\n`);
  if (report.findings.length === 0) continue;
  process.stdout.write(`${JSON.stringify({ seed, faults, findings: report.findings }, null, 2)}\n`);
  process.exit(1);
}
process.stdout.write(`${JSON.stringify(totals)}\n`);
