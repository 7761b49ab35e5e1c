// Turns what the schema finds wrong into problems with a place, the value that is there, and what would be right.
import type { z } from "zod";
import { nearestName } from "./nearest-name.ts";
import type { Path, Problem } from "./problem.ts";
import { expectation, type JsonSchema, schemasAt } from "./published-schema.ts";
import { problemAt, type YamlSource } from "./yaml-source.ts";

type Issue = z.core.$ZodIssue;

export function schemaProblems(source: YamlSource, issues: readonly Issue[], root: JsonSchema): Problem[] {
  return issues.flatMap((issue) => fromIssue(source, issue, root));
}

function fromIssue(source: YamlSource, issue: Issue, root: JsonSchema): Problem[] {
  const path = issue.path.filter((step) => typeof step !== "symbol");
  const value = valueAt(source.value, path);
  const name = nameOf(path);
  const schemas = schemasAt(root, path);
  const right = expectation(schemas);
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey(source, path, key, root));
  if (issue.code === "custom") {
    return [
      problemAt(source, path, { code: "CONFIG_WRONG_VALUE", what: `${name} cannot be so`, right: issue.message }),
    ];
  }
  if (issue.code === "invalid_key") {
    return [problemAt(source, path, { code: "CONFIG_WRONG_VALUE", what: `${name} has an empty key`, right: "a name" })];
  }
  if (value === undefined) {
    return [
      problemAt(source, path, { code: "CONFIG_MISSING_KEY", what: `${name} is missing`, right: `${name}: ${right}` }),
    ];
  }
  const written = source.textAt(path);
  const fitsQuoted = schemas.some(({ pattern }) => pattern === undefined || new RegExp(pattern).test(written ?? ""));
  return [problemAt(source, path, wrongValue(issue, { name, value, right, written, fitsQuoted }))];
}

function wrongValue(
  issue: Issue,
  found: { name: string; value: unknown; right: string; written: string | null; fitsQuoted: boolean },
): { code: string; what: string; right: string } {
  const { name, value, right, written, fitsQuoted } = found;
  const shown = written === "" ? "left empty" : (written ?? shortly(value));
  switch (issue.code) {
    case "too_small":
    case "too_big":
      return { code: "CONFIG_OUT_OF_RANGE", what: `${name} is ${sizeOf(value, shown)}`, right };
    case "invalid_type":
      // YAML reads 012, 1e3, true and null as something else than the text that was meant.
      if (issue.expected === "string" && isPlain(value) && written !== null && written !== "") {
        const what = `${name} is ${written}, which YAML reads as ${kindOf(value)}`;
        return { code: "CONFIG_NOT_TEXT", what, right: fitsQuoted ? `"${written}", in quotes` : right };
      }
      return { code: "CONFIG_WRONG_TYPE", what: `${name} is ${shown}`, right };
    default:
      return { code: "CONFIG_WRONG_VALUE", what: `${name} is ${shown}`, right };
  }
}

function unknownKey(source: YamlSource, path: Path, key: string, root: JsonSchema): Problem {
  const variant = variantOf(schemasAt(root, path), valueAt(source.value, path));
  const known = [...new Set(variant.flatMap((schema) => Object.keys(schema.properties ?? {})))];
  const meant = nearestName(key, known);
  return problemAt(source, [...path, key], {
    code: "CONFIG_UNKNOWN_KEY",
    what: `"${key}" is no key of ${path.length === 0 ? "this file" : nameOf(path)}`,
    right: meant === null ? `one of ${known.join(", ")}` : `"${meant}"`,
    atKey: true,
  });
}

/** Of a union, the variant whose constants (such as `kind`) are the value's own. */
function variantOf(schemas: JsonSchema[], value: unknown): JsonSchema[] {
  const fits = schemas.filter((schema) =>
    Object.entries(schema.properties ?? {}).every(
      ([key, { const: wanted }]) => wanted === undefined || wanted === (value as Record<string, unknown> | null)?.[key],
    ),
  );
  return fits.length > 0 ? fits : schemas;
}

/** The last name on a path, with its place in a list: `gates[2]`, `speedMmPerS`. */
export function nameOf(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return "the file";
  return typeof last === "number" ? `${path.at(-2) ?? ""}[${last}]` : last;
}

export function valueAt(value: unknown, path: Path): unknown {
  let here = value;
  for (const step of path) here = (here as Record<string | number, unknown> | null | undefined)?.[step];
  return here;
}

const isPlain = (value: unknown): boolean => value === null || typeof value === "number" || typeof value === "boolean";

const kindOf = (value: unknown): string => (value === null ? "nothing" : `the ${typeof value} ${String(value)}`);

function sizeOf(value: unknown, shown: string): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return shown;
}

function shortly(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (value !== null && typeof value === "object") return "a map";
  return JSON.stringify(value) ?? "nothing";
}
