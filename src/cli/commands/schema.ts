// `coline schema [FOLDER]`: writes the JSON Schemas of a site's files, and the configuration reference made from them.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { publishedScenario } from "../../../simulators/scenarios/published-scenario.ts";
import { publishedFiles } from "../../config/published-files.ts";
import { runAsked } from "../run-asked.ts";

export const summary = "write the JSON Schemas of a site's files and of scenarios, and the configuration reference";

const usage = `usage: coline schema [FOLDER]

  FOLDER   where config/schemas and docs/reference are written (default: the working folder)
`;

export const run = (args: string[]): Promise<number> => runAsked(args, { name: "schema", usage, read, run: write });

function read([folder = ".", ...more]: string[]): string {
  if (more.length > 0 || folder.startsWith("-")) throw new Error("give one FOLDER at the most");
  return folder;
}

function write(folder: string): number {
  for (const { path, text } of [...publishedFiles(), publishedScenario()]) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
    process.stdout.write(`${target}\n`);
  }
  return 0;
}
