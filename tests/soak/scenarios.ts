// Runs every scenario for long, with many seeds, each as `coline simulate` does, until one does not pass.
// `npm run soak:scenarios -- --hours 1 --seeds 1..8 --site config/sites/common-line`
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { scenarioNames } from "../../simulators/scenarios/load-scenario.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "1..8" },
    /** Left out: each scenario's own duration. */
    hours: { type: "string" },
    site: { type: "string", default: "config/sites/common-line" },
  },
});
const root = fileURLToPath(new URL("../../", import.meta.url));
const hours = values.hours === undefined ? [] : ["--hours", values.hours];

for (const name of [...scenarioNames(), "swarm"]) {
  const what = name === "swarm" ? ["--swarm"] : ["--scenario", name];
  const args = ["src/cli/main.ts", "simulate", values.site, ...what, "--seeds", values.seeds, ...hours, "--shrink"];
  process.stdout.write(`\n=== ${name}\n`);
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
