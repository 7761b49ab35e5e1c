// Reads a scenario: by its name among those that come along, or a file; every problem at once, each with its place.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { nearestName } from "../../src/config/nearest-name.ts";
import { inOrder, type Problem } from "../../src/config/problem.ts";
import { schemaProblems } from "../../src/config/schema-problems.ts";
import { readYaml, unreadable, type YamlSource } from "../../src/config/yaml-source.ts";
import { judgeScenario } from "./judge-scenario.ts";
import type { PlantSite } from "./plant-site.ts";
import { scenarioJsonSchema } from "./published-scenario.ts";
import { type Scenario, scenarioSchema } from "./scenario-schema.ts";

export type LoadedScenario =
  | { ok: true; name: string; scenario: Scenario }
  | { ok: false; name: string; problems: Problem[] };

/** The build leaves data where the sources have it: beside this file, or in the package's own folder. */
const FOLDERS = [new URL("./", import.meta.url), new URL("../../../simulators/scenarios/", import.meta.url)];
const ENDING = ".yaml";

/** Names of the scenarios that come along. */
export function scenarioNames(): string[] {
  return readdirSync(folder())
    .filter((file) => file.endsWith(ENDING))
    .map((file) => file.slice(0, -ENDING.length))
    .sort();
}

/**
 * @param asked a name, or the path of a file
 * @param o.durationS instead of the scenario's own
 */
export function loadScenario(asked: string, site: PlantSite, o: { durationS?: number } = {}): LoadedScenario {
  const isName = /^[a-z0-9-]+$/.test(asked);
  const path = isName ? `${folder()}${asked}${ENDING}` : asked;
  if (existsSync(path)) return loadScenarioText(basename(path), readFileSync(path, "utf8"), { ...o, site });
  const meant = nearestName(asked, scenarioNames());
  const right = meant === null ? `a file, or one of ${scenarioNames().join(", ")}` : `"${meant}"`;
  const { problems } = unreadable(asked, isName ? `there is no scenario "${asked}"` : `there is no ${asked}`, right);
  return { ok: false, name: asked, problems };
}

/** @param file for the messages */
export function loadScenarioText(
  file: string,
  text: string,
  o: { site: PlantSite; durationS?: number },
): LoadedScenario {
  const name = file.endsWith(ENDING) ? file.slice(0, -ENDING.length) : file;
  const source = readYaml(file, text);
  if (source.problems.length > 0) return { ok: false, name, problems: source.problems };
  const read = scenarioSchema.safeParse(source.value ?? {});
  if (!read.success)
    return {
      ok: false,
      name,
      problems: ordered(schemaProblems(source, read.error.issues, scenarioJsonSchema()), source),
    };
  const scenario = o.durationS === undefined ? read.data : { ...read.data, durationS: o.durationS };
  const problems = judgeScenario(scenario, source, o.site);
  return problems.length > 0 ? { ok: false, name, problems: ordered(problems, source) } : { ok: true, name, scenario };
}

const ordered = (problems: readonly Problem[], { file }: YamlSource): Problem[] => inOrder(problems, [file]);

function folder(): string {
  const found = FOLDERS.map((url) => fileURLToPath(url)).find(
    (path) => existsSync(path) && readdirSync(path).some((file) => file.endsWith(ENDING)),
  );
  return found ?? fileURLToPath(FOLDERS[0] as URL);
}
