// `coline version`: says which release of Coline this is and on which Node it runs.
import { codeVersion } from "../../process/code-version.ts";

export const summary = "print the versions of Coline and Node";

export async function run(_args: string[]): Promise<number> {
  process.stdout.write(`coline ${codeVersion()} (node ${process.version.slice(1)})\n`);
  return 0;
}
