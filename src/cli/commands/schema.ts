// `coline schema [FOLDER]`: writes the JSON Schemas of a site's files, and the configuration reference made from them.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { publishedScenario } from "../../../simulators/scenarios/published-scenario.ts";
import { publishedFiles } from "../../config/published-files.ts";

export const summary = "write the JSON Schemas of a site's files and of scenarios, and the configuration reference";

const usage = `usage: coline schema [FOLDER]

  FOLDER   where config/schemas and docs/reference are written (default: the working folder)
`;

export async function run(args: string[]): Promise<number> {
  const [folder = ".", ...rest] = args;
  if (folder === "--help" || folder === "-h") {
    process.stdout.write(usage);
    return 0;
  }
  if (rest.length > 0 || folder.startsWith("-")) {
    process.stderr.write(usage);
    return 2;
  }
  for (const { path, text } of [...publishedFiles(), publishedScenario()]) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
    process.stdout.write(`${target}\n`);
  }
  return 0;
}
