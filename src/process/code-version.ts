// Which release of Coline this code is; it stands in every run's first journal entry.
import { existsSync, readFileSync } from "node:fs";

/** package.json is one folder higher seen from the build (dist/src/process) than from the sources. */
export function codeVersion(): string {
  for (const up of ["../../package.json", "../../../package.json"]) {
    const file = new URL(up, import.meta.url);
    if (!existsSync(file)) continue;
    const { version } = JSON.parse(readFileSync(file, "utf8")) as { version: string };
    return version;
  }
  throw new Error("package.json of Coline is missing: the installation is incomplete");
}
