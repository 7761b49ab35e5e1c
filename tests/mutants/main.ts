// `npm run mutants [-- --only NAME --seeds N --json]`: breaks the line in every listed way, and asks whether the simulator notices.
import { parseArgs } from "node:util";
import { MUTANTS } from "./catalogue/all.ts";
import { type Hunted, huntAll, MOST_SEEDS } from "./hunting.ts";
import { jsonOf, lineOf, tableText } from "./words.ts";

const { values } = parseArgs({
  options: {
    /** A name, or a part of names. */
    only: { type: "string", default: "" },
    /** Fewer than all, for a first look: what is not found by then counts as survived. */
    seeds: { type: "string", default: String(MOST_SEEDS) },
    json: { type: "boolean", default: false },
  },
});
const mutants = MUTANTS.filter(({ name }) => name.includes(values.only));
if (mutants.length === 0) {
  process.stderr.write(`mutants: no mutant is named "${values.only}"; there are ${MUTANTS.map(nameOf).join(", ")}\n`);
  process.exit(2);
}
const mostSeeds = Number(values.seeds);
if (!(Number.isInteger(mostSeeds) && mostSeeds >= 1 && mostSeeds <= MOST_SEEDS)) {
  process.stderr.write(`mutants: --seeds takes 1 to ${MOST_SEEDS}, not "${values.seeds}"\n`);
  process.exit(2);
}
const say = (text: string): void => void (values.json ? process.stderr : process.stdout).write(text);
const hunted = await huntAll(mutants, { mostSeeds, onHunted: (one) => say(`${lineOf(one, mostSeeds)}\n`) });
say(`\n${tableText(hunted, mostSeeds)}`);
if (values.json) process.stdout.write(`${JSON.stringify(hunted.map(jsonOf))}\n`);
process.exitCode = hunted.every(isCaught) ? 0 : 1;

function nameOf({ name }: { name: string }): string {
  return name;
}

function isCaught({ found, trouble }: Hunted): boolean {
  return found !== null && trouble === null;
}
