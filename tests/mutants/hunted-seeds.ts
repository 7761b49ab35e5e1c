// What a process that hunts is told, and what it tells.
export interface HuntAsked {
  /** Null: the product as it is. */
  mutant: string | null;
  hunt: string;
  seeds: readonly number[];
  /** A mutant is found once; the product runs them all. */
  stopsAtFirst: boolean;
}

export interface HuntedSeed {
  seed: number;
  /** The rule of the checker that spoke first; null: none did. */
  checker: string | null;
  /** 0: no clause of the law, the line did not sort. */
  clause: number;
  detail: string;
  /** What else the scenario expected and did not come. */
  failures: readonly string[];
}

export type FromHunt =
  | { kind: "seed"; hunted: HuntedSeed }
  /** All seeds were run, or the first was found. */
  | { kind: "done" }
  | { kind: "trouble"; message: string };
