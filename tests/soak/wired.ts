// Runs every scenario on the wired line, shortened, and prints beside each other what the virtual and the wired line say.
// `npm run soak:wired -- --minutes 1.5 --seed 1 --only plc-frozen,cable-cut --site config/sites/common-line`
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { scenarioNames } from "../../simulators/scenarios/load-scenario.ts";
import type { WiredFigures } from "../../src/cli/simulate/wired/wired-words.ts";
import { textTable } from "../../src/cli/text-table.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "1.5" },
    seed: { type: "string", default: "1" },
    /** Names, separated by commas; left out: all. */
    only: { type: "string" },
    site: { type: "string", default: "config/sites/common-line" },
  },
});
const root = fileURLToPath(new URL("../../", import.meta.url));
const names = values.only?.split(",") ?? scenarioNames();
const rows: string[][] = [];
let failed = 0;

for (const name of names) {
  process.stderr.write(`\n=== ${name}\n`);
  const times = ["--minutes", values.minutes, "--seed", values.seed];
  const args = ["src/cli/main.ts", "simulate", values.site, "--scenario", name, "--wired", ...times, "--json"];
  const { status, stdout } = spawnSync(process.execPath, args, {
    ...{ cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] },
  });
  if (status !== 0) failed += 1;
  const last = stdout.trim().split("\n").at(-1) ?? "";
  rows.push(last.startsWith("{") ? rowOf(JSON.parse(last) as WiredFigures) : [name, "", "did not run"]);
}

const columns = ["scenario", "virtual", "wired", "parcels", "late", "reasons"].map((title) => ({ title }));
process.stdout.write(
  `\n${textTable(columns, rows).join("\n")}\n${names.length - failed} of ${names.length} the same\n`,
);
process.exitCode = failed === 0 ? 0 : 1;

function rowOf({ scenario, verdict, parcels, late, comparison, failures }: WiredFigures): string[] {
  const equal = comparison.reduce((sum, kind) => sum + kind.equal.length, 0);
  const reasons = failures.length === 0 ? `equal (${equal})` : failures.join("; ");
  return [scenario, verdict.virtual, verdict.wired, String(parcels), String(late), reasons];
}
