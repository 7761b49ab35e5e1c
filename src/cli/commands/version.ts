// `coline version`: says which release of Coline this is and on which Node it runs.
import { existsSync, readFileSync } from "node:fs";

export const summary = "print the versions of Coline and Node";

export async function run(_args: string[]): Promise<number> {
  process.stdout.write(`coline ${colineVersion()} (node ${process.version.slice(1)})\n`);
  return 0;
}

/** package.json is one folder higher seen from the build (dist/src/cli/commands) than from the sources. */
function colineVersion(): string {
  for (const up of ["../../../package.json", "../../../../package.json"]) {
    const file = new URL(up, import.meta.url);
    if (!existsSync(file)) continue;
    const { version } = JSON.parse(readFileSync(file, "utf8")) as { version: string };
    return version;
  }
  return "of unknown version";
}
