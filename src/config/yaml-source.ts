// One YAML file: its value, the place of every node in it, and what YAML itself finds wrong.
import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, parseDocument, visit, type YAMLMap } from "yaml";
import { type Path, type Problem, pathText } from "./problem.ts";

export interface YamlSource {
  file: string;
  /** Plain data; null where the text is no YAML or names something twice, so that nobody works on a guess. */
  value: unknown;
  problems: Problem[];
  /** Where the value at a path begins; what is missing is at its nearest ancestor, what is empty at its key. */
  valueAt(path: Path): { line: number; column: number };
  /** Where the key at a path begins. */
  keyAt(path: Path): { line: number; column: number };
  /** The text of a scalar as it was written, quotes included; null where there is none. */
  textAt(path: Path): string | null;
}

/** A site's files are some kilobytes; what is larger was not written by hand. */
const MAX_BYTES = 4 << 20;

export function readYaml(file: string, text: string): YamlSource {
  if (text.length > MAX_BYTES) {
    return unreadable(file, `it has ${text.length} characters`, `at most ${MAX_BYTES}: is this the right file?`);
  }
  const document = parseDocument(text, { prettyErrors: false, stringKeys: true });
  const at = placesIn(text);
  const problems: Problem[] = [...document.errors, ...document.warnings].map((error) => ({
    severity: "error",
    file,
    ...at(error.pos[0]),
    path: "",
    ...syntaxProblem(error.code, error.message, keyTextAt(text, error.pos[0])),
  }));
  visit(document, (_key, node) => {
    if (!isAlias(node)) return;
    problems.push({
      severity: "error",
      file,
      ...at(node.range?.[0] ?? 0),
      path: "",
      code: "CONFIG_YAML_ALIAS",
      what: `*${node.source} stands for something written elsewhere`,
      right: "the value itself: a site file says what it says where it says it",
    });
  });
  const root = document.contents as Node | null;
  return {
    file,
    value: problems.length > 0 ? null : document.toJS({ maxAliasCount: 0 }),
    problems,
    valueAt: (path) => {
      const { key, value } = nearest(root, path);
      const isEmpty = value?.range != null && value.range[0] === value.range[1];
      return at((isEmpty && key !== null ? key : value)?.range?.[0] ?? 0);
    },
    keyAt: (path) => {
      const { key, value } = nearest(root, path);
      return at((key ?? value)?.range?.[0] ?? 0);
    },
    textAt: (path) => {
      const range = exact(root, path)?.range;
      return range == null ? null : text.slice(range[0], range[1]);
    },
  };
}

/**
 * Line and column, from 1, of an offset; one behind the last character counts as that. The parser's own counter of lines
 * was seen to count some twice in a damaged file.
 */
function placesIn(text: string): (offset: number) => { line: number; column: number } {
  const last = text.trimEnd().length;
  const starts = [0];
  for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", end + 1)) starts.push(end + 1);
  return (offset) => {
    const place = Math.max(0, Math.min(offset, last));
    const line = starts.findLastIndex((start) => start <= place);
    return { line: line + 1, column: place - (starts[line] ?? 0) + 1 };
  };
}

/** A file that is not there or cannot be read at all. */
export function unreadable(file: string, what: string, right: string): YamlSource {
  const start = { line: 1, column: 1 };
  return {
    file,
    value: null,
    problems: [{ severity: "error", file, ...start, path: "", code: "CONFIG_FILE_UNREADABLE", what, right }],
    valueAt: () => start,
    keyAt: () => start,
    textAt: () => null,
  };
}

/** A problem at the value (or at the key) of a path. */
export function problemAt(
  source: YamlSource,
  path: Path,
  said: { code: string; what: string; right: string; severity?: Problem["severity"]; atKey?: boolean },
): Problem {
  const { severity = "error", atKey = false, code, what, right } = said;
  const place = atKey ? source.keyAt(path) : source.valueAt(path);
  return { severity, file: source.file, ...place, path: pathText(path), code, what, right };
}

function syntaxProblem(code: string, message: string, key: string): { code: string; what: string; right: string } {
  if (code === "DUPLICATE_KEY") {
    return { code: "CONFIG_DUPLICATE_KEY", what: `"${key}" stands here a second time`, right: "each key once" };
  }
  const first = message.split("\n")[0] ?? message;
  const hint = code === "TAB_AS_INDENT" ? "blanks for indentation, no tabs" : "YAML 1.2 that can be read in one way";
  return { code: "CONFIG_YAML_SYNTAX", what: first.replace(/[.;]$/, ""), right: hint };
}

const keyTextAt = (text: string, offset: number): string =>
  /^[^\s:,{}[\]]*/.exec(text.slice(offset, offset + 80))?.[0] ?? "";

/** The deepest node that exists on the path, with the key that leads to it when the whole path exists. */
function nearest(root: Node | null, path: Path): { key: Node | null; value: Node | null } {
  let value = root;
  let key: Node | null = null;
  for (const step of path) {
    const next = child(value, step);
    if (next === null) return { key: null, value };
    key = next.key;
    value = next.value ?? next.key ?? value;
  }
  return { key, value };
}

function exact(root: Node | null, path: Path): Node | null {
  let value = root;
  for (const step of path) value = child(value, step)?.value ?? null;
  return isScalar(value) ? value : null;
}

function child(node: Node | null, step: string | number): { key: Node | null; value: Node | null } | null {
  if (isSeq(node) && typeof step === "number") {
    const value = (node.items[step] ?? null) as Node | null;
    return value === null ? null : { key: null, value };
  }
  if (!isMap(node)) return null;
  const pair = (node as YAMLMap).items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
  return pair === undefined ? null : { key: pair.key as Node, value: (pair as Pair).value as Node | null };
}
