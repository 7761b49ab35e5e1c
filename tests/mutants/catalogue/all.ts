// All mutants, clause by clause.
import type { Mutant } from "../mutant.ts";
import { clause1 } from "./clause-1.ts";
import { clause2 } from "./clause-2.ts";
import { clause3 } from "./clause-3.ts";
import { clause4 } from "./clause-4.ts";
import { clause5 } from "./clause-5.ts";
import { clause6 } from "./clause-6.ts";
import { clause7 } from "./clause-7.ts";
import { clause8 } from "./clause-8.ts";
import { clause9 } from "./clause-9.ts";
import { clause10 } from "./clause-10.ts";
import { tracking } from "./tracking.ts";

export const MUTANTS: readonly Mutant[] = [
  ...[clause1, clause2, clause3, clause4, clause5, clause6, clause7, clause8, clause9, clause10].flat(),
  ...tracking,
];

/** @throws for a name that no mutant has */
export function mutantNamed(name: string): Mutant {
  const found = MUTANTS.find((mutant) => mutant.name === name);
  if (found === undefined) throw new RangeError(`no mutant is named ${name}`);
  return found;
}
