// A mutant: one wrong idea about the law, written as exact replacements in the product's sources, and where it must show.
import type { HuntName } from "./hunts.ts";

export type Clause = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | "tracking";

export const CLAUSES: readonly Clause[] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, "tracking"];

export interface Edit {
  /** From the root of the repository. */
  file: string;
  /** Stands exactly once in the file. */
  from: string;
  to: string;
}

export interface Mutant {
  /** Unique, kebab-case. */
  name: string;
  clause: Clause;
  /** What the line does wrong, in a sentence. */
  does: string;
  edits: readonly Edit[];
  /** The runs that must find it. */
  hunt: HuntName;
  /** Found within seconds: `COLINE_LONG` takes all of these, every test run those of one hunt. */
  isInSlice?: boolean;
}
