// What is wrong in a site's files: where, what, and what would be right.

export interface Problem {
  severity: "error" | "warning";
  /** File name inside the site's folder. */
  file: string;
  /** Both from 1. */
  line: number;
  column: number;
  /** `belts[0].gates[2].device`; empty: the file itself. */
  path: string;
  code: string;
  what: string;
  right: string;
}

export type Path = readonly (string | number)[];

export const pathText = (path: Path): string =>
  path.map((step, index) => (typeof step === "number" ? `[${step}]` : index === 0 ? step : `.${step}`)).join("");

/** One line a problem: `line.yaml:12:5: what; right: …`. */
export const problemText = (problem: Problem): string =>
  `${problem.file}:${problem.line}:${problem.column}: ${problem.severity === "warning" ? "warning: " : ""}` +
  `${problem.what}; right: ${problem.right}`;

/** Errors and warnings in the order of the files, then of the lines. */
export function inOrder(problems: readonly Problem[], files: readonly string[]): Problem[] {
  const rank = (problem: Problem) => files.indexOf(problem.file);
  return problems.toSorted((a, b) => rank(a) - rank(b) || a.line - b.line || a.column - b.column);
}
