// What the hunt says of each mutant: found by which checker and after how many seeds, or that it survived.
import { textTable } from "../../src/cli/text-table.ts";
import { type Hunted, MOST_SEEDS } from "./hunting.ts";

export function outcomeOf({ found, trouble }: Hunted, mostSeeds = MOST_SEEDS): string {
  if (trouble !== null) return `BROKEN: ${trouble}`;
  return found === null ? `SURVIVED ${seeds(mostSeeds)}` : `${found.checker}, ${seeds(found.seed)}`;
}

export const lineOf = (hunted: Hunted, mostSeeds = MOST_SEEDS): string =>
  `${hunted.mutant.name}: ${outcomeOf(hunted, mostSeeds)}`;

export function tableText(hunted: readonly Hunted[], mostSeeds = MOST_SEEDS): string {
  const rows = hunted.map((one) => [
    String(one.mutant.clause),
    one.mutant.name,
    one.mutant.does,
    outcomeOf(one, mostSeeds),
  ]);
  const caught = hunted.filter(({ found, trouble }) => found !== null && trouble === null).length;
  const titles = ["clause", "mutant", "what it does", "caught by"];
  const table = textTable(
    titles.map((title) => ({ title })),
    rows,
  );
  return `${table.join("\n")}\n${caught} of ${hunted.length} mutants were caught\n`;
}

export const jsonOf = ({ mutant, found, trouble }: Hunted) => ({
  clause: mutant.clause,
  mutant: mutant.name,
  does: mutant.does,
  hunt: mutant.hunt,
  caughtBy: found?.checker ?? null,
  findingClause: found?.clause ?? null,
  detail: found?.detail ?? null,
  seeds: found?.seed ?? null,
  trouble,
});

const seeds = (count: number): string => (count === 1 ? "1 seed" : `${count} seeds`);
