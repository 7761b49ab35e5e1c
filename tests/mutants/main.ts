// `npm run mutants [-- --only NAME --seeds N --json]`: breaks the line in every listed way, and asks whether the simulator notices.
import { parseArgs } from "node:util";
import { MUTANTS } from "./catalogue/all.ts";
import { type Hunted, huntAll, MOST_SEEDS } from "./hunting.ts";
import { jsonOf, lineOf, tableText } from "./words.ts";

const usage = `usage: npm run mutants [-- --only NAME] [--seeds N] [--json]

  --only   a mutant's name, or a part of names; left out: all
  --seeds  at most so many for each, 1 to ${MOST_SEEDS}; what is not found by then counts as survived
  --json   what became of each, for programs, at the end; what a person reads goes to the error output then

Breaks the line in every listed way and asks whether the simulator notices.
Exit codes: 0 every mutant is caught, 1 not all, 2 used wrongly.
`;

if (process.argv.includes("--help") || process.argv.includes("-h")) {
  process.stdout.write(usage);
  process.exit(0);
}
const { values, mutants, mostSeeds } = asked();
const say = (text: string): void => void (values.json ? process.stderr : process.stdout).write(text);
const hunted = await huntAll(mutants, { mostSeeds, onHunted: (one) => say(`${lineOf(one, mostSeeds)}\n`) });
say(`\n${tableText(hunted, mostSeeds)}`);
if (values.json) process.stdout.write(`${JSON.stringify(hunted.map(jsonOf))}\n`);
process.exitCode = hunted.every(isCaught) ? 0 : 1;

/** Ends the process when nothing can be run. */
function asked() {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: "string", default: "" },
        seeds: { type: "string", default: String(MOST_SEEDS) },
        json: { type: "boolean", default: false },
      },
    });
    const mutants = MUTANTS.filter(({ name }) => name.includes(values.only));
    if (mutants.length === 0)
      throw new Error(`no mutant is named "${values.only}"; there are ${MUTANTS.map(nameOf).join(", ")}`);
    const mostSeeds = Number(values.seeds);
    if (!(Number.isInteger(mostSeeds) && mostSeeds >= 1 && mostSeeds <= MOST_SEEDS))
      throw new Error(`--seeds takes 1 to ${MOST_SEEDS}, not "${values.seeds}"`);
    return { values, mutants, mostSeeds };
  } catch (error) {
    process.stderr.write(`mutants: ${(error as Error).message}\n\n${usage}`);
    process.exit(2);
  }
}

function nameOf({ name }: { name: string }): string {
  return name;
}

function isCaught({ found, trouble }: Hunted): boolean {
  return found !== null && trouble === null;
}
